package walnut.prostate.eligibility;

/** What a gate says. Unknown is said aloud and stops nobody. */
public enum Verdict {
    PASS,
    FAIL,
    UNKNOWN
}
