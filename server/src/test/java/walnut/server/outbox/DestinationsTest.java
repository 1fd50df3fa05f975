package walnut.server.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.DataSet;
import walnut.dicom.net.scp.DimseServer;
import walnut.dicom.net.scp.DimseServerConfig;
import walnut.dicom.net.scp.DimseServerListener;
import walnut.dicom.net.scu.Destination;
import walnut.dicom.net.scu.DimseClient;
import walnut.dicom.net.scu.DimseClientConfig;
import walnut.server.database.CaseTable;
import walnut.server.database.Database;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.Ids;
import walnut.server.database.MovableClock;
import walnut.server.database.OutboxTable;
import walnut.server.database.OutgoingObject;
import walnut.server.database.PredictionKind;
import walnut.server.database.PredictionTable;
import walnut.server.database.StoredPrediction;
import walnut.server.journey.StepObserver;
import walnut.store.InstanceListener;
import walnut.store.InstanceStore;
import walnut.store.StoreConfig;
import walnut.store.StoredInstance;
import walnut.testing.MrInstances;

/** Archives that hang, reject, refuse or are full, each over a real socket, beside one that takes everything. */
class DestinationsTest {
    private static final StoreConfig TAKES_ALL = new StoreConfig(2, 1 << 30, 0);
    private static final String DIGEST = "0123456789abcdef".repeat(4);

    @TempDir
    private Path folder;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final Ids ids = new Ids(clock, new Random(1));
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Map<String, Destination> destinations = new LinkedHashMap<>();
    private Vertx vertx;
    private Database database;
    private OutboxTable table;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        parts.push(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
        database = Database.open(folder.resolve("walnut.db"));
        parts.push(database);
        table = new OutboxTable(database);
    }

