package walnut.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** Names what a disk did to us. The operating system's own sentence is the only way to know a full disk on Java 17. */
final class StorageFailure {
    private StorageFailure() {}

    static WalnutException of(IOException cause) {
        String sentence = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        boolean full = sentence.contains("no space left") || sentence.contains("quota exceeded");
        // The cause's own message may name a path; ours goes out to the peer.
        return full
                ? new WalnutException(FailureCode.STORAGE_FULL, "the disk is full", cause)
                : new WalnutException(FailureCode.STORAGE_FAILED, "the disk failed", cause);
    }

    static WalnutException of(Throwable cause) {
        if (cause instanceof WalnutException) {
            return (WalnutException) cause;
        }
        if (cause instanceof IOException) {
            return of((IOException) cause);
        }
        if (cause instanceof CompletionException && cause.getCause() != null) {
            return of(cause.getCause());
        }
        if (cause instanceof UncheckedIOException) {
            IOException checked = ((UncheckedIOException) cause).getCause();
            return of(checked == null ? new IOException(cause) : checked);
        }
        return new WalnutException(FailureCode.STORAGE_FAILED, "the store failed", cause);
    }
}
