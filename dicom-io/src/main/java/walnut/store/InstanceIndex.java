package walnut.store;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * The durable list of stored instances; a row here is what makes a file an instance.
 *
 * <p>A row <em>stands</em> unless a newer header or an operator's choice has superseded it. One row of a SOP Instance UID
 * stands; several are a conflict, and nothing is inferred on them. Superseded rows keep their files.
 *
 * <p>All methods block, may throw {@link walnut.failure.WalnutException}, and are called by any thread, several at once.
 * {@code InstanceIndexContract} in the test sources says the same by example; every implementation extends it.
 */
public interface InstanceIndex {

    /**
     * Adds a group in one transaction, which everybody sees when this returns and which is on the disk after the next
     * {@link #sync}; on an exception none of it is there. Instances are judged in order against the index and against
     * those before them in the group:
     *
     * <ul>
     *   <li>a row with the same SOP Instance UID and the same {@code datasetSha256}, or by {@code contents} the same data
     *       set: {@link Disposition#RESEND}, no row is added and the earlier instance is returned, superseded or not;
     *   <li>a standing row with the same pixels: {@link Disposition#ATTRIBUTE_UPDATE}, a row is added and supersedes it;
     *   <li>standing rows, all with other content: {@link Disposition#CONFLICT}, a row is added and stands beside them;
     *   <li>otherwise {@link Disposition#NEW}, a row is added.
     * </ul>
     *
     * @param contents asked only about rows of one SOP Instance UID whose bytes differ
     * @return one outcome per instance, in the order given
     */
    List<Committed> commit(List<StoredInstance> group, ContentComparison contents);

    /**
     * When this returns, every commit that returned before it was called is on the disk.
     *
     * @throws walnut.failure.WalnutException when that is not so, or not known
     */
    void sync();

    /** Commits where nothing but bytes tells contents apart. */
    default List<Committed> commit(List<StoredInstance> group) {
        return commit(group, (earlier, arrived) -> Likeness.OTHER_CONTENT);
    }

    /** All instances with this SOP Instance UID, oldest first, superseded ones included. */
    List<StoredInstance> find(String sopInstanceUid);

    /** The instances that count for this SOP Instance UID, oldest first; more than one is a conflict. */
    List<StoredInstance> standing(String sopInstanceUid);

    /** What happened to this SOP Instance UID, oldest first. */
    List<InstanceChange> changes(String sopInstanceUid);

    /**
     * Ends a conflict: this content stands, the others are superseded, and the choice is recorded, in one synced
     * transaction.
     *
     * @throws walnut.failure.WalnutException NOT_FOUND when no content with this digest stands under this UID
     */
    void choose(String sopInstanceUid, String datasetSha256, String operator, String reason);

    /** Streams instances with {@code receivedAt >= since}, oldest first, without holding them all; 0 streams all. */
    void forEachSince(long since, Consumer<StoredInstance> action);

    /**
     * Removes these rows, known by their {@code file}, in one synced transaction; absent ones are no error. What they had
     * superseded stands again, and a conflict that they made is over: what was taken back counts as never seen.
     */
    void delete(Collection<StoredInstance> instances);
}
