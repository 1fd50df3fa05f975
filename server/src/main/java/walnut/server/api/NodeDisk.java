package walnut.server.api;

/** The disk that holds the data directory. Methods may block. */
public interface NodeDisk {

    /** @param freeBytes that this process may still write */
    record Report(long totalBytes, long freeBytes) {}

    Report report();
}
