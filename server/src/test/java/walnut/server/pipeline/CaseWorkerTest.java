package walnut.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.part10.Part10Reader;
import walnut.failure.FailureCode;
import walnut.models.passport.ModelPackage;
import walnut.server.cli.Phantoms;
import walnut.server.database.CaseState;
import walnut.server.database.CaseTable;
import walnut.server.database.Claim;
import walnut.server.database.ContextTable;
import walnut.server.database.Database;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.DeploymentState;
import walnut.server.database.Ids;
import walnut.server.database.Lease;
import walnut.server.database.MovableClock;
import walnut.server.database.OutboxTable;
import walnut.server.database.PredictionTable;
import walnut.server.database.StoredPrediction;
import walnut.server.journey.StepObserver;
import walnut.store.StoredInstance;
import walnut.testing.Peers;

/** What a worker makes of a claimed case when things go wrong around it; a real study, the shipped model. */
class CaseWorkerTest {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");
    private static final Lease LEASE = new Lease(Duration.ofMinutes(1), Duration.ofMinutes(30));
    private static final int ATTEMPTS = 3;

    @TempDir
    static Path scratch;

    private static Path phantom;
    private static CasePipeline pipeline;

    @TempDir
    private Path folder;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final Ids ids = new Ids(clock, new Random(1));
    private Database database;
    private DatabaseInstanceIndex index;
    private CaseTable cases;
    private PredictionTable predictions;
    private boolean reviewed;
    private int claims;

    @BeforeAll
    static void aPhantomAndTheShippedDetector() throws IOException {
        phantom = Phantoms.one(scratch.resolve("phantom"), 910_000);
        pipeline = new CasePipeline(ServedModel.load(
                ModelPackage.open(DETECTOR),
                id -> {
                    throw new IllegalStateException("asked for " + id);
                },
                "test"));
    }

