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
import walnut.server.database.OutboxTable;
import walnut.server.database.OutgoingObject;

/** What an operator may ask of the way out, and do to it. */
public final class DeliveryDesk implements Delivery {
    private final OutboxTable table;
    private final Map<String, Destination> destinations;
    private final DimseClient client;
    private final Clock clock;

    public DeliveryDesk(OutboxTable table, Map<String, Destination> destinations, DimseClient client, Clock clock) {
        this.table = table;
        this.destinations = destinations;
        this.client = client;
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
        if (objects == 0) {
            throw new WalnutException(
                    FailureCode.NOT_FOUND,
                    "nothing of prediction " + predictionId + " was ever to be sent"
                            + (destination == null ? "" : " to " + destination));
        }
        return objects;
    }

    @Override
    public void hold(String destination, String actor, String reason) {
        known(destination);
        if (actor.isBlank() || reason.isBlank()) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "a hold needs a name (actor) and a reason");
        }
        table.hold(destination, actor, reason, clock.instant());
    }

    @Override
    public void release(String destination) {
        known(destination);
        table.release(destination);
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
