package walnut.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the store asks of a disk, and when each wish is durable. The seam at which a test takes the power away.
 *
 * <p>Nothing survives a power cut unless it was synced: a file's bytes by {@link DiskFile#sync}, a name (created, moved
 * or deleted) by {@link #syncDirectory} of the directory it is in.
 */
interface Disk {
    /** Creates a file that must not exist yet. */
    DiskFile create(Path file) throws IOException;

    InputStream read(Path file) throws IOException;

    /** Size in bytes; empty when there is no such file. */
    OptionalLong size(Path file) throws IOException;

    void syncFile(Path file) throws IOException;

    /** Creates a directory unless it is there; its parent must be. */
    void createDirectory(Path directory) throws IOException;

    void syncDirectory(Path directory) throws IOException;

    /** Names within a directory, in their natural order. */
    List<Path> list(Path directory) throws IOException;

    /** Renames, replacing what is there. */
    void move(Path from, Path to) throws IOException;

    /** Deletes a file unless it is gone. */
    void delete(Path file) throws IOException;

    long usableSpace(Path directory) throws IOException;

    /** A file being written. */
    interface DiskFile extends AutoCloseable {
        /** Appends all remaining bytes of all buffers. */
        void write(List<ByteBuffer> buffers) throws IOException;

        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }
}
