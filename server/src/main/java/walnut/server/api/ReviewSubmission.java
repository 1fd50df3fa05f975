package walnut.server.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A review as a reader hands it in, its form checked.
 *
 * @param version of the newest review of this prediction that the reader has seen, 0 for none: a newer one makes it a
 *     conflict
 * @param submissionId made by the sender; the same handed in twice, because an answer was lost, is stored once
 * @param piRads the reader's own PI-RADS v2.1 category of the case, 1 to 5; null where none was given
 * @param candidates those that the reader judged by themselves; empty for "as it is"
 * @param secondsSpent how long the reader took; null where nobody measured
 */
public record ReviewSubmission(
        int version,
        @Nullable String submissionId,
        ReviewDecision decision,
        ReviewReason reason,
        @Nullable Integer piRads,
        List<ReviewedCandidate> candidates,
        @Nullable String comment,
        @Nullable Integer secondsSpent) {
    public ReviewSubmission {
        candidates = List.copyOf(candidates);
    }
}
