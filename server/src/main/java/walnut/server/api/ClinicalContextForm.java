package walnut.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.prostate.eligibility.EnteredContext;

/**
 * The form of a clinical context, the same texts by the same names from JSON and from the page: absent, null and empty are
 * unknown. What is wrong is said all at once; what needs the clock or the study is checked where it is stored.
 */
public record ClinicalContextForm(EnteredContext context, int version) {
    private static final Set<String> FIELDS = Set.of(
            "version",
            "treatment",
            "treatedOn",
            "biopsied",
            "biopsiedOn",
            "hipProsthesis",
            "endorectalCoil",
            "psaValue",
            "psaUnit",
            "psaOn");
    private static final double HIGHEST_PSA = 20_000;

    /** @throws WalnutException CLINICAL_CONTEXT_INVALID */
    public static ClinicalContextForm ofJson(JsonNode body) {
        Reader reader = new Reader(name -> {
            JsonNode value = body.path(name);
            return value.isMissingNode() || value.isNull() ? null : value.asText();
        });
        for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
            if (!FIELDS.contains(names.next())) {
                reader.problems.add("unknown field; a context has "
                        + FIELDS.stream().sorted().toList());
                break;
            }
        }
        return reader.form();
    }

    /** @throws WalnutException CLINICAL_CONTEXT_INVALID */
    public static ClinicalContextForm ofPage(Map<String, String> fields) {
        return new Reader(fields::get).form();
    }

    private static final class Reader {
        private final Function<String, @Nullable String> texts;
        private final List<String> problems = new ArrayList<>();

        Reader(Function<String, @Nullable String> texts) {
            this.texts = texts;
        }

        ClinicalContextForm form() {
            EnteredContext.Treatment treatment = oneOf("treatment", EnteredContext.Treatment.values());
            LocalDate treatedOn = date("treatedOn");
            Boolean biopsied = truth("biopsied");
            LocalDate biopsiedOn = date("biopsiedOn");
            if (treatedOn != null && (treatment == null || treatment == EnteredContext.Treatment.NONE)) {
                problems.add("treatedOn needs the treatment that was given on that day");
            }
            if (biopsiedOn != null && Boolean.FALSE.equals(biopsied)) {
                problems.add("biopsied is no, yet biopsiedOn names a day");
            }
            EnteredContext context = new EnteredContext(
                    treatment,
                    treatedOn,
                    biopsiedOn == null ? biopsied : Boolean.TRUE,
                    biopsiedOn,
                    truth("hipProsthesis"),
                    truth("endorectalCoil"),
                    psa());
            int version = version();
            if (!problems.isEmpty()) {
                throw new WalnutException(FailureCode.CLINICAL_CONTEXT_INVALID, String.join("; ", problems));
            }
            return new ClinicalContextForm(context, version);
        }

        private EnteredContext.@Nullable Psa psa() {
            String text = text("psaValue");
            LocalDate measuredOn = date("psaOn");
            EnteredContext.PsaUnit unit = oneOf("psaUnit", EnteredContext.PsaUnit.values());
            if (text == null) {
                if (measuredOn != null) {
                    problems.add("psaOn needs a psaValue");
                }
                return null;
            }
            double value = Double.NaN;
            try {
                // A comma is how half of Europe writes it.
                value = Double.parseDouble(text.replace(',', '.'));
            } catch (NumberFormatException e) {
                // NaN fails the check below
            }
            if (!(value >= 0 && value <= HIGHEST_PSA)) {
                problems.add("psaValue must be a number from 0 to " + (int) HIGHEST_PSA);
                return null;
            }
            if (unit == null) {
                problems.add("psaValue needs its psaUnit");
                return null;
            }
            return new EnteredContext.Psa(value, unit, measuredOn);
        }

        private int version() {
            String text = text("version");
            return text == null
                    ? 0
                    : Parameters.wholeNumber(text).filter(number -> number >= 0).orElseGet(() -> {
                        problems.add("version must be a whole number from 0");
                        return 0;
                    });
        }

        private @Nullable String text(String field) {
            String text = texts.apply(field);
            return text == null || text.isBlank() ? null : text.strip();
        }

        private <E extends Enum<E>> @Nullable E oneOf(String field, E[] values) {
            String text = text(field);
            if (text == null) {
                return null;
            }
            for (E value : values) {
                if (value.name().equals(text)) {
                    return value;
                }
            }
            problems.add(field + " must be one of "
                    + Arrays.stream(values).map(Enum::name).collect(Collectors.joining(", "))
                    + ", or left out for unknown");
            return null;
        }

        private @Nullable Boolean truth(String field) {
            String text = text(field);
            if (text == null) {
                return null;
            }
            if (!text.equals("true") && !text.equals("false")) {
                problems.add(field + " must be true, false, or left out for unknown");
            }
            return text.equals("true");
        }

        private @Nullable LocalDate date(String field) {
            String text = text(field);
            if (text == null) {
                return null;
            }
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException e) {
                problems.add(field + " must be a date such as 2026-03-31");
                return null;
            }
        }
    }
}
