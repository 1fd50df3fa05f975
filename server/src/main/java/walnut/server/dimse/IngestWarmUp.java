package walnut.server.dimse;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.dicom.net.scp.DimseServer;
import walnut.dicom.net.scp.DimseServerConfig;
import walnut.dicom.net.scp.DimseServerListener;
import walnut.failure.WalnutException;
import walnut.server.database.Database;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.Ids;
import walnut.store.InstanceListener;
import walnut.store.InstanceStore;
import walnut.store.StoreConfig;

/**
 * Receives made-up images before the node's own port opens, so that the first images of a real study meet compiled code:
 * a Java process that has received nothing yet takes ten times the processor time for an image.
 *
 * <p>The code path is the real one, sockets, syncs and commits included; port, store and index are its own, in a folder
 * that is removed afterwards, and nothing of it is seen by meters, cases or ledger. It ends when enough was received or
 * its time is over, and a failure of it keeps no node from starting.
 */
public final class IngestWarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(IngestWarmUp.class);

    /** Enough for the compiler to have seen each step often enough; more gains little. */
    private static final int IMAGES = 2000;

    /** Several at once, so that rows and syncs are shared as they are under load. */
    private static final int SENDERS = 4;

    private static final String AE_TITLE = "WALNUT-WARM-UP";
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final Path folder;
    private final Duration limit;
    private final int images;
    private final Clock clock;
    private final Ids ids;

    /**
     * @param folder made and removed; left over by a crash, it is removed first
     * @param limit how long it may take, beside its own start and end
     */
    public IngestWarmUp(Path folder, Duration limit, Clock clock, Ids ids) {
        this(folder, limit, IMAGES, clock, ids);
    }

    IngestWarmUp(Path folder, Duration limit, int images, Clock clock, Ids ids) {
        this.folder = folder;
        this.limit = limit;
        this.images = images;
        this.clock = clock;
        this.ids = ids;
    }

    /** Blocks until the warm-up is over; returns how many images were received. */
    public int run(Vertx vertx) {
        long began = System.nanoTime();
        try {
            remove(folder);
            if (limit.isZero()) {
                return 0;
            }
            Files.createDirectories(folder);
            int received = receive(vertx);
            LOG.info(
                    "receiving warmed up with {} made-up images in {} ms; dicom.warmUp=0s starts without",
                    received,
                    Duration.ofNanos(System.nanoTime() - began).toMillis());
            return received;
        } catch (IOException | ExecutionException | TimeoutException | WalnutException e) {
            LOG.warn("receiving was not warmed up; the first images will take longer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            removeQuietly();
        }
        return 0;
    }

    private int receive(Vertx vertx) throws IOException, ExecutionException, TimeoutException, InterruptedException {
        try (Database database = Database.open(folder.resolve("walnut.db"));
                InstanceStore store = InstanceStore.open(
                        folder,
                        new DatabaseInstanceIndex(database, limit, clock, ids),
                        new InstanceListener() {},
                        StoreConfig.defaults(),
                        clock)) {
            DimseServer server = DimseServer.create(
                    vertx,
                    DimseServerConfig.defaults().withPort(0).withAeTitle(AE_TITLE),
                    store,
                    new DimseServerListener() {});
            await(server.start());
            try {
                return send(server.port());
            } finally {
                await(server.stop());
            }
        }
    }

    private int send(int port) throws ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        AtomicInteger left = new AtomicInteger(images);
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        try {
            List<Future<Integer>> sending = new ArrayList<>();
            for (int sender = 0; sender < SENDERS; sender++) {
                MadeUpSender madeUp = new MadeUpSender(AE_TITLE, port, sender);
                sending.add(senders.submit(
                        () -> madeUp.send(() -> left.getAndDecrement() > 0 && System.nanoTime() - deadline < 0)));
            }
            int received = 0;
            for (Future<Integer> one : sending) {
                received += one.get();
            }
            return received;
        } finally {
            senders.shutdownNow();
        }
    }

    private static void await(io.vertx.core.Future<?> future)
            throws ExecutionException, TimeoutException, InterruptedException {
        future.toCompletionStage().toCompletableFuture().get(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void removeQuietly() {
        try {
            remove(folder);
        } catch (IOException e) {
            LOG.warn("the warm-up's folder was not removed; the next start removes it", e);
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
