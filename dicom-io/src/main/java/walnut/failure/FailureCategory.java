package walnut.failure;

/** Who must act on a failure: the sending peer, the owner of the input, the operator, us, or a system outside. */
public enum FailureCategory {
    /** The other side of a connection broke the protocol or is not allowed here. */
    PEER,
    /** The study, file, model package, label or argument given cannot be used as it is. */
    INPUT,
    /** Disk, memory, ports or capacity of this node. */
    RESOURCE,
    /** A defect of ours, or of a runtime below us. */
    INTERNAL,
    /** A system that we call: destination, database, identity provider. */
    EXTERNAL
}
