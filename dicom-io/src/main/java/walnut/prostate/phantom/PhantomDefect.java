package walnut.prostate.phantom;

import java.util.List;
import java.util.Optional;

/**
 * What is wrong with a study, and the outcome that a node owes it.
 *
 * <p>A fault is planted as it would be met: in anatomy, physics or headers, never with a word that gives it away and
 * that nobody would have written.
 */
public enum PhantomDefect {
    NONE("nothing", Outcome.completes()),
    NO_ADC("the ADC map was not sent", Outcome.refused("130585")),
    NO_HIGH_B(
            "neither the high b-value series nor the traces that it could be computed from were sent",
            Outcome.refused("130583")),
    PROSTATECTOMY_BED(
            "no prostate: bladder neck and scar after radical prostatectomy, no word of it in the header",
            Outcome.refused("GATE_GLAND_FOUND")),
    FEMALE_PELVIS("a woman's pelvis, sex F", Outcome.refused("GATE_PATIENT_SEX")),
    RECTAL_CANCER(
            "a staging of rectal cancer with all contrasts that a prostate model asks for",
            Outcome.refused("GATE_BODY_REGION")),
    NO_DWI("T2W only", Outcome.refused("130585", "130583")),
    ADC_HALF_GLAND("the ADC map covers the upper half of the gland", Outcome.refused("GATE_COVERAGE")),
    ONLY_B800("of the diffusion images one trace below b 1000 and the ADC map", Outcome.refused("130583")),
    EADC_FOR_ADC("an exponential map in the place of the ADC map", Outcome.refused("130585")),
    DIRECTIONAL_DWI(
            "single diffusion directions, no trace and no computed b-value; the ADC map is there",
            Outcome.refused("130583")),
    LARGE_FIELD_T2W_TWIN(
            "a second T2W of the whole pelvis, later, under the same name",
            Outcome.completesWithFirstT2w("T2W_TWIN_NOT_USED")),
    THREE_D_T2W_TWIN("a second, isotropic 3-D T2W, later", Outcome.completesWithFirstT2w("T2W_TWIN_NOT_USED")),
    REPEATED_T2W("the T2W twice, the first blurred by movement", Outcome.completesWithLaterT2w("AMBIGUOUS_T2W")),
    T1_POST_NAMED_T2(
            "a T1W after contrast, named as the T2W is; the T2W was not sent", Outcome.refused("EXPECTED_T2W_MISSING")),
    TWO_PATIENTS("the diffusion images carry another patient's identity", Outcome.refused("PATIENT_CONFLICT")),
    MISSING_SLICE("a slice inside the T2W is missing", Outcome.refused("MISSING_SLICE")),
    OTHER_FRAME_OF_REFERENCE(
            "the diffusion images lie in another frame of reference", Outcome.refused("MIXED_FRAME_OF_REFERENCE"));

    /** Which T2W a completed case must have used, where the fault is about that. */
    public enum T2wChoice {
        ANY,
        FIRST,
        LATER
    }

    /**
     * What has to come of it.
     *
     * @param reasonCodes a refusal names at least one of these; empty when the case completes
     * @param warningCode the warning that a completed case must carry
     * @param t2w the T2W that a completed case must have used
     */
    public record Outcome(List<String> reasonCodes, Optional<String> warningCode, T2wChoice t2w) {
        public Outcome {
            reasonCodes = List.copyOf(reasonCodes);
        }

        static Outcome completes() {
            return new Outcome(List.of(), Optional.empty(), T2wChoice.ANY);
        }

        static Outcome completesWithFirstT2w(String warning) {
            return new Outcome(List.of(), Optional.of(warning), T2wChoice.FIRST);
        }

        static Outcome completesWithLaterT2w(String warning) {
            return new Outcome(List.of(), Optional.of(warning), T2wChoice.LATER);
        }

        static Outcome refused(String... anyOf) {
            return new Outcome(List.of(anyOf), Optional.empty(), T2wChoice.ANY);
        }

        public boolean isRefusal() {
            return !reasonCodes.isEmpty();
        }
    }

    private final String what;
    private final Outcome expected;

    PhantomDefect(String what, Outcome expected) {
        this.what = what;
        this.expected = expected;
    }

    /** What is wrong, in words that continue "a study with …". */
    public String what() {
        return what;
    }

    /** The outcome that a node owes such a study, when the model is one that asks for T2W, ADC and high b. */
    public Outcome expected() {
        return expected;
    }

    /**
     * The defect of a patient in a cohort with defects: of every six patients the fifth lacks its ADC map and the sixth
     * its high b-value.
     */
    public static PhantomDefect ofPatient(int index) {
        int place = index % 6;
        return place == 4 ? NO_ADC : place == 5 ? NO_HIGH_B : NONE;
    }

    /** All faults there are, without {@link #NONE}. */
    public static List<PhantomDefect> planted() {
        return List.of(values()).subList(1, values().length);
    }

    /** Whose pelvis the study shows. */
    public Pelvis pelvis() {
        return switch (this) {
            case PROSTATECTOMY_BED -> Pelvis.PROSTATECTOMY_BED;
            case FEMALE_PELVIS -> Pelvis.FEMALE;
            case RECTAL_CANCER -> Pelvis.RECTAL_CANCER;
            default -> Pelvis.PROSTATE;
        };
    }

    /** The population that a study with this defect is drawn from. */
    public PhantomRecipe recipe(PhantomRecipe otherwise) {
        return otherwise.withPelvis(pelvis());
    }
}
