package walnut.prostate.eligibility;

/**
 * One gate and what it said of a study.
 *
 * @param name stable, upper case: PATIENT_SEX, BODY_REGION, …
 * @param read what was read and what follows, in words; never a patient identifier
 * @param refusalCode name of the reason that a study is refused with when the gate fails
 */
public record Gate(String name, Verdict verdict, String read, String refusalCode) {

    /** A gate whose refusal goes under its own name. */
    public Gate(String name, Verdict verdict, String read) {
        this(name, verdict, read, "GATE_" + name);
    }

    public boolean failed() {
        return verdict == Verdict.FAIL;
    }
}
