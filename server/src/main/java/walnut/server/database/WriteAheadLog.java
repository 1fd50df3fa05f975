package walnut.server.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.SharedSync;
import walnut.store.StorageFailure;

/**
 * SQLite's log of committed pages, synced by whoever waits for a commit instead of by the commit itself.
 *
 * <p>With {@code synchronous=FULL} a commit syncs this file while it holds the only write lock, so that commits follow
 * each other at the pace of the disk. With NORMAL it has written its frames when it returns, and one fsync of the file, by
 * anybody, makes that commit and every earlier one durable: the same promise, and those who wait share one sync.
 * A checkpoint syncs the log before it moves pages out of it, also with NORMAL.
 *
 * <p>After a failed sync nobody knows what of the log is on the disk: the kernel tells a failure once, drops what it could
 * not write or keeps it as if it were written, and lets the next sync succeed. So the log is in doubt from then on, and
 * nothing is written to the database until its bytes were all written and synced once more ({@link #endDoubt}).
 */
final class WriteAheadLog {
    private static final Logger LOG = LoggerFactory.getLogger(WriteAheadLog.class);

    /** What is asked of the log's file. The seam at which a test lets the disk fail. */
    interface LogFile {
        void sync() throws IOException;

        /** Writes every byte again where it is, and syncs. */
        void writeAgain() throws IOException;
    }

    private final LogFile file;
    private final SharedSync shared;
    private volatile boolean inDoubt;

    WriteAheadLog(LogFile file) {
        this.file = file;
        this.shared = new SharedSync(this::syncOrDoubt);
    }

    /** The log beside a database's file. */
    static LogFile beside(Path database) {
        return new FileOnDisk(database.resolveSibling(database.getFileName() + "-wal"));
    }

    /**
     * When this returns, every commit that returned before it was called is on the disk.
     *
     * @throws WalnutException STORAGE_FULL or STORAGE_FAILED when that is not so, or not known
     */
    void sync() {
        try {
            shared.await();
        } catch (IOException e) {
            throw StorageFailure.of(e);
        }
    }

    private void syncOrDoubt() throws IOException {
        if (inDoubt) {
            throw new IOException("an earlier sync of the log failed");
        }
        boolean synced = false;
        try {
            file.sync();
            synced = true;
        } finally {
            if (!synced) {
                doubt();
            }
        }
    }

    /** Somebody met an error of the disk that may concern the log. */
    void doubt() {
        if (!inDoubt) {
            inDoubt = true;
            LOG.error("the log of the database could not be synced: nothing is stored until it was written again");
        }
    }

    boolean isInDoubt() {
        return inDoubt;
    }

    /**
     * Writes and syncs the whole log anew where it is in doubt. Called by the only one who may write to the database,
     * before anything is written.
     *
     * @throws WalnutException INDEX_NOT_SYNCED when the disk does not take it yet
     */
    void endDoubt() {
        if (!inDoubt) {
            return;
        }
        try {
            file.writeAgain();
        } catch (IOException e) {
            throw new WalnutException(
                    FailureCode.INDEX_NOT_SYNCED,
                    "the index could not be synced, and nothing is stored until it is",
                    e);
        }
        inDoubt = false;
        LOG.warn("the log of the database was written and synced again: objects are stored again");
    }

    /**
     * Opened for each use, since it is another file after the last connection has closed. The locks of SQLite lie on its
     * other two files, so closing this one lets none go.
     */
    private record FileOnDisk(Path path) implements LogFile {
        private static final int CHUNK_BYTES = 1 << 16;

        @Override
        public void sync() throws IOException {
            try (FileChannel log = FileChannel.open(path, StandardOpenOption.WRITE)) {
                log.force(false);
            }
        }

        @Override
        public void writeAgain() throws IOException {
            try (FileChannel log = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
                long position = 0;
                while (log.read(chunk.clear(), position) > 0) {
                    chunk.flip();
                    while (chunk.hasRemaining()) {
                        position += log.write(chunk, position);
                    }
                }
                log.force(true);
            }
        }
    }
}
