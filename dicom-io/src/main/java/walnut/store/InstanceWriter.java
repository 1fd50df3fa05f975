package walnut.store;

import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One object on its way to disk. Methods return at once and may be called by an event loop, by one thread at a time;
 * the work happens in order on store threads, which also complete the futures.
 */
public interface InstanceWriter {

    /**
     * Appends data set bytes as they came. The buffers belong to the store until the future completes; it completes
     * without error even when the object has already failed, so bytes outstanding can be counted by it.
     */
    Future<Void> write(List<ByteBuffer> chunk);

    /**
     * Declares the data set complete. The future completes when file, directory and index row are synced, with the
     * instance (for a resend: the one that was already there), or fails with a
     * {@link walnut.failure.WalnutException} whose code fixes the DIMSE status, and then nothing of it remains but what
     * quarantine keeps.
     */
    Future<StoredInstance> commit();

    /** Drops the object, for instance when its association ended before its last byte. */
    void abandon();
}
