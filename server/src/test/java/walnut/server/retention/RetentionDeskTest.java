package walnut.server.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.server.config.WalnutConfig.RetentionConfig;
import walnut.server.database.CaseTable;
import walnut.server.database.Claim;
import walnut.server.database.Database;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.Ids;
import walnut.server.database.Lease;
import walnut.server.database.MovableClock;
import walnut.server.database.PredictionKind;
import walnut.server.database.PredictionTable;
import walnut.server.database.RetentionTable;
import walnut.server.database.StoredPrediction;
import walnut.server.ledger.InMemoryLedger;
import walnut.store.StoredInstance;

/** Images that are a year old go; images that a clock calls a year old stay. */
class RetentionDeskTest {
    private static final Duration AGE = Duration.ofDays(365);
    private static final String DIGEST = "0123456789abcdef".repeat(4);

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final Ids ids = new Ids(clock, new Random(1));
    private long uptimeNanos;
    private int received;
    private Database database;
    private RetentionTable table;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("walnut.db"));
        table = new RetentionTable(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void while_time_passes_as_it_should_old_images_go_by_the_hour() {
        finishedStudy("9.1");
        pass(AGE);
        finishedStudy("9.2");

        try (RetentionDesk desk = desk()) {
            pass(Duration.ofDays(1));
            desk.sweepByTheHour();

            assertThat(desk.report().retention().suspended()).isNull();
            assertThat(imagesOf("9.1")).isZero();
            assertThat(imagesOf("9.2")).isEqualTo(1);
        }
    }

    @Test
    void a_clock_that_jumps_ahead_removes_nothing_until_an_operator_says_so() {
        finishedStudy("9.1");
        try (RetentionDesk desk = desk()) {
            clock.advance(AGE.plusDays(1));
            finishedStudy("9.2");
            desk.sweepByTheHour();

            assertThat(desk.report().retention().suspended())
                    .contains("jumped by 8784 hours")
                    .contains("sweep by hand");
            assertThat(imagesOf("9.1")).isEqualTo(1);

            assertThat(desk.sweep(false).studies()).isEqualTo(1);
            assertThat(imagesOf("9.1")).isZero();
            assertThat(imagesOf("9.2")).isEqualTo(1);
        }
    }

    @Test
    void a_clock_that_was_set_wrong_while_the_node_was_off_removes_nothing_either() {
        finishedStudy("9.1");
        clock.advance(AGE.plusDays(1));
        try (RetentionDesk desk = desk()) {
            desk.sweepByTheHour();

            assertThat(desk.report().retention().suspended()).contains("no image came for more than 31 days");
            assertThat(imagesOf("9.1")).isEqualTo(1);

            finishedStudy("9.2");
            desk.sweepByTheHour();

            assertThat(desk.report().retention().suspended()).isNull();
            assertThat(imagesOf("9.1")).isZero();
        }
    }

    private void pass(Duration time) {
        clock.advance(time);
        uptimeNanos += time.toNanos();
    }

    private RetentionDesk desk() {
        return new RetentionDesk(
                table,
                new RetentionConfig(Optional.of(AGE), Optional.empty()),
                folder,
                () -> new DiskSpace(100, 50),
                10,
                new InMemoryLedger().ledger(clock),
                clock,
                () -> uptimeNanos);
    }

    private int imagesOf(String study) {
        return new CaseTable(database, clock).ofStudy(study).get(0).instanceCount();
    }

    private void finishedStudy(String study) {
        received++;
        new DatabaseInstanceIndex(database, Duration.ZERO, clock, ids)
                .commit(List.of(new StoredInstance(
                        study + ".1",
                        "1.2.840.10008.5.1.4.1.1.4",
                        study + ".2",
                        study,
                        "1.2.840.10008.1.2.1",
                        "P1",
                        "",
                        "instances/" + received + ".dcm",
                        1000,
                        DIGEST,
                        clock.instant().toEpochMilli() * 1000,
                        "SENDER")));
        Claim claim = new CaseTable(database, clock)
                .claimDue("worker", new Lease(Duration.ofMinutes(1), Duration.ofMinutes(1)))
                .orElseThrow();
        @Nullable Double noScore = null;
        new PredictionTable(database)
                .finish(
                        claim,
                        new StoredPrediction(
                                ids.next(),
                                claim.caseId(),
                                PredictionKind.SILENT,
                                "NOT_ELIGIBLE",
                                "model",
                                "1",
                                DIGEST,
                                DIGEST,
                                DIGEST,
                                noScore,
                                "{}",
                                clock.instant()),
                        false);
    }
}
