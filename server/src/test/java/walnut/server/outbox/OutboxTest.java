package walnut.server.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.net.scu.Destination;
import walnut.dicom.net.scu.DimseClient;
import walnut.dicom.net.scu.DimseClientConfig;
import walnut.dicom.net.scu.SendOutcome;
import walnut.dicom.part10.Part10Reader;
import walnut.failure.FailureCode;
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
import walnut.store.StoredInstance;
import walnut.testing.MrInstances;
import walnut.testing.Peers;

class OutboxTest {
    private static final String ARCHIVE = "archive";
    private static final Instant START = Instant.parse("2026-11-22T08:00:00Z");

    @TempDir
    Path folder;

    private final MovableClock clock = new MovableClock(START);
    private final Ids ids = new Ids(clock, new Random(1));
    private final List<Outbox> outboxes = new ArrayList<>();
    private Vertx vertx;
    private Database database;
    private OutboxTable table;
    private PredictionTable predictions;
    private final AtomicInteger asked = new AtomicInteger();
    private boolean intended = true;
    private int archivePort;

    @BeforeEach
    void open() throws IOException {
        vertx = Vertx.vertx();
        database = Database.open(folder.resolve("walnut.db"));
        table = new OutboxTable(database);
        predictions = new PredictionTable(database);
        archivePort = freePort();
    }

