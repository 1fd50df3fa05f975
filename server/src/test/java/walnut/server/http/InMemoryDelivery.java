package walnut.server.http;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.api.Delivery;

/** One destination that answers, with one object that it refused. */
final class InMemoryDelivery implements Delivery {
    static final String PACS = "PACS";

    private volatile @Nullable String held;

    @Override
    public List<DestinationReport> destinations() {
        return List.of(new DestinationReport(PACS, "ARCHIVE@127.0.0.1:104", held, 0, 12, 1));
    }

    @Override
    public List<OutgoingReport> unfinished(int limit) {
        return List.of(new OutgoingReport(
                PACS,
                "p1",
                "2.25.1",
                "PARKED",
                1,
                Instant.parse("2026-11-22T01:00:00Z"),
                "PEER_REFUSED_INSTANCE: A900H"));
    }

    @Override
    public List<OutgoingReport> ofPrediction(String predictionId) {
        return unfinished(1);
    }

    @Override
    public int resend(String predictionId, @Nullable String destination) {
        return 3;
    }

    @Override
    public void hold(String destination, String actor, String reason) {
        known(destination);
        held = reason;
    }

    @Override
    public void release(String destination) {
        known(destination);
        held = null;
    }

    @Override
    public CompletionStage<Duration> echo(String destination) {
        known(destination);
        return CompletableFuture.completedFuture(Duration.ofMillis(3));
    }

    private static void known(String destination) {
        if (!destination.equals(PACS)) {
            throw new WalnutException(FailureCode.NOT_FOUND, "no destination is called " + destination);
        }
    }
}
