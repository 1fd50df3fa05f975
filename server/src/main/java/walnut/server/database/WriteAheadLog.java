package walnut.server.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.SharedSync;

/**
 * SQLite's log of committed pages, synced by whoever waits for a commit instead of by the commit itself.
 *
 * <p>With {@code synchronous=FULL} a commit syncs this file while it holds the only write lock, so that commits follow
 * each other at the pace of the disk. With NORMAL it has written its frames when it returns, and one fsync of the file, by
 * anybody, makes that commit and every earlier one durable: the same promise, and those who wait share one sync.
 * A checkpoint syncs the log before it moves pages out of it, also with NORMAL. The log is opened for each sync, since
 * it is another file after the last connection has closed. The locks of SQLite lie on its other two files, so closing
 * this one lets none go.
 */
final class WriteAheadLog {
    private final SharedSync shared;

    WriteAheadLog(Path database) {
        Path file = database.resolveSibling(database.getFileName() + "-wal");
        this.shared = new SharedSync(() -> {
            try (FileChannel log = FileChannel.open(file, StandardOpenOption.WRITE)) {
                log.force(false);
            }
        });
    }

    /** When this returns, every commit that returned before it was called is on the disk. */
    void sync() {
        try {
            shared.await();
        } catch (IOException e) {
            throw new WalnutException(FailureCode.STORAGE_FAILED, "the index could not be synced", e);
        }
    }
}
