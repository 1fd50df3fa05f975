package walnut.server.cli;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import walnut.dicom.net.scp.DimseServer;
import walnut.dicom.net.scp.DimseServerConfig;
import walnut.dicom.net.scp.DimseServerListener;
import walnut.server.database.Database;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.Ids;
import walnut.store.InstanceListener;
import walnut.store.InstanceStore;
import walnut.store.StoreConfig;
import walnut.store.StoredInstance;

/** An archive that tells how often an object was new to it, came again as it was, or came with other bytes. */
final class CountingArchive implements AutoCloseable {
    private final Map<String, Integer> stored = new ConcurrentHashMap<>();
    private final AtomicInteger resent = new AtomicInteger();
    private final AtomicInteger changed = new AtomicInteger();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final int port;

    CountingArchive(Path folder) {
        Clock clock = Clock.systemUTC();
        Database database = Database.open(folder.resolve("archive.db"));
        parts.push(database);
        DatabaseInstanceIndex index =
                new DatabaseInstanceIndex(database, Duration.ofDays(1), clock, new Ids(clock, new Random(1)));
        InstanceStore store =
                InstanceStore.open(folder.resolve("store"), index, listener(), StoreConfig.defaults(), clock);
        parts.push(store);
        Vertx vertx = Vertx.vertx();
        parts.push(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
        DimseServer server = DimseServer.create(
                vertx,
                DimseServerConfig.defaults().withPort(0).withAeTitle("ARCHIVE"),
                store,
                new DimseServerListener() {});
        server.start().toCompletionStage().toCompletableFuture().join();
        parts.push(() -> server.stop().toCompletionStage().toCompletableFuture().join());
        port = server.port();
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
        return "archive=ARCHIVE@127.0.0.1:" + port;
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
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }
}
