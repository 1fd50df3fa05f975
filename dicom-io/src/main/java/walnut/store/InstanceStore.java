package walnut.store;

import java.nio.file.Path;
import java.time.Clock;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** Durable instances under one data directory: see the package for what is promised, and {@link #open} for its life. */
public final class InstanceStore implements InstanceReceiver, AutoCloseable {

    private InstanceStore() {}

    /**
     * Opens the store, first settling whatever a crash left behind: rows whose file is missing, short or different
     * lose the row, files that no row names are removed. Blocks; call it from a worker.
     */
    public static InstanceStore open(
            Path dataDirectory, InstanceIndex index, InstanceListener listener, StoreConfig config, Clock clock) {
        throw new WalnutException(FailureCode.INTERNAL_ERROR, "InstanceStore is about to be built");
    }

    @Override
    public InstanceWriter begin(InstanceOrigin origin) {
        throw new WalnutException(FailureCode.INTERNAL_ERROR, "InstanceStore is about to be built");
    }

    /** The absolute path of an instance's file. */
    public Path path(StoredInstance instance) {
        throw new WalnutException(FailureCode.INTERNAL_ERROR, "InstanceStore is about to be built");
    }

    /** Finishes what was declared complete, then stops; anything else is dropped. Blocks. */
    @Override
    public void close() {}
}
