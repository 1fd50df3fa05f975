package walnut.prostate.eligibility;

/**
 * One gate and what it said of a study.
 *
 * @param name stable, upper case: PATIENT_SEX, BODY_REGION, …
 * @param read what was read and what follows, in words; never a patient identifier
 */
public record Gate(String name, Verdict verdict, String read) {}
