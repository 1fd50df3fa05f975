package walnut.server.reviews;

import java.util.List;
import java.util.Optional;
import walnut.server.api.Review;
import walnut.server.api.ReviewDraft;

/** Where reviews are kept. They are only ever added; drafts are replaced. */
public interface ReviewStore {

    /**
     * Adds a review as the newest of its prediction and drops its reviewer's draft, all or nothing, unless the same
     * submission was stored before.
     *
     * @param review its {@code version} is one above the version that the reviewer has seen
     * @return the review as it stands: this one, or the equal one that was there
     * @throws walnut.failure.WalnutException PREDICTION_SUPERSEDED or REVIEW_SUPERSEDED; nothing is changed then
     */
    Review add(Review review);

    /** Newest first. */
    List<Review> ofCase(String caseId);

    /** Newest first. */
    List<Review> ofPrediction(String predictionId);

    /** Of every prediction of a model: reviews, newest first. */
    List<Review> ofModel(String modelId);

    /** Whether somebody has reviewed a prediction of the case: then no late image supersedes in silence. */
    boolean isReviewed(String caseId);

    Optional<ReviewDraft> draft(String predictionId, String reviewer);

    Optional<ReviewDraft> draftOfCase(String caseId, String reviewer);

    void keepDraft(ReviewDraft draft);

    void discardDraft(String predictionId, String reviewer);
}
