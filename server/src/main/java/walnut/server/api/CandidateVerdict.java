package walnut.server.api;

/** What a reader makes of one place that may be a lesion. */
public enum CandidateVerdict {
    ACCEPTED,
    /** A lesion, but elsewhere. */
    MOVED,
    /** No lesion. */
    REJECTED,
    /** A lesion that the model did not show. */
    ADDED
}
