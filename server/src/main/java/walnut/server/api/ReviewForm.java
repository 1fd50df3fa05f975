package walnut.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * The form of a review, whether it came as JSON or from the page. What is wrong is said all at once; what can be known
 * only beside the prediction (does it have a third candidate?) is not checked here.
 */
public final class ReviewForm {
    public static final int LONGEST_COMMENT = 2000;
    /** Rows for lesions that a reader adds, on the page; and no more of them in a review. */
    public static final int MOST_ADDED = 4;

    private static final int MOST_CANDIDATES = 100;
    private static final int LONGEST_ID = 64;
    /** No patient is larger; a position beyond it is a mistake in units. */
    private static final double FARTHEST_MM = 2000;

    private static final Set<String> FIELDS =
            Set.of("version", "submissionId", "decision", "reason", "piRads", "candidates", "comment", "secondsSpent");

    private final List<String> problems = new ArrayList<>();

    private ReviewForm() {}

    /** @throws WalnutException REVIEW_INVALID with everything that is wrong */
    public static ReviewSubmission ofJson(JsonNode body) {
        ReviewForm form = new ReviewForm();
        for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
            if (!FIELDS.contains(names.next())) {
                form.problems.add("unknown field; a review has "
                        + FIELDS.stream().sorted().toList());
                break;
            }
        }
        List<ReviewedCandidate> candidates = new ArrayList<>();
        JsonNode listed = body.path("candidates");
        if (!listed.isMissingNode() && !listed.isNull() && !listed.isArray()) {
            form.problems.add("candidates must be a list");
        }
        for (JsonNode candidate : listed) {
            form.candidate(
                            textOf(candidate, "candidate"),
                            textOf(candidate, "verdict"),
                            position(candidate.path("positionLps")),
                            textOf(candidate, "piRads"))
                    .ifPresent(candidates::add);
        }
        return form.submission(name -> textOf(body, name), candidates);
    }

    /**
     * @param fields of the page's form; {@code candidate-1} and so on hold a verdict, {@code candidate-1-position} and
     *     {@code candidate-1-piRads} go with it; {@code added-1-position}, {@code added-1-piRads}
     */
    public static ReviewSubmission ofPage(Map<String, String> fields) {
        ReviewForm form = new ReviewForm();
        List<ReviewedCandidate> candidates = new ArrayList<>();
        boolean asItIs = ReviewDecision.ACCEPTED.name().equals(fields.get("decision"));
        for (int number = 1; number <= MOST_CANDIDATES; number++) {
            String name = "candidate-" + number;
            String verdict = blankToNull(fields.get(name));
            if (verdict != null && !asItIs) {
                form.candidate(
                                Integer.toString(number),
                                verdict,
                                verdict.equals(CandidateVerdict.MOVED.name())
                                        ? blankToNull(fields.get(name + "-position"))
                                        : null,
                                blankToNull(fields.get(name + "-piRads")))
                        .ifPresent(candidates::add);
            }
        }
        for (int number = 1; number <= MOST_ADDED; number++) {
            String position = blankToNull(fields.get("added-" + number + "-position"));
            String piRads = blankToNull(fields.get("added-" + number + "-piRads"));
            if (position != null || piRads != null) {
                form.candidate(null, CandidateVerdict.ADDED.name(), position, piRads)
                        .ifPresent(candidates::add);
            }
        }
        return form.submission(name -> blankToNull(fields.get(name)), candidates);
    }

    /** Reads a field's text; null where the field is absent. */
    private interface Texts {
        @Nullable
        String of(String field);
    }

    private ReviewSubmission submission(Texts texts, List<ReviewedCandidate> candidates) {
        ReviewDecision decision = oneOf("decision", texts.of("decision"), ReviewDecision.values());
        ReviewReason reason = oneOf("reason", texts.of("reason"), ReviewReason.values());
        Integer version = number("version", texts.of("version"), 0, Integer.MAX_VALUE);
        Integer piRads = number("piRads", texts.of("piRads"), 1, 5);
        Integer seconds = number("secondsSpent", texts.of("secondsSpent"), 0, 86_400);
        String comment = limited("comment", texts.of("comment"), LONGEST_COMMENT);
        String submissionId = limited("submissionId", texts.of("submissionId"), LONGEST_ID);
        if (decision != null && reason != null && !reason.explains(decision)) {
            problems.add("reason " + reason + " does not go with " + decision + "; it may be "
                    + Arrays.stream(ReviewReason.values())
                            .filter(other -> other.explains(decision))
                            .map(Enum::name)
                            .collect(Collectors.joining(", ")));
        }
        if (reason == ReviewReason.OTHER && comment == null) {
            problems.add("another reason needs a comment");
        }
        if (candidates.size() > MOST_CANDIDATES) {
            problems.add("a review names at most " + MOST_CANDIDATES + " candidates");
        }
        if (!problems.isEmpty() || decision == null || reason == null) {
            throw new WalnutException(FailureCode.REVIEW_INVALID, String.join("; ", problems));
        }
        return new ReviewSubmission(
                version == null ? 0 : version, submissionId, decision, reason, piRads, candidates, comment, seconds);
    }

    private Optional<ReviewedCandidate> candidate(
            @Nullable String number, @Nullable String verdictText, @Nullable String position, @Nullable String grade) {
        CandidateVerdict verdict = oneOf("verdict", verdictText, CandidateVerdict.values());
        Integer candidate = number("candidate", number, 1, MOST_CANDIDATES);
        Integer piRads = number("piRads of a candidate", grade, 1, 5);
        double[] lps = position == null ? null : lps(position);
        boolean placed = verdict == CandidateVerdict.MOVED || verdict == CandidateVerdict.ADDED;
        if (placed && position == null) {
            problems.add("a candidate that is " + verdict + " needs a position: x, y, z in LPS millimetres");
        }
        if (verdict != null && !placed && position != null) {
            problems.add("a candidate that is " + verdict + " stays where it is: leave its position out");
        }
        if (verdict != null && (verdict == CandidateVerdict.ADDED) != (candidate == null)) {
            problems.add("a candidate is named by its number, an added one has none");
        }
        return verdict == null ? Optional.empty() : Optional.of(new ReviewedCandidate(candidate, verdict, lps, piRads));
    }

    private double @Nullable [] lps(String text) {
        String[] parts = text.trim().split("[\\s,;]+");
        if (parts.length == 3) {
            try {
                double[] lps =
                        Arrays.stream(parts).mapToDouble(Double::parseDouble).toArray();
                if (Arrays.stream(lps).allMatch(value -> Math.abs(value) <= FARTHEST_MM)) {
                    return lps;
                }
            } catch (NumberFormatException e) {
                // falls through to the one sentence for all that is no position
            }
        }
        problems.add("a position is three numbers, x, y, z in LPS millimetres, none beyond " + (int) FARTHEST_MM);
        return null;
    }

    private <E extends Enum<E>> @Nullable E oneOf(String field, @Nullable String text, E[] values) {
        for (E value : values) {
            if (value.name().equals(text)) {
                return value;
            }
        }
        problems.add(field + " must be one of "
                + Arrays.stream(values).map(Enum::name).collect(Collectors.joining(", ")));
        return null;
    }

    private @Nullable Integer number(String field, @Nullable String text, int least, int most) {
        if (text == null) {
            return null;
        }
        Optional<Integer> number = Parameters.wholeNumber(text.trim()).filter(value -> value >= least && value <= most);
        if (number.isEmpty()) {
            problems.add(
                    field + " must be a whole number from " + least + (most == Integer.MAX_VALUE ? "" : " to " + most));
        }
        return number.orElse(null);
    }

    private @Nullable String limited(String field, @Nullable String text, int longest) {
        if (text == null || text.isBlank()) {
            return null;
        }
        if (text.length() > longest) {
            problems.add(field + " must have at most " + longest + " characters, it has " + text.length());
        }
        return text.strip();
    }

    private static @Nullable String position(JsonNode position) {
        if (position.isMissingNode() || position.isNull()) {
            return null;
        }
        List<String> numbers = new ArrayList<>();
        position.forEach(number -> numbers.add(number.isNumber() ? number.asText() : "?"));
        return String.join(" ", numbers);
    }

    private static @Nullable String textOf(JsonNode body, String field) {
        JsonNode value = body.path(field);
        return value.isMissingNode() || value.isNull() ? null : value.asText();
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
