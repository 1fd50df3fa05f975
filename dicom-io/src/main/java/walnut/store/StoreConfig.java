package walnut.store;

import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Limits of an {@link InstanceStore}.
 *
 * @param writerThreads threads that write and digest objects and make them durable
 * @param maximumInstanceBytes larger objects are refused with DATASET_TOO_LARGE
 * @param reserveBytes free space below which new objects are refused with STORAGE_FULL, so that the index can still
 *     commit
 * @param maximumComparedBytes larger objects under a SOP Instance UID that is known with other bytes are not read into
 *     memory to be compared: they are a conflict
 */
public record StoreConfig(int writerThreads, long maximumInstanceBytes, long reserveBytes, long maximumComparedBytes) {
    private static final long DEFAULT_COMPARED_BYTES = 256L << 20;

    public StoreConfig {
        require(writerThreads >= 1, "store writer threads: at least 1");
        require(maximumInstanceBytes >= 1, "store maximum instance bytes: at least 1");
        require(reserveBytes >= 0, "store reserve bytes: at least 0");
        require(maximumComparedBytes >= 0, "store maximum compared bytes: at least 0");
    }

    public StoreConfig(int writerThreads, long maximumInstanceBytes, long reserveBytes) {
        this(writerThreads, maximumInstanceBytes, reserveBytes, DEFAULT_COMPARED_BYTES);
    }

    public static StoreConfig defaults() {
        return new StoreConfig(8, 8L << 30, 256L << 20);
    }

    private static void require(boolean condition, String sentence) {
        if (!condition) {
            throw new WalnutException(FailureCode.CONFIGURATION_INVALID, sentence);
        }
    }
}
