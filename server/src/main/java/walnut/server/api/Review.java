package walnut.server.api;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stored review. Reviews are only ever added: a later one of the same prediction supersedes, and both are kept. The
 * prediction itself is never touched.
 *
 * @param version 1 for a prediction's first review, and so on; the highest stands
 * @param supersedes the review that this one took the place of; null for the first
 * @param role that the reviewer signed with; null where the node knew no roles
 */
public record Review(
        String reviewId,
        String caseId,
        String predictionId,
        int version,
        @Nullable String supersedes,
        String reviewer,
        @Nullable String role,
        Instant reviewedAt,
        @Nullable String submissionId,
        ReviewDecision decision,
        ReviewReason reason,
        @Nullable Integer piRads,
        List<ReviewedCandidate> candidates,
        @Nullable String comment,
        @Nullable Integer secondsSpent) {
    public Review {
        candidates = List.copyOf(candidates);
    }

    /** Whether both say the same of the same prediction, apart from who stored them when. */
    public boolean saysTheSameAs(Review other) {
        return predictionId.equals(other.predictionId)
                && decision == other.decision
                && reason == other.reason
                && Objects.equals(piRads, other.piRads)
                && candidates.equals(other.candidates)
                && Objects.equals(comment, other.comment);
    }
}
