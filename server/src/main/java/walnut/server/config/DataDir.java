package walnut.server.config;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** The folder that holds everything this node must not lose. One process owns it at a time, by a lock on one file. */
public final class DataDir implements AutoCloseable {
    private final Path root;
    private final FileChannel lockFile;

    private DataDir(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /** @throws WalnutException DATA_DIR_LOCKED while another process has it, STORAGE_FAILED where it can't be made */
    public static DataDir open(Path root) {
        try {
            Files.createDirectories(root);
            FileChannel channel =
                    FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                throw new WalnutException(
                        FailureCode.DATA_DIR_LOCKED,
                        "the data directory is in use by another walnut; stop it or choose another --data-dir");
            }
            return new DataDir(root, channel);
        } catch (IOException e) {
            throw new WalnutException(
                    FailureCode.STORAGE_FAILED, "cannot use the data directory " + root + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    public Path root() {
        return root;
    }

    public Path database() {
        return root.resolve("walnut.db");
    }

    /** Made and removed while the node starts. */
    public Path warmUp() {
        return root.resolve("warm-up");
    }

    /** Received DICOM objects. */
    public Path instances() {
        return root.resolve("instances");
    }

    /** Model packages by digest. */
    public Path models() {
        return root.resolve("models");
    }

    /** Heatmaps and other arrays that belong to a prediction. */
    public Path predictions() {
        return root.resolve("predictions");
    }

    /** DICOM objects that leave, or left, for a prediction. */
    public Path results() {
        return root.resolve("results");
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException ignored) {
            // The operating system drops the lock with the process; nothing else depends on this file.
        }
    }
}
