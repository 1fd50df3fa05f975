package walnut.server.cli;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import walnut.dicom.data.Uid;
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

/** The archive that the demo's results go to: a store of its own behind a DICOM port of its own, as a PACS would be. */
final class ReceivingArchive implements AutoCloseable {
    static final String AE_TITLE = "ARCHIVE";

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Map<String, Long> firstCaptureAt = new ConcurrentHashMap<>();
    private final Map<String, Integer> objects = new ConcurrentHashMap<>();
    private final int port;

    ReceivingArchive(Path folder) {
        Clock clock = Clock.systemUTC();
        Database database = Database.open(folder.resolve("archive.db"));
        parts.push(database);
        DatabaseInstanceIndex index =
                new DatabaseInstanceIndex(database, Duration.ofDays(1), clock, new Ids(clock, new SecureRandom()));
        InstanceStore store =
                InstanceStore.open(folder.resolve("store"), index, listener(), StoreConfig.defaults(), clock);
        parts.push(store);
        Vertx vertx = Vertx.vertx();
        parts.push(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
        DimseServer server = DimseServer.create(
                vertx,
                DimseServerConfig.defaults().withPort(0).withAeTitle(AE_TITLE),
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
                objects.merge(instance.studyInstanceUid(), 1, Integer::sum);
                if (instance.sopClassUid().equals(Uid.SecondaryCaptureImageStorage)) {
                    firstCaptureAt.putIfAbsent(instance.studyInstanceUid(), System.nanoTime());
                }
            }
        };
    }

    /** As {@code dicom.destinations} takes it. */
    String asDestination() {
        return "archive=" + AE_TITLE + "@127.0.0.1:" + port;
    }

    int objectsOf(String studyInstanceUid) {
        return objects.getOrDefault(studyInstanceUid, 0);
    }

    /** {@link System#nanoTime()} when the first page of a study's result was stored. */
    OptionalLong firstCaptureAt(String studyInstanceUid) {
        Long at = firstCaptureAt.get(studyInstanceUid);
        return at == null ? OptionalLong.empty() : OptionalLong.of(at);
    }

    @Override
    public void close() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }
}
