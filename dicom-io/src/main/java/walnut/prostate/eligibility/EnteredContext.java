package walnut.prostate.eligibility;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import walnut.digest.Sha256;
import walnut.prostate.eligibility.ClinicalContext.Condition;
import walnut.prostate.eligibility.ClinicalContext.Statement;

/**
 * What a person entered about a patient as of the study. Null is unknown; nothing is taken for absent because it was left
 * out.
 *
 * @param biopsied whether there was any biopsy before the study; {@code biopsiedOn} the last of them
 */
public record EnteredContext(
        @Nullable Treatment treatment,
        @Nullable LocalDate treatedOn,
        @Nullable Boolean biopsied,
        @Nullable LocalDate biopsiedOn,
        @Nullable Boolean hipProsthesis,
        @Nullable Boolean endorectalCoil,
        @Nullable Psa psa) {
    /**
     * Haemorrhage may mimic or hide cancer; PI-RADS v2.1 (section II, timing of MRI following biopsy) names an interval of
     * at least six weeks.
     */
    public static final int RECENT_BIOPSY_DAYS = 42;

    /** Stable names; they stand in stored contexts. Add, never rename. */
    public enum Treatment {
        NONE("no treatment"),
        PROSTATECTOMY("prostatectomy"),
        RADIOTHERAPY("radiotherapy"),
        FOCAL_THERAPY("focal therapy"),
        HORMONAL("hormonal treatment"),
        RESECTION("transurethral resection"),
        OTHER("another treatment of the prostate");

        private final String words;

        Treatment(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** Serum PSA; {@code measuredOn} null where the day is unknown. */
    public record Psa(double value, PsaUnit unit, @Nullable LocalDate measuredOn) {}

    /** Both are the same quantity: 1 ng/mL is 1 µg/L. */
    public enum PsaUnit {
        NG_PER_ML("ng/mL"),
        UG_PER_L("µg/L");

        private final String symbol;

        PsaUnit(String symbol) {
            this.symbol = symbol;
        }

        public String symbol() {
            return symbol;
        }
    }

    /**
     * What it says of the conditions that a passport may exclude. A biopsy without a day, or a study without one, says
     * nothing of whether it was recent.
     *
     * @param studyDay the day of the study; null where the images do not say
     */
    Map<Condition, Statement> statements(@Nullable LocalDate studyDay) {
        Map<Condition, Statement> statements = new EnumMap<>(Condition.class);
        if (treatment != null) {
            String on = treatedOn == null ? "" : " on " + treatedOn;
            statements.put(
                    Condition.TREATMENT,
                    new Statement(treatment != Treatment.NONE, "entered: " + treatment.words() + on));
        }
        recentBiopsy(studyDay).ifPresent(recent -> statements.put(Condition.RECENT_BIOPSY, recent));
        put(statements, Condition.PROSTHESIS, hipProsthesis, "hip prosthesis");
        put(statements, Condition.ENDORECTAL_COIL, endorectalCoil, "endorectal coil");
        return statements;
    }

    private Optional<Statement> recentBiopsy(@Nullable LocalDate studyDay) {
        if (Boolean.FALSE.equals(biopsied)) {
            return Optional.of(new Statement(false, "entered: no biopsy before the study"));
        }
        if (biopsiedOn == null || studyDay == null) {
            return Optional.empty();
        }
        long days = ChronoUnit.DAYS.between(biopsiedOn, studyDay);
        return Optional.of(new Statement(
                days < RECENT_BIOPSY_DAYS,
                "entered: last biopsy " + days + " days before the study, recent is under " + RECENT_BIOPSY_DAYS));
    }

    private static void put(
            Map<Condition, Statement> statements, Condition condition, @Nullable Boolean present, String what) {
        if (present != null) {
            statements.put(condition, new Statement(present, "entered: " + (present ? "" : "no ") + what));
        }
    }

    /** SHA-256 over the values in the order of this record, one a line, unknown as a lone line feed; version 1. */
    public String sha256() {
        StringBuilder text = new StringBuilder("entered-context-1\n");
        for (Object value : new Object[] {
            treatment,
            treatedOn,
            biopsied,
            biopsiedOn,
            hipProsthesis,
            endorectalCoil,
            psa == null
                    ? null
                    : psa.value() + " " + psa.unit() + " " + (psa.measuredOn() == null ? "" : psa.measuredOn())
        }) {
            text.append(value == null ? "" : value).append('\n');
        }
        return Sha256.hex(text.toString());
    }
}
