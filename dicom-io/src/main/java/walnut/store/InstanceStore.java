package walnut.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Durable instances under one data directory. One store per directory: the caller holds its lock.
 *
 * <p>Threads: writers stream and digest objects and make them durable; where that is quicker, syncers sync
 * files and directories beside them; one thread writes checkpoints. Futures complete on the writers.
 */
public final class InstanceStore implements InstanceReceiver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceStore.class);

    private static final long CHECKPOINT_SECONDS = 5;

    private final Disk disk;
    private final StoreLayout layout;
    private final StoreConfig config;
    private final InstanceListener listener;
    private final Arrivals arrivals;
    private final Checkpoint checkpoint;
    private final ExecutorService writerThreads;
    private final ExecutorService syncThreads;
    private final ScheduledExecutorService checkpoints;
    private final SyncPace pace;
    private final Committer committer;
    private final Set<InstanceFileWriter> open = ConcurrentHashMap.newKeySet();
    private final Set<Path> knownDirectories = ConcurrentHashMap.newKeySet();
    /** Of each directory that objects are written into; a day's directory has one. */
    private final ConcurrentMap<Path, SharedSync> directorySyncs = new ConcurrentHashMap<>();
    /** Directories from which files were deleted since the last checkpoint. */
    private final Set<Path> thinned = ConcurrentHashMap.newKeySet();

    private InstanceStore(
            Disk disk,
            StoreLayout layout,
            InstanceIndex index,
            InstanceListener listener,
            StoreConfig config,
            Arrivals arrivals,
            Checkpoint checkpoint,
            SyncPace pace) {
        this.disk = disk;
        this.layout = layout;
        this.listener = listener;
        this.config = config;
        this.arrivals = arrivals;
        this.checkpoint = checkpoint;
        this.writerThreads = Executors.newFixedThreadPool(config.writerThreads(), named("walnut-store-write-"));
        this.syncThreads = Executors.newCachedThreadPool(named("walnut-store-sync-"));
        this.pace = pace;
        this.committer = new Committer(this, index);
        this.checkpoints = Executors.newSingleThreadScheduledExecutor(named("walnut-store-checkpoint-"));
        checkpoints.scheduleWithFixedDelay(
                this::writeCheckpointIfDue, CHECKPOINT_SECONDS, CHECKPOINT_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Opens the store, first settling whatever a crash left behind: rows whose file is missing, short or different
     * lose the row, files that no row names are removed. Blocks; call it from a worker.
     */
    public static InstanceStore open(
            Path dataDirectory, InstanceIndex index, InstanceListener listener, StoreConfig config, Clock clock) {
        return open(dataDirectory, index, listener, config, clock, new LocalDisk());
    }

    static InstanceStore open(
            Path dataDirectory,
            InstanceIndex index,
            InstanceListener listener,
            StoreConfig config,
            Clock clock,
            Disk disk) {
        return open(dataDirectory, index, listener, config, clock, disk, SyncPace.measured());
    }

    static InstanceStore open(
            Path dataDirectory,
            InstanceIndex index,
            InstanceListener listener,
            StoreConfig config,
            Clock clock,
            Disk disk,
            SyncPace pace) {
        StoreLayout layout = new StoreLayout(dataDirectory);
        Checkpoint checkpoint = new Checkpoint(disk, layout);
        try {
            disk.createDirectory(layout.root());
            boolean first = disk.list(layout.root()).stream().noneMatch(layout.instances()::equals);
            disk.createDirectory(layout.instances());
            disk.createDirectory(layout.quarantine());
            if (first) {
                checkpoint.write(0);
            }
            disk.syncDirectory(layout.instances());
            disk.syncDirectory(layout.root());
            long latest = new Settlement(disk, layout, index).run(checkpoint.read());
            checkpoint.write(latest + 1);
            return new InstanceStore(
                    disk, layout, index, listener, config, new Arrivals(clock, latest), checkpoint, pace);
        } catch (IOException e) {
            throw StorageFailure.of(e);
        }
    }

    @Override
    public InstanceWriter begin(InstanceOrigin origin) {
        long arrival = arrivals.next();
        InstanceFileWriter writer = new InstanceFileWriter(this, origin, arrival, new OrderedTasks(writerThreads));
        open.add(writer);
        return writer;
    }

    /** The absolute path of an instance's file. */
    public Path path(StoredInstance instance) {
        return layout.root().resolve(instance.file());
    }

    /** Finishes what was declared complete, then stops; anything else is dropped. Blocks. */
    @Override
    public void close() {
        try {
            writerThreads.shutdown();
            awaitEnd(writerThreads);
            open.forEach(InstanceFileWriter::discard);
            syncThreads.shutdown();
            awaitEnd(syncThreads);
            checkpoints.shutdownNow();
            awaitEnd(checkpoints);
            writeCheckpoint();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("interrupted while closing; the next start settles what is left");
        }
    }

    private static void awaitEnd(ExecutorService threads) throws InterruptedException {
        while (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
            LOG.warn("still waiting for the disk before closing");
        }
    }

    Disk disk() {
        return disk;
    }

    StoreLayout layout() {
        return layout;
    }

    StoreConfig config() {
        return config;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    Committer committer() {
        return committer;
    }

    void forget(InstanceFileWriter writer) {
        open.remove(writer);
    }

    /** Refuses new objects while there is still room for the index to commit what is under way. */
    void requireSpace() throws IOException {
        if (disk.usableSpace(layout.root()) < config.reserveBytes()) {
            throw new WalnutException(
                    FailureCode.STORAGE_FULL, "less than " + (config.reserveBytes() >> 20) + " MiB of disk are free");
        }
    }

    /** Makes the day's directory durable before the first file is created in it. */
    void requireDirectory(Path directory) {
        if (knownDirectories.contains(directory)) {
            return;
        }
        synchronized (knownDirectories) {
            if (knownDirectories.contains(directory)) {
                return;
            }
            try {
                disk.createDirectory(directory);
                disk.syncDirectory(layout.instances());
            } catch (IOException e) {
                throw StorageFailure.of(e);
            }
            knownDirectories.add(directory);
        }
    }

    /** Begins to make a file durable whose last byte was written. */
    FileSyncs beginSyncs(Disk.DiskFile file, long arrival) {
        return FileSyncs.begin(this, pace, file, layout.directory(arrival));
    }

    /** Makes every name that was made in a directory before this call durable; those who ask together share one sync. */
    void syncDirectory(Path directory) throws IOException {
        directorySyncs
                .computeIfAbsent(directory, synced -> new SharedSync(() -> disk.syncDirectory(synced)))
                .await();
    }

    /** Syncs on a thread of its own. */
    CompletableFuture<Void> besideAsync(SharedSync.Sync sync) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        sync.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                syncThreads);
    }

    void remove(long arrival) throws IOException {
        disk.delete(layout.file(arrival));
        thinned.add(layout.directory(arrival));
    }

    void writeCheckpointSoon() {
        try {
            checkpoints.execute(this::writeCheckpointIfDue);
        } catch (RejectedExecutionException e) {
            LOG.trace("closing writes the checkpoint", e);
        }
    }

    private void writeCheckpointIfDue() {
        if (committer.checkpointIsDue()) {
            writeCheckpoint();
        }
    }

    /** Deletions before it are synced first, so that a settled file cannot come back. */
    private void writeCheckpoint() {
        try {
            long settledBefore = arrivals.settledBefore();
            for (Path directory : Set.copyOf(thinned)) {
                thinned.remove(directory);
                disk.syncDirectory(directory);
            }
            checkpoint.write(settledBefore);
        } catch (IOException e) {
            LOG.warn("no checkpoint was written; the next start has more to look at", e);
        }
    }

    void tell(Committed outcome) {
        try {
            switch (outcome.disposition()) {
                case NEW:
                    listener.stored(outcome.instance());
                    return;
                case RESEND:
                    listener.resent(outcome.instance());
                    return;
                case ATTRIBUTE_UPDATE:
                    listener.updated(outcome.instance());
                    return;
                case CONFLICT:
                    listener.conflicted(outcome.instance());
                    return;
            }
        } catch (RuntimeException e) {
            LOG.error("an instance listener failed", e);
        }
    }

    void tellRefused(FailureCode code) {
        try {
            listener.refused(code);
        } catch (RuntimeException e) {
            LOG.error("an instance listener failed", e);
        }
    }

    static WalnutException closing() {
        return new WalnutException(FailureCode.BUSY, "the store is closing");
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
