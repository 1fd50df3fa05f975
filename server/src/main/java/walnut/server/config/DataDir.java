package walnut.server.config;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * The folder that holds everything this node must not lose. One process owns it at a time, by a lock on one file; or, with
 * a database that they share, several do, each with a folder in it that is its own.
 */
public final class DataDir implements AutoCloseable {
    private final Path root;
    private final Path node;
    private final List<FileChannel> lockFiles;

    private DataDir(Path root, Path node, List<FileChannel> lockFiles) {
        this.root = root;
        this.node = node;
        this.lockFiles = lockFiles;
    }

    /** @throws WalnutException DATA_DIR_LOCKED while another process has it, STORAGE_FAILED where it can't be made */
    public static DataDir open(Path root) {
        return new DataDir(root, root, List.of(locked(root, false)));
    }

    /**
     * For one of several nodes on one database; refused to a node that is alone, and while one of this name runs.
     *
     * @throws WalnutException as {@link #open}
     */
    public static DataDir openShared(Path root, String nodeName) {
        FileChannel shared = locked(root, true);
        try {
            Path node = nodeFolder(root, nodeName);
            return new DataDir(root, node, List.of(locked(node, false), shared));
        } catch (RuntimeException e) {
            closeQuietly(shared);
            throw e;
        }
    }

    /**
     * For a command that works beside a running node, on what other processes may change too.
     *
     * @param nodeName of one of several nodes on one database; empty for a node that is alone
     */
    public static DataDir beside(Path root, Optional<String> nodeName) {
        Path node = nodeName.map(name -> nodeFolder(root, name)).orElse(root);
        try {
            Files.createDirectories(node);
        } catch (IOException e) {
            throw new WalnutException(
                    FailureCode.STORAGE_FAILED, "cannot use the data directory " + node + ": " + e.getMessage(), e);
        }
        return new DataDir(root, node, List.of());
    }

    private static Path nodeFolder(Path root, String nodeName) {
        return root.resolve("nodes").resolve(nodeName);
    }

    private static FileChannel locked(Path folder, boolean shared) {
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    folder.resolve("lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (lock(channel, shared) == null) {
                channel.close();
                throw new WalnutException(
                        FailureCode.DATA_DIR_LOCKED,
                        "the data directory is in use by another walnut; stop it or choose another --data-dir");
            }
            return channel;
        } catch (IOException e) {
            throw new WalnutException(
                    FailureCode.STORAGE_FAILED, "cannot use the data directory " + folder + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    public Path root() {
        return root;
    }

    /** What is this node's own: the images that it received, how far its ledger has come. */
    public Path node() {
        return node;
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
        lockFiles.forEach(DataDir::closeQuietly);
    }

    private static void closeQuietly(FileChannel lockFile) {
        try {
            lockFile.close();
        } catch (IOException ignored) {
            // The operating system drops the lock with the process; nothing else depends on this file.
        }
    }
}
