package walnut.server.api;

/** How far a case has come through the corridor. */
public enum CaseState {
    /** Images are still arriving, or what a model needs is not yet whole. */
    ASSEMBLING,
    /** Whole and waiting for its turn. */
    QUEUED,
    /** Being read and predicted now. */
    RUNNING,
    /** A prediction stands. */
    COMPLETED,
    /** Refused with reasons; a refusal is an answer. */
    NOT_ELIGIBLE,
    /** A failure of ours or of a resource; its code says who must act. */
    FAILED,
    /** Put aside by an operator: kept, nothing is inferred on it. */
    DISCARDED;

    /** Whether the case has its outcome and waits for nothing. */
    public boolean settled() {
        return this == COMPLETED || this == NOT_ELIGIBLE || this == FAILED || this == DISCARDED;
    }
}
