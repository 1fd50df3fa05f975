package walnut.store;

import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.failure.WalnutException;

/**
 * Makes a written object into an instance: its file, its directory and its index row are synced, and only then is anybody
 * told. Runs on the writer thread of the object, several objects at once; a kernel merges flushes that meet, and rows that
 * wait for each other are committed together.
 *
 * <p>Where a sync takes less than a hand-over to another thread, the three follow each other; on a slower disk two or all
 * three run side by side, so that the sender waits for the longest and not for the sum ({@link SyncPace}).
 *
 * <p>If one of them fails the object is taken back, row before file, and its sender is told to try again.
 */
final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    /** How much a restart has to look at, at most, beside what was under way. */
    private static final int COMMITS_BETWEEN_CHECKPOINTS = 512;

    private static final int LARGEST_GROUP = 64;

    /** An object whose row is to be added, and what becomes of it. */
    private record Waiting(StoredInstance instance, CompletableFuture<Judged> judged) {}

    /** A row's outcome and, for a resend, the earlier instance's end where that is still under way. */
    private record Judged(Committed outcome, @Nullable CompletableFuture<Void> earlier) {}

    private final InstanceStore store;
    private final InstanceIndex index;
    private final ContentComparison contents;

    /** Objects whose rows may be visible but which are not acknowledged yet, by arrival. */
    private final ConcurrentMap<Long, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

    /** Held for reading while a row is added, for writing while rows of failed objects are taken back. */
    private final ReadWriteLock rows = new ReentrantReadWriteLock();

    /** Rows that should not be there; guarded by {@link #rows}. */
    private final List<StoredInstance> rowsToTakeBack = new ArrayList<>();

    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

    private final Lock committing = new ReentrantLock();

    private final AtomicInteger commitsSinceCheckpoint = new AtomicInteger();

    Committer(InstanceStore store, InstanceIndex index) {
        this.store = store;
        this.index = index;
        this.contents =
                new StoredContents(store.disk(), store.layout(), store.config().maximumComparedBytes());
    }

    /** Blocks until the object is durable, or is gone again; then tells the listener and completes the promise. */
    void commit(StoredInstance instance, Disk.DiskFile file, FileSyncs syncs, Promise<StoredInstance> durable) {
        CompletableFuture<Void> settled = new CompletableFuture<>();
        underWay.put(instance.receivedAt(), settled);
        Committed outcome;
        try (file) {
            outcome = sync(instance, syncs);
        } catch (IOException | RuntimeException e) {
            takeBack(instance, settled, StorageFailure.of(e), durable);
            return;
        }
        if (outcome.disposition() == Disposition.RESEND) {
            removeQuietly(instance);
        } else {
            store.arrivals().settle(instance.receivedAt());
        }
        settled.complete(null);
        underWay.remove(instance.receivedAt());
        store.tell(outcome);
        durable.complete(outcome.instance());
        if (commitsSinceCheckpoint.incrementAndGet() == COMMITS_BETWEEN_CHECKPOINTS) {
            store.writeCheckpointSoon();
        }
    }

    private Committed sync(StoredInstance instance, FileSyncs syncs) {
        Committed outcome = null;
        Exception failure = null;
        try {
            syncs.beforeRow();
            outcome = addRow(instance);
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
        // All must have ended, whatever became of them, before a failure may be cleared away.
        Throwable others = syncs.failure();
        if (outcome == null || others != null) {
            throw StorageFailure.of(others != null ? others : Objects.requireNonNull(failure));
        }
        syncs.ended();
        return outcome;
    }

    /** Adds the row and syncs it. An earlier instance that answers for this one must be durable itself first. */
    private Committed addRow(StoredInstance instance) {
        Judged judged = commitRow(instance);
        index.sync();
        if (judged.earlier() != null) {
            judged.earlier().join();
        }
        return judged.outcome();
    }

    /** One thread commits at a time, for all who wait: so an idle store hands nothing over, and rows share a page. */
    private Judged commitRow(StoredInstance instance) {
        Waiting mine = new Waiting(instance, new CompletableFuture<>());
        waiting.add(mine);
        committing.lock();
        try {
            while (!mine.judged().isDone()) {
                commit(nextGroup());
            }
        } finally {
            committing.unlock();
        }
        return mine.judged().join();
    }

    private List<Waiting> nextGroup() {
        List<Waiting> group = new ArrayList<>();
        while (group.size() < LARGEST_GROUP) {
            Waiting next = waiting.poll();
            if (next == null) {
                break;
            }
            group.add(next);
        }
        return group;
    }

    private void commit(List<Waiting> group) {
        List<Judged> judged;
        try {
            judged = judge(group.stream().map(Waiting::instance).toList());
        } catch (RuntimeException e) {
            if (group.size() == 1) {
                group.get(0).judged().completeExceptionally(e);
            } else {
                // Whatever it was, it shall not be the fault of a neighbour.
                group.forEach(one -> commit(List.of(one)));
            }
            return;
        } catch (Error e) {
            // Those whose rows these are wait for an answer.
            group.forEach(one -> one.judged().completeExceptionally(e));
            throw e;
        }
        for (int i = 0; i < group.size(); i++) {
            group.get(i).judged().complete(judged.get(i));
        }
    }

    private List<Judged> judge(List<StoredInstance> instances) {
        lockRowsWithoutLeftovers();
        try {
            return index.commit(instances, contents).stream()
                    .map(outcome -> new Judged(
                            outcome,
                            outcome.disposition() == Disposition.RESEND
                                    ? underWay.get(outcome.instance().receivedAt())
                                    : null))
                    .toList();
        } finally {
            rows.readLock().unlock();
        }
    }

    /** Takes the read lock at a moment when no row is left to take back: a resend must not be answered by such a row. */
    private void lockRowsWithoutLeftovers() {
        rows.readLock().lock();
        while (!rowsToTakeBack.isEmpty()) {
            rows.readLock().unlock();
            rows.writeLock().lock();
            try {
                takeBackRows();
            } finally {
                rows.writeLock().unlock();
            }
            rows.readLock().lock();
        }
    }

    /** Rows go before files: a row without a file would be an instance that is not there. */
    private void takeBack(
            StoredInstance instance,
            CompletableFuture<Void> settled,
            WalnutException reason,
            Promise<StoredInstance> durable) {
        LOG.error("an object was not committed: {}", reason.code(), reason);
        rows.writeLock().lock();
        try {
            rowsToTakeBack.add(instance);
            takeBackRows();
        } catch (RuntimeException e) {
            // File and arrival stay as they are: the next commit, or the next start, takes the row back.
            LOG.error("the row of a failed object could not be taken back yet", e);
        } finally {
            settled.completeExceptionally(reason);
            underWay.remove(instance.receivedAt());
            rows.writeLock().unlock();
        }
        store.tellRefused(reason.code());
        durable.fail(reason);
    }

    private void takeBackRows() {
        if (!rowsToTakeBack.isEmpty()) {
            index.delete(rowsToTakeBack);
            rowsToTakeBack.forEach(this::removeQuietly);
            rowsToTakeBack.clear();
        }
    }

    private void removeQuietly(StoredInstance instance) {
        try {
            store.remove(instance.receivedAt());
            store.arrivals().settle(instance.receivedAt());
        } catch (IOException e) {
            LOG.warn("a file without a row could not be removed; the next start will", e);
        }
    }

    /** Whether anything was committed since this was last asked. */
    boolean checkpointIsDue() {
        return commitsSinceCheckpoint.getAndSet(0) > 0;
    }
}
