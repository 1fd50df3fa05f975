package walnut.server.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import walnut.server.security.Caller;

/** Takes readers' reviews of predictions in and tells them. Methods may block. */
public interface Reviews {

    /**
     * Stores a review as the newest of its prediction.
     *
     * @throws walnut.failure.WalnutException NOT_FOUND; REVIEW_INVALID where it contradicts the prediction or itself;
     *     PREDICTION_SUPERSEDED where another prediction stands by now; REVIEW_SUPERSEDED where a review came that this
     *     reader has not seen. Nothing is stored then, and a draft stays
     */
    Review submit(String predictionId, ReviewSubmission submission, Caller reviewer);

    /** Every review of a case, whichever prediction it was of, newest first. */
    List<Review> ofCase(String caseId);

    /** Every review of a prediction, the one that stands first. */
    List<Review> ofPrediction(String predictionId);

    /** The caller's newest draft on a case, also one on an earlier prediction. */
    Optional<ReviewDraft> draftOfCase(String caseId, Caller reviewer);

    Optional<ReviewDraft> draft(String predictionId, Caller reviewer);

    /** Keeps a draft in the place of the caller's earlier one. */
    ReviewDraft keepDraft(String predictionId, Map<String, String> fields, Caller reviewer);

    void discardDraft(String predictionId, Caller reviewer);
}
