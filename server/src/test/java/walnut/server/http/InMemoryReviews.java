package walnut.server.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.api.Review;
import walnut.server.api.ReviewDraft;
import walnut.server.reviews.ReviewStore;

/** Reviews in memory, with the rules of the table: one version after the other, a draft goes with its review. */
final class InMemoryReviews implements ReviewStore {
    private final List<Review> reviews = new ArrayList<>();
    private final List<ReviewDraft> drafts = new ArrayList<>();

    @Override
    public synchronized Review add(Review review) {
        Optional<Review> same = reviews.stream()
                .filter(stored -> review.submissionId() != null
                        && review.submissionId().equals(stored.submissionId())
                        && stored.saysTheSameAs(review))
                .findFirst();
        if (same.isPresent()) {
            return same.get();
        }
        if (ofPrediction(review.predictionId()).size() != review.version() - 1) {
            throw new WalnutException(FailureCode.REVIEW_SUPERSEDED, "this prediction was reviewed meanwhile");
        }
        reviews.add(0, review);
        discardDraft(review.predictionId(), review.reviewer());
        return review;
    }

    @Override
    public List<Review> ofCase(String caseId) {
        return where(review -> review.caseId().equals(caseId));
    }

    @Override
    public List<Review> ofPrediction(String predictionId) {
        return where(review -> review.predictionId().equals(predictionId));
    }

    @Override
    public synchronized List<Review> ofModel(String modelId) {
        return List.copyOf(reviews);
    }

    @Override
    public boolean isReviewed(String caseId) {
        return !ofCase(caseId).isEmpty();
    }

    private synchronized List<Review> where(Predicate<Review> condition) {
        return reviews.stream().filter(condition).toList();
    }

    @Override
    public synchronized Optional<ReviewDraft> draft(String predictionId, String reviewer) {
        return drafts.stream()
                .filter(draft -> draft.predictionId().equals(predictionId)
                        && draft.reviewer().equals(reviewer))
                .findFirst();
    }

    /** Predictions of the hospital are named after their case. */
    @Override
    public synchronized Optional<ReviewDraft> draftOfCase(String caseId, String reviewer) {
        return drafts.stream()
                .filter(draft -> draft.predictionId().substring(1).equals(caseId.substring(1))
                        && draft.reviewer().equals(reviewer))
                .max(Comparator.comparing(ReviewDraft::savedAt));
    }

    @Override
    public synchronized void keepDraft(ReviewDraft draft) {
        discardDraft(draft.predictionId(), draft.reviewer());
        drafts.add(draft);
    }

    @Override
    public synchronized void discardDraft(String predictionId, String reviewer) {
        drafts.removeIf(draft ->
                draft.predictionId().equals(predictionId) && draft.reviewer().equals(reviewer));
    }
}