    @AfterEach
    void close() {
        outboxes.forEach(Outbox::close);
        database.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void what_was_decided_arrives_byte_for_byte_and_is_decided_once() throws Exception {
        try (Archive archive = new Archive(archivePort)) {
            String prediction = clinicalPrediction();
            outbox().start(true);
            until(() -> states(prediction).equals(List.of("DELIVERED", "DELIVERED")));
            assertThat(table.verdictOf(prediction)).contains(OutboxTable.Verdict.QUEUED);
            assertThat(archive.received()).hasSize(2);
            for (Path copy : archive.received()) {
                DataSet object = Part10Reader.read(copy).dataSet();
                int number = object.integer(Tag.InstanceNumber).orElseThrow();
                assertThat(MrInstances.bytes(object))
                        .isEqualTo(MrInstances.bytes(MrInstances.image(number, 2000, number)));
            }
            assertThat(table.undecided(10)).isEmpty();
        }
    }

    @Test
    void an_archive_that_is_away_is_asked_again_later_and_a_new_process_goes_on() throws Exception {
        String prediction = clinicalPrediction();
        Outbox first = outbox();
        first.start(true);
        until(() -> table.ofPrediction(prediction).stream().anyMatch(object -> object.attempts() > 0));
        first.close();
        outboxes.clear();
        assertThat(states(prediction)).containsOnly("PENDING");
        assertThat(table.ofPrediction(prediction).get(0).lastAnswer()).contains("PEER_UNREACHABLE");

        try (Archive archive = new Archive(archivePort)) {
            clock.advance(Duration.ofSeconds(11));
            outbox().start(true);
            until(() -> states(prediction).equals(List.of("DELIVERED", "DELIVERED")));
            assertThat(archive.received()).hasSize(2);
        }
    }

    @Test
    void a_held_destination_gets_nothing_until_it_is_let_go() throws Exception {
        try (Archive archive = new Archive(archivePort)) {
            table.hold(ARCHIVE, "Ada", "the archive is being moved", clock.instant());
            String prediction = clinicalPrediction();
            outbox().start(true);
            until(() -> table.verdictOf(prediction).isPresent());
            assertThat(table.claim(ARCHIVE, "test", clock.instant(), Duration.ofMinutes(1), 10))
                    .isEmpty();
            assertThat(archive.received()).isEmpty();
            table.release(ARCHIVE);
            until(() -> states(prediction).equals(List.of("DELIVERED", "DELIVERED")));
        }
    }

    @Test
    void an_operator_sends_again_what_an_archive_lost() throws Exception {
        try (Archive archive = new Archive(archivePort)) {
            String prediction = clinicalPrediction();
            outbox().start(true);
            until(() -> states(prediction).equals(List.of("DELIVERED", "DELIVERED")));
            for (Path copy : archive.received()) {
                Files.delete(copy);
            }
            assertThat(table.resend(prediction, ARCHIVE, clock.instant())).isEqualTo(2);
            until(() -> archive.received().size() == 2);
        }
    }

    @Test
    void nothing_leaves_for_an_input_the_model_is_not_made_for_nor_for_a_silent_model() {
        intended = false;
        String clinical = clinicalPrediction();
        String silent = prediction(PredictionKind.SILENT);
        outbox().start(true);
        until(() -> table.verdictOf(clinical).isPresent());
        assertThat(table.verdictOf(clinical)).contains(OutboxTable.Verdict.OUT_OF_INTENDED_USE);
        assertThat(table.ofPrediction(clinical)).isEmpty();
        assertThat(table.verdictOf(silent)).isEmpty();
    }

    @Test
    void objects_that_find_no_room_wait_for_it_and_nothing_half_written_is_left_or_sent() throws Exception {
        Path disk = Files.createDirectories(folder.resolve("results"));
        Peers.requireSuccess("tmpfs", "mount", "-t", "tmpfs", "-o", "size=64k", "walnut-test", disk.toString());
        try (Archive archive = new Archive(archivePort)) {
            Path ballast = Files.write(disk.resolve("ballast"), new byte[60 << 10]);
            String prediction = clinicalPrediction();
            outbox().start(true);
            for (int attempt = 1; attempt <= 7; attempt++) {
                int tried = attempt;
                until(() -> asked.get() >= tried);
                clock.advance(Duration.ofSeconds(31));
            }
            assertThat(table.verdictOf(prediction)).isEmpty();
            assertThat(archive.received()).isEmpty();
            Files.delete(ballast);
            until(() -> {
                clock.advance(Duration.ofSeconds(31));
                return states(prediction).equals(List.of("DELIVERED", "DELIVERED"));
            });
            assertThat(archive.received()).hasSize(2);
            try (Stream<Path> written = Files.list(disk.resolve(prediction))) {
                assertThat(written)
                        .extracting(file -> file.getFileName().toString())
                        .containsExactlyInAnyOrder("0.dcm", "1.dcm");
            }
        } finally {
            outboxes.forEach(Outbox::close);
            outboxes.clear();
            Peers.requireSuccess("tmpfs", "umount", "-l", disk.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-1, PEER_UNREACHABLE, true",
        "-1, ASSOCIATION_ABORTED, true",
        "-1, UNSUPPORTED_TRANSFER_SYNTAX, false",
        "0xA700, PEER_REFUSED_INSTANCE, true",
        "0x0110, PEER_REFUSED_INSTANCE, true",
        "0x0213, PEER_REFUSED_INSTANCE, true",
        "0xA900, PEER_REFUSED_INSTANCE, false",
        "0xC000, PEER_REFUSED_INSTANCE, false",
        "0x0122, PEER_REFUSED_INSTANCE, false",
        "0x0124, PEER_REFUSED_INSTANCE, false",
    })
    void only_what_may_pass_is_tried_again(String status, FailureCode code, boolean again) {
        SendOutcome outcome = new SendOutcome(Path.of("x"), "2.25.1", Integer.decode(status), Optional.of(code), "");
        assertThat(RetryPolicy.standard().next(object(0, START), outcome, START).isPresent())
                .isEqualTo(again);
    }

    @Test
    void pauses_grow_and_end_after_a_week() {
        SendOutcome away =
                new SendOutcome(Path.of("x"), "", -1, Optional.of(FailureCode.PEER_UNREACHABLE), "no answer");
        RetryPolicy policy = RetryPolicy.standard();
        assertThat(policy.next(object(0, START), away, START)).contains(START.plusSeconds(10));
        assertThat(policy.next(object(3, START), away, START)).contains(START.plus(Duration.ofMinutes(10)));
        assertThat(policy.next(object(99, START), away, START)).contains(START.plus(Duration.ofHours(1)));
        assertThat(policy.next(object(99, START), away, START.plus(Duration.ofDays(8))))
                .isEmpty();
    }

    private static OutgoingObject object(int attempts, Instant createdAt) {
        return new OutgoingObject(
                ARCHIVE,
                "2.25.1",
                "p",
                0,
                "p/0.dcm",
                OutgoingObject.State.PENDING,
                attempts,
                createdAt,
                null,
                createdAt,
                createdAt);
    }

    private Outbox outbox() {
        Outbox outbox = new Outbox(
                table,
                new ResultSource() {
                    @Override
                    public boolean inIntendedUse(String predictionId) {
                        return intended;
                    }

                    @Override
                    public List<DataSet> objects(String predictionId) {
                        asked.incrementAndGet();
                        return List.of(MrInstances.image(1, 2000, 1), MrInstances.image(2, 2000, 2));
                    }
                },
                folder.resolve("results"),
                DimseClient.create(vertx, DimseClientConfig.defaults()),
                Map.of(ARCHIVE, new Destination("STORESCP", "127.0.0.1", archivePort)),
                "outbox-" + outboxes.size(),
                (destination, state, since) -> {},
                StepObserver.NOBODY,
                clock);
        outboxes.add(outbox);
        return outbox;
    }

    private String clinicalPrediction() {
        return prediction(PredictionKind.CLINICAL);
    }

    private String prediction(PredictionKind kind) {
        String digest = "0123456789abcdef".repeat(4);
        new DatabaseInstanceIndex(database, Duration.ZERO, clock, ids)
                .commit(List.of(new StoredInstance(
                        "1.1." + kind.ordinal(),
                        "1.2.840.10008.5.1.4.1.1.4",
                        "9.9.1",
                        "9.9." + kind.ordinal(),
                        "1.2.840.10008.1.2.1",
                        "P1",
                        "",
                        kind + ".dcm",
                        1000,
                        digest,
                        1,
                        "SENDER")));
        String caseId = new CaseTable(database, clock)
                .ofStudy("9.9." + kind.ordinal())
                .get(0)
                .caseId();
        return predictions
                .add(new StoredPrediction(
                        ids.next(),
                        caseId,
                        kind,
                        "COMPLETED",
                        "model",
                        "1",
                        digest,
                        digest,
                        digest,
                        0.5,
                        "{}",
                        clock.instant()))
                .predictionId();
    }

    private List<String> states(String predictionId) {
        return table.ofPrediction(predictionId).stream()
                .map(object -> object.state().name())
                .toList();
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 30 s in vain").isLessThan(end);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** A real archive: DCMTK's storescp. */
    private final class Archive implements AutoCloseable {
        private final Path received = Files.createDirectories(folder.resolve("received"));
        private final Process process;

        Archive(int port) throws Exception {
            process = new ProcessBuilder(
                            Peers.require("dcmtk", "storescp").toString(),
                            "-od",
                            received.toString(),
                            Integer.toString(port))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("storescp.log").toFile())
                    .start();
            DimseClient client = DimseClient.create(vertx, DimseClientConfig.defaults());
            until(() -> {
                try {
                    client.echo(new Destination("STORESCP", "127.0.0.1", port))
                            .toCompletionStage()
                            .toCompletableFuture()
                            .join();
                    return true;
                } catch (CompletionException notYet) {
                    return false;
                }
            });
        }

        List<Path> received() {
            try (Stream<Path> files = Files.list(received)) {
                return files.toList();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() throws Exception {
            process.destroy();
            process.waitFor();
        }
    }
}
