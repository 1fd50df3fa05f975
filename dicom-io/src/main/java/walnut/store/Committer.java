package walnut.store;

import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.failure.WalnutException;

/**
 * The one thread that makes written objects into instances. Whatever waits becomes a group; three syncs then run side by
 * side: each file (on its writer's thread), their directory, and one index transaction. Only when all three are done is
 * anybody told.
 *
 * <p>If one of them fails the whole group is taken back, rows before files, and everybody in it is told to try again.
 */
final class Committer implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    /** How much a restart has to look at, at most, beside what was under way. */
    private static final int COMMITS_BETWEEN_CHECKPOINTS = 512;

    private static final long IDLE_CHECKPOINT_SECONDS = 5;

    /** An object whose bytes are written, whose file sync is under way, and whose sender waits. */
    record Pending(StoredInstance instance, CompletableFuture<Void> synced, Promise<StoredInstance> durable) {}

    private final InstanceStore store;
    private final InstanceIndex index;
    private final ContentComparison contents;
    /** What waits; an empty entry only wakes the thread. */
    private final BlockingQueue<Optional<Pending>> queue = new LinkedBlockingQueue<>();

    private final List<StoredInstance> rowsToTakeBack = new ArrayList<>();
    private volatile boolean closing;
    private int commitsSinceCheckpoint;

    Committer(InstanceStore store, InstanceIndex index) {
        this.store = store;
        this.index = index;
        this.contents =
                new StoredContents(store.disk(), store.layout(), store.config().maximumComparedBytes());
    }

    void submit(Pending pending) {
        queue.add(Optional.of(pending));
    }

    /** Lets the thread end when nothing waits any more; nothing may be submitted afterwards. */
    void finish() {
        closing = true;
        queue.add(Optional.empty());
    }

    @Override
    public void run() {
        while (true) {
            List<Pending> group = nextGroup();
            if (!group.isEmpty()) {
                commit(group);
            } else if (closing && queue.isEmpty()) {
                return;
            } else {
                writeCheckpoint();
            }
        }
    }

    /** Whatever waits, up to the limit; waits for it, and comes back empty when it is time for something else. */
    private List<Pending> nextGroup() {
        List<Optional<Pending>> waiting = new ArrayList<>();
        try {
            Optional<Pending> first =
                    commitsSinceCheckpoint == 0 ? queue.take() : queue.poll(IDLE_CHECKPOINT_SECONDS, TimeUnit.SECONDS);
            if (first != null) {
                waiting.add(first);
            }
        } catch (InterruptedException e) {
            closing = true;
        }
        queue.drainTo(waiting, store.config().maximumGroup() - waiting.size());
        return waiting.stream().flatMap(Optional::stream).toList();
    }

    private void commit(List<Pending> group) {
        List<Committed> outcomes = List.of();
        Throwable failure = null;
        List<CompletableFuture<Void>> syncs = new ArrayList<>();
        Set<Path> directories = group.stream()
                .map(pending -> store.layout().directory(pending.instance().receivedAt()))
                .collect(Collectors.toSet());
        directories.forEach(directory -> syncs.add(store.syncDirectoryAsync(directory)));
        group.forEach(pending -> syncs.add(pending.synced()));
        try {
            takeBackRows();
            outcomes = index.commit(group.stream().map(Pending::instance).toList(), contents);
        } catch (RuntimeException e) {
            failure = e;
        }
        for (CompletableFuture<Void> sync : syncs) {
            Throwable reason = failureOf(sync);
            failure = failure == null ? reason : failure;
        }
        if (failure == null) {
            acknowledge(group, outcomes);
        } else {
            takeBack(group, StorageFailure.of(failure));
        }
        commitsSinceCheckpoint += group.size();
        if (commitsSinceCheckpoint >= COMMITS_BETWEEN_CHECKPOINTS) {
            writeCheckpoint();
        }
    }

    private void acknowledge(List<Pending> group, List<Committed> outcomes) {
        for (int i = 0; i < group.size(); i++) {
            Pending pending = group.get(i);
            Committed outcome = outcomes.get(i);
            if (outcome.disposition() == Disposition.RESEND) {
                removeQuietly(pending.instance());
            } else {
                store.arrivals().settle(pending.instance().receivedAt());
            }
            store.tell(outcome);
            pending.durable().complete(outcome.instance());
        }
    }

    /** Rows go before files: a row without a file would be an instance that is not there. */
    private void takeBack(List<Pending> group, WalnutException reason) {
        LOG.error("a group of {} was not committed: {}", group.size(), reason.code(), reason);
        group.forEach(pending -> rowsToTakeBack.add(pending.instance()));
        try {
            takeBackRows();
        } catch (RuntimeException e) {
            // Files and arrivals stay as they are: the next commit, or the next start, takes them back.
            LOG.error("rows of a failed group could not be taken back yet", e);
        }
        for (Pending pending : group) {
            store.tellRefused(reason.code());
            pending.durable().fail(reason);
        }
    }

    /** Until this succeeds nothing is committed: a resend must not be answered by a row of a failed group. */
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

    private void writeCheckpoint() {
        if (commitsSinceCheckpoint == 0) {
            return;
        }
        commitsSinceCheckpoint = 0;
        store.writeCheckpoint();
    }

    private static @Nullable Throwable failureOf(CompletableFuture<Void> sync) {
        try {
            sync.get();
            return null;
        } catch (ExecutionException | CompletionException e) {
            return e.getCause() == null ? e : e.getCause();
        } catch (InterruptedException e) {
            return e;
        }
    }
}
