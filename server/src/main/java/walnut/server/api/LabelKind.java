package walnut.server.api;

/** Where a label's truth comes from, in falling order of trust. */
public enum LabelKind {
    PROSTATECTOMY,
    BIOPSY_TARGETED,
    BIOPSY_SYSTEMATIC,
    FOLLOWUP_NEGATIVE,
    READER
}
