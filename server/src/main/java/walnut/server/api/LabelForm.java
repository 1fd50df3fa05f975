package walnut.server.api;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * The form of one label, whether it came as a CSV row or as a JSON object: texts by field name. What is wrong with a row
 * is said of that row, all at once, and never repeats its values, which may identify a patient.
 */
final class LabelForm {
    static final Set<String> FIELDS = Set.of(
            "studyInstanceUid",
            "patientId",
            "issuerOfPatientId",
            "kind",
            "isup",
            "csPca",
            "piRads",
            "sampledOn",
            "source");

    private static final Pattern UID = Pattern.compile("[0-9]+(\\.[0-9]+)*");
    private static final int LONGEST_UID = 64;
    private static final int LONGEST_TEXT = 64;

    private final int row;
    private final Map<String, String> texts;
    private final List<String> problems = new ArrayList<>();
    private final List<String> contradictions = new ArrayList<>();

    private LabelForm(int row, Map<String, String> texts) {
        this.row = row;
        this.texts = texts;
    }

    /** Adds the label to {@code labels}, or what is wrong with it to {@code rejected}. */
    static void read(
            int row, Map<String, String> texts, List<LabelSubmission> labels, List<LabelReceipt.Rejection> rejected) {
        LabelForm form = new LabelForm(row, texts);
        Optional<LabelSubmission> label = form.label();
        if (label.isPresent()) {
            labels.add(label.get());
        } else {
            boolean readable = form.problems.isEmpty();
            form.problems.addAll(form.contradictions);
            rejected.add(new LabelReceipt.Rejection(
                    row,
                    (readable ? FailureCode.LABEL_CONTRADICTORY : FailureCode.LABEL_INVALID).name(),
                    String.join("; ", form.problems)));
        }
    }

    /** @throws WalnutException LABEL_INVALID for a field that no label has */
    static String known(String field) {
        if (!FIELDS.contains(field)) {
            throw new WalnutException(
                    FailureCode.LABEL_INVALID,
                    "unknown field; a label has " + FIELDS.stream().sorted().toList());
        }
        return field;
    }

    private Optional<LabelSubmission> label() {
        String study = text("studyInstanceUid");
        String patient = text("patientId");
        if (study == null && patient == null) {
            problems.add("name a studyInstanceUid or a patientId");
        }
        if (study != null
                && (study.length() > LONGEST_UID || !UID.matcher(study).matches())) {
            problems.add("studyInstanceUid must be a UID of at most 64 digits and dots");
        }
        Integer isup = number("isup", 0, 5);
        Boolean csPca = truth("csPca");
        if (isup == null && csPca == null && text("isup") == null && text("csPca") == null) {
            problems.add("give isup or csPca");
        }
        if (isup != null && csPca != null && csPca != isup >= 2) {
            contradictions.add("isup and csPca contradict each other: significant cancer is isup 2 or more");
        }
        Integer piRads = number("piRads", 1, 5);
        LabelKind kind = kind();
        if (kind == LabelKind.FOLLOWUP_NEGATIVE && (Boolean.TRUE.equals(csPca) || (isup != null && isup >= 2))) {
            contradictions.add("a negative follow-up and significant cancer contradict each other");
        }
        LocalDate sampledOn = date();
        String source = limited("source");
        String issuer = limited("issuerOfPatientId");
        String patientId = limited("patientId");
        if (!problems.isEmpty() || !contradictions.isEmpty() || kind == null || sampledOn == null) {
            return Optional.empty();
        }
        return Optional.of(
                new LabelSubmission(row, study, patientId, issuer, kind, isup, csPca, piRads, sampledOn, source));
    }

    private @Nullable String text(String field) {
        String text = texts.get(field);
        return text == null || text.isBlank() ? null : text.trim();
    }

    private @Nullable String limited(String field) {
        String text = text(field);
        if (text != null && text.length() > LONGEST_TEXT) {
            problems.add(field + " must have at most " + LONGEST_TEXT + " characters");
        }
        return text;
    }

    private @Nullable Integer number(String field, int least, int most) {
        String text = text(field);
        if (text == null) {
            return null;
        }
        Optional<Integer> number = Parameters.wholeNumber(text).filter(value -> value >= least && value <= most);
        if (number.isEmpty()) {
            problems.add(field + " must be a whole number from " + least + " to " + most);
        }
        return number.orElse(null);
    }

    private @Nullable Boolean truth(String field) {
        String text = text(field);
        if (text == null) {
            return null;
        }
        if (text.equals("true")) {
            return true;
        }
        if (!text.equals("false")) {
            problems.add(field + " must be true or false");
        }
        return false;
    }

    private @Nullable LabelKind kind() {
        String text = text("kind");
        Optional<LabelKind> kind = Arrays.stream(LabelKind.values())
                .filter(value -> value.name().equals(text))
                .findFirst();
        if (kind.isEmpty()) {
            problems.add("kind must be one of "
                    + Arrays.stream(LabelKind.values()).map(Enum::name).collect(Collectors.joining(", ")));
        }
        return kind.orElse(null);
    }

    private @Nullable LocalDate date() {
        String text = text("sampledOn");
        if (text != null) {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException e) {
                // falls through to the one sentence for absent and malformed
            }
        }
        problems.add("sampledOn must be a date such as 2026-03-31");
        return null;
    }
}
