package walnut.server.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import walnut.store.InstanceListener;
import walnut.store.StoredInstance;

/** An archive that tells how often an object was new to it, came again as it was, or came with other bytes. */
final class CountingArchive implements AutoCloseable {
    private final Map<String, Integer> stored = new ConcurrentHashMap<>();
    private final AtomicInteger resent = new AtomicInteger();
    private final AtomicInteger changed = new AtomicInteger();
    private final LoopbackArchive archive;

    CountingArchive(Path folder) {
        archive = new LoopbackArchive(folder, listener());
    }

    private InstanceListener listener() {
        return new InstanceListener() {
            @Override
            public void stored(StoredInstance instance) {
                stored.merge(instance.sopInstanceUid(), 1, Integer::sum);
            }

            @Override
            public void resent(StoredInstance existing) {
                resent.incrementAndGet();
            }

            @Override
            public void updated(StoredInstance added) {
                changed.incrementAndGet();
            }

            @Override
            public void conflicted(StoredInstance added) {
                changed.incrementAndGet();
            }
        };
    }

    String asDestination() {
        return archive.asDestination();
    }

    /** How often each object came that was not there before, by SOP Instance UID. */
    Map<String, Integer> stored() {
        return Map.copyOf(stored);
    }

    /** Objects that came again with the same data set. */
    int resent() {
        return resent.get();
    }

    /** Objects whose UID came with another content. */
    int changed() {
        return changed.get();
    }

    @Override
    public void close() throws Exception {
        archive.close();
    }
}
