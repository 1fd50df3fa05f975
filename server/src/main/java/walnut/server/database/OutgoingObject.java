package walnut.server.database;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One object on its way to one destination.
 *
 * @param position its place in the order of sending: pages before the report
 * @param file its bytes, relative to the folder of results
 * @param lastAnswer what the destination said last, or why it could not be asked; null before the first attempt
 */
public record OutgoingObject(
        String destination,
        String sopInstanceUid,
        String predictionId,
        int position,
        String file,
        State state,
        int attempts,
        Instant nextAttemptAt,
        @Nullable String lastAnswer,
        Instant createdAt,
        Instant updatedAt) {

    public enum State {
        /** Still to be sent, now or after a pause. */
        PENDING,
        DELIVERED,
        /** The destination will not take it, or was tried for too long: an operator must look. */
        PARKED
    }
}
