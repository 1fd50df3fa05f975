package walnut.server.pages;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import walnut.server.api.CandidateVerdict;
import walnut.server.api.PredictionDocument;
import walnut.server.api.PredictionRecord;
import walnut.server.api.Review;
import walnut.server.api.ReviewDecision;
import walnut.server.api.ReviewDraft;
import walnut.server.api.ReviewForm;
import walnut.server.api.ReviewReason;
import walnut.server.api.ReviewedCandidate;

/**
 * The review form of a case and what was said before, ready to lay out. Nothing is preselected: a reader who only sends
 * has decided nothing.
 *
 * @param mayWrite whether the one who looks may review; otherwise there is no form
 * @param version of the newest review shown; what is sent is held against it
 * @param candidates the prediction's findings by number
 * @param fields what the form is filled with: nothing, a draft, or what could not be taken
 * @param problem why what was sent could not be taken; null when nothing was sent
 * @param draftNotice where the filled-in text comes from; null where nothing was filled in
 */
public record ReviewView(
        boolean mayWrite,
        String action,
        String predictionId,
        int version,
        List<Choice> decisions,
        List<ReasonGroup> reasons,
        List<CandidateRow> candidates,
        List<Integer> addedRows,
        List<PastReview> past,
        Map<String, String> fields,
        @Nullable String problem,
        @Nullable String draftNotice) {
    /** Fields that mean the same beside another prediction; candidates are numbered anew there. */
    private static final List<String> OF_ANY_PREDICTION = List.of("comment", "piRads");

    public record Choice(String value, String label, String key) {}

    public record ReasonGroup(String label, List<Choice> reasons) {}

    public record CandidateRow(int number, String label) {}

    /** A stored review; {@code standing} is false for those that were superseded. */
    public record PastReview(
            String decision,
            String tone,
            String reason,
            String by,
            String when,
            @Nullable String piRads,
            List<String> candidates,
            @Nullable String comment,
            boolean standing) {}

    static Optional<ReviewView> of(
            @Nullable PredictionRecord prediction, List<CaseView.FindingView> findings, CaseView.Reading reading) {
        List<Review> reviews = reading.reviews();
        Optional<ReviewDraft> draft = reading.draft();
        Optional<RefusedForm> refused = reading.refusedReview();
        if (prediction == null
                || PredictionDocument.read(prediction.document()).outcome().equals("FAILED")) {
            return Optional.empty();
        }
        String predictionId = prediction.predictionId();
        List<Review> ofThis = reviews.stream()
                .filter(review -> review.predictionId().equals(predictionId))
                .toList();
        Map<String, String> fields = refused.map(RefusedForm::fields)
                .map(sent -> fitting(sent, predictionId, sent.get("predictionId")))
                .or(() -> draft.map(kept -> fitting(kept.fields(), predictionId, kept.predictionId())))
                .orElse(Map.of());
        return Optional.of(new ReviewView(
                reading.mayWrite(),
                Hrefs.reviews(prediction.caseId()),
                predictionId,
                ofThis.stream().mapToInt(Review::version).max().orElse(0),
                List.of(
                        new Choice(ReviewDecision.ACCEPTED.name(), "Accept", "a"),
                        new Choice(ReviewDecision.CORRECTED.name(), "Correct", "c"),
                        new Choice(ReviewDecision.REJECTED.name(), "Reject", "r")),
                reasonsByDecision(),
                findings.stream()
                        .map(finding -> new CandidateRow(
                                finding.number(),
                                "Candidate " + finding.number() + ": " + finding.side() + ", " + finding.slice()))
                        .toList(),
                IntStream.rangeClosed(1, ReviewForm.MOST_ADDED).boxed().toList(),
                pastReviews(reviews, predictionId),
                fields,
                refused.map(sent -> sent.problem().detail()).orElse(null),
                refused.isPresent() || fields.isEmpty() ? null : notice(draft.orElseThrow(), predictionId)));
    }

    private static Map<String, String> fitting(
            Map<String, String> fields, String predictionId, @Nullable String writtenFor) {
        return predictionId.equals(writtenFor)
                ? fields
                : fields.entrySet().stream()
                        .filter(field -> OF_ANY_PREDICTION.contains(field.getKey()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static String notice(ReviewDraft draft, String predictionId) {
        String kept = "Your draft of " + Words.minute(draft.savedAt()) + " UTC is filled in. It has not been sent.";
        return draft.predictionId().equals(predictionId)
                ? kept
                : kept + " It was written beside an earlier prediction: only its category and comment were taken over.";
    }

    private static List<ReasonGroup> reasonsByDecision() {
        return Arrays.stream(ReviewDecision.values())
                .map(decision -> new ReasonGroup(
                        "to " + verb(decision),
                        Arrays.stream(ReviewReason.values())
                                .filter(reason -> reason.explains(decision))
                                .map(reason -> new Choice(reason.name(), reason.sentence(), decision.name()))
                                .toList()))
                .toList();
    }

    private static String verb(ReviewDecision decision) {
        return switch (decision) {
            case ACCEPTED -> "accept";
            case CORRECTED -> "correct";
            case REJECTED -> "reject";
        };
    }

    private static List<PastReview> pastReviews(List<Review> reviews, String predictionId) {
        List<PastReview> past = new ArrayList<>();
        for (Review review : reviews) {
            boolean ofThis = review.predictionId().equals(predictionId);
            boolean standing = ofThis && past.stream().noneMatch(PastReview::standing);
            past.add(new PastReview(
                    decision(review.decision()),
                    review.decision().name().toLowerCase(Locale.ROOT),
                    review.reason().sentence(),
                    review.role() == null ? review.reviewer() : review.reviewer() + ", " + review.role(),
                    Words.minute(review.reviewedAt()) + " UTC" + (ofThis ? "" : ", of an earlier prediction"),
                    review.piRads() == null ? null : "PI-RADS " + review.piRads(),
                    review.candidates().stream().map(ReviewView::inWords).toList(),
                    review.comment(),
                    standing));
        }
        return past;
    }

    private static String decision(ReviewDecision decision) {
        return switch (decision) {
            case ACCEPTED -> "Accepted";
            case CORRECTED -> "Corrected";
            case REJECTED -> "Rejected";
        };
    }

    private static String inWords(ReviewedCandidate candidate) {
        String which = candidate.candidate() == null ? "A lesion" : "Candidate " + candidate.candidate();
        String verdict =
                switch (candidate.verdict()) {
                    case ACCEPTED -> " agreed";
                    case MOVED -> " moved to " + position(candidate.positionLps());
                    case REJECTED -> " is no lesion";
                    case ADDED -> " added at " + position(candidate.positionLps());
                };
        return which + verdict + (candidate.piRads() == null ? "" : ", PI-RADS " + candidate.piRads());
    }

    private static String position(double @Nullable [] lps) {
        return lps == null ? "an unknown place" : Words.position(lps);
    }

    /** What a field is filled with; empty where nothing is. */
    public String value(String field) {
        return fields.getOrDefault(field, "");
    }

    public boolean chosen(String field, String value) {
        return value.equals(fields.get(field));
    }

    /** A reason may stand in several groups: the one of the decision that was chosen. */
    public boolean chosenReason(Choice reason) {
        return chosen("reason", reason.value()) && chosen("decision", reason.key());
    }

    public String accepted() {
        return CandidateVerdict.ACCEPTED.name();
    }

    public String moved() {
        return CandidateVerdict.MOVED.name();
    }

    public String rejected() {
        return CandidateVerdict.REJECTED.name();
    }
}
