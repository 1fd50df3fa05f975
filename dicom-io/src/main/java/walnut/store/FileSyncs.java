package walnut.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The syncs of an object's file and of the directory that names it, begun when its last byte was written: where they run
 * on threads of their own they do so while the object is still digested, its header read and its row added.
 */
final class FileSyncs {
    private final SyncPace pace;
    private final SyncPace.Order order;
    private final long began;
    private final SharedSync.Sync fileAndName;
    private final List<CompletableFuture<Void>> beside;

    private FileSyncs(
            SyncPace pace,
            SyncPace.Order order,
            long began,
            SharedSync.Sync fileAndName,
            List<CompletableFuture<Void>> beside) {
        this.pace = pace;
        this.order = order;
        this.began = began;
        this.fileAndName = fileAndName;
        this.beside = beside;
    }

    static FileSyncs begin(InstanceStore store, SyncPace pace, Disk.DiskFile file, Path directory) {
        long began = System.nanoTime();
        SyncPace.Order order = pace.next();
        SharedSync.Sync name = () -> store.syncDirectory(directory);
        SharedSync.Sync fileAndName = () -> {
            file.sync();
            name.run();
        };
        List<CompletableFuture<Void>> beside =
                switch (order) {
                    case IN_TURN -> List.of();
                    case ROW_BESIDE -> List.of(store.besideAsync(fileAndName));
                    case SIDE_BY_SIDE -> List.of(store.besideAsync(file::sync), store.besideAsync(name));
                };
        return new FileSyncs(pace, order, began, fileAndName, beside);
    }

    /** Syncs now where nothing was begun: then the row waits for this. */
    void beforeRow() throws IOException {
        if (order == SyncPace.Order.IN_TURN) {
            fileAndName.run();
        }
    }

    /** Waits until what was begun has ended, whatever became of it; returns what went wrong first, if anything. */
    @Nullable
    Throwable failure() {
        Throwable first = null;
        for (CompletableFuture<Void> sync : beside) {
            try {
                sync.join();
            } catch (CompletionException | CancellationException e) {
                first = first == null ? e : first;
            }
        }
        return first;
    }

    /** The object is durable: how long that took says which order is quickest. */
    void ended() {
        pace.took(order, System.nanoTime() - began);
    }
}
