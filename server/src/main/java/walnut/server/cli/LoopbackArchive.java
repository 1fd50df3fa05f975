package walnut.server.cli;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import walnut.dicom.net.scp.DimseServer;
import walnut.dicom.net.scp.DimseServerConfig;
import walnut.dicom.net.scp.DimseServerListener;
import walnut.server.database.Database;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.Ids;
import walnut.store.InstanceListener;
import walnut.store.InstanceStore;
import walnut.store.StoreConfig;

/** A store of its own behind a DICOM port of its own on loopback, as a PACS would be; its listener hears what arrives. */
final class LoopbackArchive implements AutoCloseable {
    private static final String AE_TITLE = "ARCHIVE";

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final int port;

    LoopbackArchive(Path folder, InstanceListener listener) {
        Clock clock = Clock.systemUTC();
        Database database = Database.open(folder.resolve("archive.db"));
        parts.push(database);
        DatabaseInstanceIndex index =
                new DatabaseInstanceIndex(database, Duration.ofDays(1), clock, new Ids(clock, new SecureRandom()));
        InstanceStore store =
                InstanceStore.open(folder.resolve("store"), index, listener, StoreConfig.defaults(), clock);
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

    /** As {@code dicom.destinations} takes it. */
    String asDestination() {
        return "archive=" + AE_TITLE + "@127.0.0.1:" + port;
    }

    @Override
    public void close() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }
}
