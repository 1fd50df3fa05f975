package walnut.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** Names what a disk did to us. The operating system's own sentence is the only way to know a full disk on Java 17. */
public final class StorageFailure {
    private StorageFailure() {}

    public static WalnutException of(Throwable cause) {
        if (cause instanceof WalnutException) {
            return (WalnutException) cause;
        }
        if (cause instanceof CompletionException && cause.getCause() != null) {
            return of(cause.getCause());
        }
        // The cause's own message may name a path; ours goes out to the peer.
        if (isFull(cause)) {
            return new WalnutException(FailureCode.STORAGE_FULL, "the disk is full", cause);
        }
        boolean disk = cause instanceof IOException || cause instanceof UncheckedIOException;
        return new WalnutException(FailureCode.STORAGE_FAILED, disk ? "the disk failed" : "the store failed", cause);
    }

    /** A file's ENOSPC or EDQUOT, or SQLite's word for it, somewhere down the chain of causes. */
    private static boolean isFull(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < 16; cause = cause.getCause(), depth++) {
            String sentence = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (sentence.contains("no space left")
                    || sentence.contains("quota exceeded")
                    || sentence.contains("disk is full")) {
                return true;
            }
        }
        return false;
    }
}
