package walnut.server.retention;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** How large the disk is and how much of it is free, in bytes. */
public record DiskSpace(long total, long free) {

    /** Of the disk that a folder lies on. */
    public static DiskSpace of(Path folder) {
        try {
            FileStore disk = Files.getFileStore(folder);
            return new DiskSpace(disk.getTotalSpace(), disk.getUsableSpace());
        } catch (IOException e) {
            throw new WalnutException(FailureCode.STORAGE_FAILED, "the disk does not say how full it is", e);
        }
    }

    /** Whether more than this part of it is used when so many bytes have gone. */
    boolean isFullerThan(int percent, long gone) {
        return total - free - gone > total / 100 * percent;
    }
}
