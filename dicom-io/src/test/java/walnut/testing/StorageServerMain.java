package walnut.testing;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import walnut.dicom.net.scp.DimseServer;
import walnut.dicom.net.scp.DimseServerConfig;
import walnut.dicom.net.scp.DimseServerListener;
import walnut.store.InstanceListener;
import walnut.store.InstanceStore;
import walnut.store.StoreConfig;

/**
 * The DICOM server and the store alone, as a process to be measured or killed: {@code StorageServerMain DATA_DIR PORT}.
 * Prints {@code listening PORT} when it is ready.
 */
public final class StorageServerMain {
    private StorageServerMain() {}

    public static void main(String[] args) throws Exception {
        Path dataDirectory = Files.createDirectories(Path.of(args[0]));
        JournalInstanceIndex index = new JournalInstanceIndex(dataDirectory.resolve("index.journal"));
        InstanceStore store = InstanceStore.open(
                dataDirectory, index, new InstanceListener() {}, StoreConfig.defaults(), Clock.systemUTC());
        DimseServer server = DimseServer.create(
                Vertx.vertx(),
                DimseServerConfig.defaults().withPort(Integer.parseInt(args[1])),
                store,
                new DimseServerListener() {});
        server.start().toCompletionStage().toCompletableFuture().get();
        System.out.println("listening " + server.port());
    }
}
