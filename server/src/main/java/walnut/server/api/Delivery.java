package walnut.server.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What leaves the node, for an operator. Methods may block. */
public interface Delivery {

    List<DestinationReport> destinations();

    /** What waits or was given up, newest first. */
    List<OutgoingReport> unfinished(int limit);

    List<OutgoingReport> ofPrediction(String predictionId);

    /**
     * Sends a prediction's objects again, delivered ones too; or lets go one that waits since images came after a review.
     *
     * @param destination null for all
     * @return how many objects that are; 0 where they are still to be written
     */
    int resend(String predictionId, @Nullable String destination);

    void hold(String destination, String actor, String reason);

    void release(String destination);

    /** C-ECHO: how long the destination took to answer; fails with the reason it did not. */
    CompletionStage<Duration> echo(String destination);

    /** @param held why an operator holds it; null where it is not held */
    record DestinationReport(
            String name, String address, @Nullable String held, long pending, long delivered, long parked) {}

    /** @param answer what the destination said last; null before the first attempt */
    record OutgoingReport(
            String destination,
            String predictionId,
            String sopInstanceUid,
            String state,
            int attempts,
            Instant nextAttemptAt,
            @Nullable String answer) {}
}
