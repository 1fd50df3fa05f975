package walnut.store;

/** What an instance turned out to be when it was committed, by design §4's identity rules. */
public enum Disposition {
    /** No instance with this SOP Instance UID was known. */
    NEW,
    /** The same UID with the same data set bytes is already there; nothing was added. */
    RESEND,
    /** The same UID with other bytes is already there; both are kept, and both are flagged for an operator. */
    CONFLICT
}