    @AfterAll
    static void close() {
        pipeline.model().close();
    }

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("walnut.db"));
        index = new DatabaseInstanceIndex(database, Duration.ZERO, clock, ids);
        cases = new CaseTable(database, clock);
        predictions = new PredictionTable(database);
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    @Test
    void a_case_under_which_processes_end_is_answered_after_the_last_attempt() throws Exception {
        receive(images());
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            // Claimed by a process that died.
            assertThat(claim().attempt()).isEqualTo(attempt);
            clock.advance(LEASE.length());
        }
        Claim last = claim();
        worker(folder).work(last);
        assertThat(standing(last)).satisfies(failed -> {
            assertThat(failed.outcome()).isEqualTo("FAILED");
            assertThat(failed.document()).contains("WORKER_LOST");
        });
        cases.requeue(last.caseId());
        Claim again = claim();
        assertThat(again.attempt()).isEqualTo(1);
        worker(folder).work(again);
        assertThat(standing(again).outcome()).isEqualTo("COMPLETED");
        assertThat(predictions.ofCase(again.caseId())).hasSize(2);
    }

    @Test
    void a_study_whose_files_vanish_is_answered_with_that_and_not_with_a_missing_series() throws Exception {
        List<Path> images = images();
        Path copy = Files.copy(images.get(0), folder.resolve("copy.dcm"));
        List<Path> files = new ArrayList<>(images);
        files.set(0, copy);
        receive(files);
        Files.delete(copy);
        Claim claim = claim();
        worker(folder).work(claim);
        assertThat(standing(claim)).satisfies(failed -> {
            assertThat(failed.outcome()).isEqualTo("FAILED");
            assertThat(failed.document()).contains("INPUT_GONE");
        });
    }

    @Test
    void what_comes_after_a_review_is_stored_and_waits_for_an_operator_before_it_leaves() throws Exception {
        List<Path> images = images();
        receive(images.subList(1, images.size()));
        Claim first = claim();
        clock.advance(Duration.ofMinutes(31));
        worker(folder).work(first);
        StoredPrediction before = standing(first);
        reviewed = true;
        receive(images.subList(0, 1));
        clock.advance(Duration.ofSeconds(1));
        Claim second = claim();
        worker(folder).work(second);
        StoredPrediction after = standing(second);
        assertThat(after.predictionId()).isNotEqualTo(before.predictionId());
        assertThat(predictions.linesOf(List.of(second.caseId())))
                .hasEntrySatisfying(
                        second.caseId(), line -> assertThat(line.afterReview()).isTrue());
        assertThat(new OutboxTable(database).undecided(10))
                .containsExactly(
                        new OutboxTable.Undecided(before.predictionId(), false),
                        new OutboxTable.Undecided(after.predictionId(), true));
    }

    @Test
    void a_disk_that_is_full_keeps_the_case_waiting_and_it_goes_on_with_room_again() throws Exception {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        Peers.requireSuccess("tmpfs", "mount", "-t", "tmpfs", "-o", "size=64k", "walnut-test", disk.toString());
        try {
            Path ballast = Files.write(disk.resolve("ballast"), new byte[60 << 10]);
            receive(images());
            for (int attempt = 1; attempt <= ATTEMPTS + 1; attempt++) {
                Claim claim = claim();
                assertThat(claim.attempt()).isEqualTo(1);
                worker(disk).work(claim);
                assertThat(predictions.ofCase(claim.caseId())).isEmpty();
                assertThat(cases.find(claim.caseId()).orElseThrow().waitsFor()).isEqualTo(FailureCode.STORAGE_FULL);
                try (Stream<Path> halfWritten = Files.list(disk.resolve("heatmaps"))) {
                    assertThat(halfWritten).isEmpty();
                }
                clock.advance(Duration.ofMinutes(1));
            }
            Files.delete(ballast);
            Peers.requireSuccess("tmpfs", "mount", "-o", "remount,size=64m", disk.toString());
            Claim claim = claim();
            worker(disk).work(claim);
            assertThat(standing(claim).outcome()).isEqualTo("COMPLETED");
            assertThat(cases.find(claim.caseId()).orElseThrow().state()).isEqualTo(CaseState.DONE);
        } finally {
            Peers.requireSuccess("tmpfs", "umount", "-l", disk.toString());
        }
    }

    private CaseWorker worker(Path disk) {
        return new CaseWorker(
                cases,
                index,
                predictions,
                new HeatmapFolder(disk.resolve("heatmaps")),
                instance -> Path.of(instance.file()),
                pipeline,
                new ContextTable(database),
                () -> DeploymentState.ASSIST,
                caseId -> reviewed,
                new CaseWorker.Limits(Duration.ofMinutes(30), ATTEMPTS),
                clock,
                ids,
                (stored, outcome, prediction) -> {},
                StepObserver.NOBODY);
    }

    private Claim claim() {
        return cases.claimDue("worker-" + ++claims, LEASE).orElseThrow();
    }

    private StoredPrediction standing(Claim claim) {
        return predictions.latestOf(claim.caseId()).orElseThrow();
    }

    private static List<Path> images() throws IOException {
        try (Stream<Path> files = Files.walk(phantom)) {
            return files.filter(file -> file.toString().endsWith(".dcm"))
                    .sorted()
                    .toList();
        }
    }

    private void receive(List<Path> files) throws IOException {
        List<StoredInstance> instances = new ArrayList<>();
        for (Path file : files) {
            DataSet header = Part10Reader.read(file).dataSet();
            instances.add(new StoredInstance(
                    header.string(Tag.SOPInstanceUID).orElseThrow(),
                    header.string(Tag.SOPClassUID).orElseThrow(),
                    header.string(Tag.SeriesInstanceUID).orElseThrow(),
                    header.string(Tag.StudyInstanceUID).orElseThrow(),
                    "1.2.840.10008.1.2.1",
                    "P1",
                    "",
                    file.toString(),
                    Files.size(file),
                    DatasetDigest.of(file),
                    clock.instant().toEpochMilli() * 1000,
                    "SENDER"));
        }
        index.commit(instances);
    }
}
