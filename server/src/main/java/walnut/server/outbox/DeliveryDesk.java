package walnut.server.outbox;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import walnut.dicom.net.scu.Destination;
import walnut.dicom.net.scu.DimseClient;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.api.Delivery;
import walnut.server.api.NamedReason;
import walnut.server.database.OutboxTable;
import walnut.server.database.OutgoingObject;

/** What an operator may ask of the way out, and do to it. */
public final class DeliveryDesk implements Delivery {
    private final OutboxTable table;
    private final Map<String, Destination> destinations;
    private final DimseClient client;
    private final Runnable wake;
    private final Clock clock;

    /** @param wake called when there may be something to send at once */
    public DeliveryDesk(
            OutboxTable table, Map<String, Destination> destinations, DimseClient client, Runnable wake, Clock clock) {
        this.table = table;
        this.destinations = destinations;
        this.client = client;
        this.wake = wake;
        this.clock = clock;
    }

    @Override
    public List<DestinationReport> destinations() {
        return destinations.entrySet().stream()
                .map(entry -> report(entry.getKey(), entry.getValue()))
                .toList();
    }

    private DestinationReport report(String name, Destination destination) {
        Map<OutgoingObject.State, Long> counts = table.countByState(name);
        return new DestinationReport(
                name,
                destination.toString(),
                table.holdOf(name).orElse(null),
                counts.getOrDefault(OutgoingObject.State.PENDING, 0L),
                counts.getOrDefault(OutgoingObject.State.DELIVERED, 0L),
                counts.getOrDefault(OutgoingObject.State.PARKED, 0L));
    }

    @Override
    public List<OutgoingReport> unfinished(int limit) {
        return table.unfinished(limit).stream().map(DeliveryDesk::report).toList();
    }

    @Override
    public List<OutgoingReport> ofPrediction(String predictionId) {
        return table.ofPrediction(predictionId).stream()
                .map(DeliveryDesk::report)
                .toList();
    }

    private static OutgoingReport report(OutgoingObject object) {
        return new OutgoingReport(
                object.destination(),
                object.predictionId(),
                object.sopInstanceUid(),
                object.state().name(),
                object.attempts(),
                object.nextAttemptAt(),
                object.lastAnswer());
    }

    @Override
    public int resend(String predictionId, @Nullable String destination) {
        if (destination != null) {
            known(destination);
        }
        int objects = table.resend(predictionId, destination, clock.instant());
        if (objects == 0 && !table.letGo(predictionId, clock.instant())) {
            throw new WalnutException(
                    FailureCode.NOT_FOUND,
                    "nothing of prediction " + predictionId + " was ever to be sent"
                            + (destination == null ? "" : " to " + destination));
        }
        wake.run();
        return objects;
    }

    @Override
    public void hold(String destination, String actor, String reason) {
        known(destination);
        NamedReason given = new NamedReason(actor, reason);
        table.hold(destination, given.actor(), given.reason(), clock.instant());
    }

    @Override
    public void release(String destination) {
        known(destination);
        table.release(destination);
        wake.run();
    }

    @Override
    public CompletionStage<Duration> echo(String destination) {
        return client.echo(known(destination)).toCompletionStage();
    }

    private Destination known(String name) {
        Destination destination = destinations.get(name);
        if (destination == null) {
            throw new WalnutException(
                    FailureCode.NOT_FOUND,
                    "no destination is called " + name + "; known are " + String.join(", ", destinations.keySet()));
        }
        return destination;
    }
}
