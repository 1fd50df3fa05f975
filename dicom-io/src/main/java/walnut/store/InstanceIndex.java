package walnut.store;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * The durable list of stored instances; a row here is what makes a file an instance.
 *
 * <p>All methods block, may throw {@link walnut.failure.WalnutException}, and are called by any thread; commits of several
 * threads meet, as transactions do.
 * {@code InstanceIndexContract} in the test sources says the same by example; every implementation extends it.
 */
public interface InstanceIndex {

    /**
     * Adds a group in one transaction that has been synced to disk when this returns; on an exception none of it is
     * there. Instances are judged in order against the index and against those before them in the group:
     *
     * <ul>
     *   <li>a row with the same SOP Instance UID and the same {@code datasetSha256}: {@link Disposition#RESEND}, no row
     *       is added and the earlier instance is returned;
     *   <li>rows with the same SOP Instance UID, all with other digests: {@link Disposition#CONFLICT}, a row is added,
     *       and every row of that UID counts as conflicting from now on;
     *   <li>otherwise {@link Disposition#NEW}, a row is added.
     * </ul>
     *
     * @return one outcome per instance, in the order given
     */
    List<Committed> commit(List<StoredInstance> group);

    /** All instances with this SOP Instance UID, oldest first; more than one is a conflict. */
    List<StoredInstance> find(String sopInstanceUid);

    /** Streams instances with {@code receivedAt >= since}, oldest first, without holding them all; 0 streams all. */
    void forEachSince(long since, Consumer<StoredInstance> action);

    /** Removes these rows, known by their {@code file}, in one synced transaction; absent ones are no error. */
    void delete(Collection<StoredInstance> instances);
}
