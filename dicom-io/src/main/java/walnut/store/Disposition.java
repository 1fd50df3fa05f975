package walnut.store;

/** What an instance turned out to be when it was committed, by design §4's identity rules. */
public enum Disposition {
    /** No instance with this SOP Instance UID was known. */
    NEW,
    /** The same data set, in whatever encoding, is already there; nothing was added. */
    RESEND,
    /** The same pixels are already there under another header: both are kept, and the newer header counts. */
    ATTRIBUTE_UPDATE,
    /** The same UID with other content is already there; both are kept, and both are flagged for an operator. */
    CONFLICT
}
