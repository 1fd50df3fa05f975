package walnut.server.reviews;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.api.CandidateVerdict;
import walnut.server.api.PredictionDocument;
import walnut.server.api.PredictionRecord;
import walnut.server.api.Review;
import walnut.server.api.ReviewDecision;
import walnut.server.api.ReviewDraft;
import walnut.server.api.ReviewReason;
import walnut.server.api.ReviewSubmission;
import walnut.server.api.ReviewedCandidate;
import walnut.server.api.Reviews;
import walnut.server.security.Caller;
import walnut.server.security.Role;

/** Holds a review against the prediction it is of, and keeps it. */
public final class ReviewDesk implements Reviews {
    /** A draft is a form's fields; a larger one is no form of ours. */
    static final int LARGEST_DRAFT = 16 * 1024;

    private final ReviewStore store;
    private final Function<String, Optional<PredictionRecord>> predictions;
    private final Clock clock;
    private final Supplier<String> ids;

    /**
     * @param predictions finds a prediction by its id
     * @param ids gives a new opaque id at each call
     */
    public ReviewDesk(
            ReviewStore store,
            Function<String, Optional<PredictionRecord>> predictions,
            Clock clock,
            Supplier<String> ids) {
        this.store = store;
        this.predictions = predictions;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public Review submit(String predictionId, ReviewSubmission submission, Caller reviewer) {
        PredictionRecord prediction = prediction(predictionId);
        List<String> problems = problems(PredictionDocument.read(prediction.document()), submission);
        if (!problems.isEmpty()) {
            throw new WalnutException(FailureCode.REVIEW_INVALID, String.join("; ", problems));
        }
        @Nullable
        String superseded = store.ofPrediction(predictionId).stream()
                .filter(review -> review.version() == submission.version())
                .map(Review::reviewId)
                .findFirst()
                .orElse(null);
        return store.add(new Review(
                ids.get(),
                prediction.caseId(),
                predictionId,
                submission.version() + 1,
                superseded,
                reviewer.name(),
                Role.words(reviewer.roles()),
                clock.instant(),
                submission.submissionId(),
                submission.decision(),
                submission.reason(),
                submission.piRads(),
                submission.candidates(),
                submission.comment(),
                submission.secondsSpent()));
    }

    private static List<String> problems(PredictionDocument document, ReviewSubmission submission) {
        List<String> problems = new ArrayList<>();
        int findings = document.findings().size();
        boolean completed = document.outcome().equals("COMPLETED");
        if (document.outcome().equals("FAILED")) {
            problems.add("the model gave no answer that could be reviewed");
        }
        if (submission.reason() == ReviewReason.WRONG_REFUSAL && completed) {
            problems.add("this prediction is no refusal");
        }
        Set<Integer> judged = new HashSet<>();
        for (ReviewedCandidate candidate : submission.candidates()) {
            Integer number = candidate.candidate();
            if (number != null && number > findings) {
                problems.add("there is no candidate " + number + ": the prediction has " + findings);
            }
            if (number != null && !judged.add(number)) {
                problems.add("candidate " + number + " is judged twice");
            }
        }
        boolean changes = submission.candidates().stream()
                .anyMatch(candidate -> candidate.verdict() != CandidateVerdict.ACCEPTED);
        if (submission.decision() == ReviewDecision.ACCEPTED && changes) {
            problems.add("an accepted prediction stands as it is: correct it to change a candidate");
        }
        if (submission.decision() == ReviewDecision.CORRECTED && !changes) {
            problems.add("a correction says which candidate is moved or no lesion, or adds one");
        }
        return problems;
    }

    private PredictionRecord prediction(String predictionId) {
        return predictions
                .apply(predictionId)
                .orElseThrow(
                        () -> new WalnutException(FailureCode.NOT_FOUND, "there is no prediction " + predictionId));
    }

    @Override
    public List<Review> ofCase(String caseId) {
        return store.ofCase(caseId);
    }

    @Override
    public List<Review> ofPrediction(String predictionId) {
        return store.ofPrediction(predictionId);
    }

    @Override
    public Optional<ReviewDraft> draftOfCase(String caseId, Caller reviewer) {
        return store.draftOfCase(caseId, reviewer.name());
    }

    @Override
    public Optional<ReviewDraft> draft(String predictionId, Caller reviewer) {
        return store.draft(predictionId, reviewer.name());
    }

    @Override
    public ReviewDraft keepDraft(String predictionId, Map<String, String> fields, Caller reviewer) {
        int size = fields.entrySet().stream()
                .mapToInt(field -> field.getKey().length() + field.getValue().length())
                .sum();
        if (size > LARGEST_DRAFT) {
            throw new WalnutException(
                    FailureCode.REVIEW_INVALID,
                    "a draft has at most " + LARGEST_DRAFT + " characters, this one has " + size);
        }
        ReviewDraft draft = new ReviewDraft(predictionId, reviewer.name(), fields, clock.instant());
        store.keepDraft(draft);
        return draft;
    }

    @Override
    public void discardDraft(String predictionId, Caller reviewer) {
        store.discardDraft(predictionId, reviewer.name());
    }
}
