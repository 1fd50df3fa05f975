package walnut.server.api;

/** What a reader makes of a model's answer as a whole. */
public enum ReviewDecision {
    /** It stands as it is. */
    ACCEPTED,
    /** It stands with the changes that the review names. */
    CORRECTED,
    /** It does not stand. */
    REJECTED
}
