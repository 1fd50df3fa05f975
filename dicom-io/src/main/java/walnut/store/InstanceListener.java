package walnut.store;

import walnut.failure.FailureCode;

/**
 * Told what became of received instances, after it is durable. Called by store threads one after the other in commit
 * order; it must return quickly and never block. Acknowledged instances are told again by nobody: whoever needs them
 * after a restart reads the {@link InstanceIndex}.
 */
public interface InstanceListener {
    /** An instance is there that was not before: file, directory entry and index row are synced. */
    default void stored(StoredInstance instance) {}

    /** The same data set came again and was acknowledged; {@code existing} is the instance that was there. */
    default void resent(StoredInstance existing) {}

    /** A SOP Instance UID came with a new header over the same pixels; the earlier one is kept and superseded. */
    default void updated(StoredInstance added) {}

    /** A SOP Instance UID came with other content; it was kept beside the earlier one and must not be inferred on. */
    default void conflicted(StoredInstance added) {}

    /** An object was not stored; unreadable ones were put into quarantine. */
    default void refused(FailureCode code) {}
}