    @AfterEach
    void close() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }

    @Test
    void one_that_hangs_is_asked_again_later_and_keeps_no_other_waiting() throws Exception {
        ServerSocket silent = new ServerSocket(0);
        parts.push(silent);
        destinations.put("hangs", new Destination("HANGS", "127.0.0.1", silent.getLocalPort()));
        archive("good", Set.of(), TAKES_ALL);
        String prediction = send();
        until(() -> state(prediction, "good") == OutgoingObject.State.DELIVERED);
        until(() -> object(prediction, "hangs").attempts() == 1);
        assertThat(object(prediction, "hangs")).satisfies(object -> {
            assertThat(object.state()).isEqualTo(OutgoingObject.State.PENDING);
            assertThat(object.lastAnswer()).contains("PEER_TIMEOUT");
            assertThat(object.nextAttemptAt()).isAfter(clock.instant());
        });
    }

    @Test
    void one_that_rejects_our_title_is_left_to_an_operator() throws Exception {
        archive("rejects", Set.of("SOMEBODY"), TAKES_ALL);
        String prediction = send();
        until(() -> state(prediction, "rejects") == OutgoingObject.State.PARKED);
        assertThat(object(prediction, "rejects").lastAnswer()).contains("ASSOCIATION_REJECTED");
    }

    @Test
    void one_that_refuses_the_object_is_left_to_an_operator() throws Exception {
        archive("refuses", Set.of(), new StoreConfig(2, 100, 0));
        String prediction = send();
        until(() -> state(prediction, "refuses") == OutgoingObject.State.PARKED);
        assertThat(object(prediction, "refuses").lastAnswer()).contains("PEER_REFUSED_INSTANCE");
    }

    @Test
    void one_that_is_full_is_asked_again_later() throws Exception {
        archive("full", Set.of(), new StoreConfig(2, 1 << 30, Long.MAX_VALUE));
        String prediction = send();
        until(() -> object(prediction, "full").attempts() == 1);
        assertThat(object(prediction, "full")).satisfies(object -> {
            assertThat(object.state()).isEqualTo(OutgoingObject.State.PENDING);
            assertThat(object.lastAnswer()).contains("PEER_REFUSED_INSTANCE");
        });
    }

    @Test
    void objects_whose_files_were_lost_are_written_again_when_they_are_sent_again() throws Exception {
        archive("good", Set.of(), TAKES_ALL);
        String prediction = send();
        until(() -> state(prediction, "good") == OutgoingObject.State.DELIVERED);
        Path file = folder.resolve("results").resolve(object(prediction, "good").file());
        byte[] before = Files.readAllBytes(file);
        Files.delete(file);
        table.resend(prediction, null, clock.instant());
        until(() -> state(prediction, "good") == OutgoingObject.State.DELIVERED);
        assertThat(file).hasBinaryContent(before);
    }

    /** A real Storage SCP under this name; empty callers take anybody. */
    private void archive(String name, Set<String> callers, StoreConfig limits) {
        Database rows = Database.open(folder.resolve(name + ".db"));
        parts.push(rows);
        InstanceStore store = InstanceStore.open(
                folder.resolve(name),
                new DatabaseInstanceIndex(rows, Duration.ofDays(1), clock, ids),
                new InstanceListener() {},
                limits,
                clock);
        parts.push(store);
        DimseServer server = DimseServer.create(
                vertx,
                DimseServerConfig.defaults().withPort(0).withAeTitle("ARCHIVE").withCallingAeTitles(callers),
                store,
                new DimseServerListener() {});
        server.start().toCompletionStage().toCompletableFuture().join();
        parts.push(() -> server.stop().toCompletionStage().toCompletableFuture().join());
        destinations.put(name, new Destination("ARCHIVE", "127.0.0.1", server.port()));
    }

    private String send() {
        DimseClient client = DimseClient.create(
                vertx, new DimseClientConfig("WALNUT", 131072, 16, Duration.ofSeconds(5), Duration.ofSeconds(2)));
        String prediction = prediction();
        Outbox outbox = new Outbox(
                table,
                new ResultSource() {
                    @Override
                    public boolean inIntendedUse(String predictionId) {
                        return true;
                    }

                    @Override
                    public List<DataSet> objects(String predictionId) {
                        return List.of(MrInstances.image(1, 2000, 1));
                    }
                },
                folder.resolve("results"),
                client,
                destinations,
                "test",
                (destination, state, since) -> {},
                StepObserver.NOBODY,
                clock);
        outbox.start(true);
        parts.push(outbox);
        return prediction;
    }

    private String prediction() {
        new DatabaseInstanceIndex(database, Duration.ZERO, clock, ids)
                .commit(List.of(new StoredInstance(
                        "1.1",
                        "1.2.840.10008.5.1.4.1.1.4",
                        "9.9.1",
                        "9.9",
                        "1.2.840.10008.1.2.1",
                        "P1",
                        "",
                        "1.dcm",
                        1000,
                        DIGEST,
                        1,
                        "SENDER")));
        String caseId = new CaseTable(database, clock).ofStudy("9.9").get(0).caseId();
        return new PredictionTable(database)
                .add(new StoredPrediction(
                        ids.next(),
                        caseId,
                        PredictionKind.CLINICAL,
                        "COMPLETED",
                        "model",
                        "1",
                        DIGEST,
                        DIGEST,
                        DIGEST,
                        0.5,
                        "{}",
                        clock.instant()))
                .predictionId();
    }

    private OutgoingObject object(String prediction, String destination) {
        return table.ofPrediction(prediction).stream()
                .filter(object -> object.destination().equals(destination))
                .findFirst()
                .orElseThrow();
    }

    private OutgoingObject.State state(String prediction, String destination) {
        return table.ofPrediction(prediction).stream()
                .filter(object -> object.destination().equals(destination))
                .findFirst()
                .map(OutgoingObject::state)
                .orElse(OutgoingObject.State.PENDING);
    }

    private void until(BooleanSupplier condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (table.undecided(10).size() > 0 || !condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 60 s in vain").isLessThan(end);
            Thread.sleep(20);
        }
    }
}
