package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.server.database.CaseState;
import walnut.server.database.CaseTable;
import walnut.server.database.Database;
import walnut.server.database.OutboxTable;
import walnut.server.database.OutgoingObject;
import walnut.server.database.PredictionTable;
import walnut.server.database.StoredCase;
import walnut.server.database.StoredPrediction;
import walnut.server.journey.Step;

/**
 * One study, and a process that dies after each step on its way: claimed, assembled, predicted, …, acknowledged. Each next
 * process takes it one step further; at the end it has one prediction and the archive has each object once.
 */
class DeathAfterEveryStepIT {
    @TempDir
    private Path scratch;

    @Test
    void nothing_is_lost_and_nothing_is_doubled_wherever_the_process_ends() throws Exception {
        Path dataDir = scratch.resolve("data");
        Path log = Files.createFile(scratch.resolve("node.log"));
        Path study = Phantoms.one(scratch.resolve("phantom"), 4711);
        try (CountingArchive archive = new CountingArchive(Files.createDirectories(scratch.resolve("archive")))) {
            Map<String, String> environment = Map.of(
                    "WALNUT_DATA_DIR",
                    dataDir.toString(),
                    "WALNUT_DICOM_DESTINATIONS",
                    archive.asDestination(),
                    "WALNUT_ASSEMBLY_QUIET",
                    "3s",
                    "WALNUT_ASSEMBLY_CAP",
                    "2m");
            for (Step step : Step.values()) {
                try (NodeProcess node = NodeProcess.start(environment, log, step.name())) {
                    if (step == Step.CLAIMED) {
                        assertThat(node.dicomPort()).as(Files.readString(log)).isPositive();
                        send(study, node.dicomPort());
                    }
                    assertThat(node.exitCode()).as("after " + step).isEqualTo(WatchedNode.HALTED);
                }
            }
            try (NodeProcess node = NodeProcess.start(environment, log);
                    Database database = Database.open(dataDir.resolve("walnut.db"))) {
                OutboxTable outbox = new OutboxTable(database);
                StoredCase stored = onlyCase(database);
                List<StoredPrediction> predictions = new PredictionTable(database).ofCase(stored.caseId());
                assertThat(predictions).singleElement().satisfies(prediction -> assertThat(prediction.outcome())
                        .isEqualTo("COMPLETED"));
                String predictionId = predictions.get(0).predictionId();
                until(() -> outbox.ofPrediction(predictionId).stream()
                        .allMatch(object -> object.state() == OutgoingObject.State.DELIVERED));
                assertThat(node.isAlive()).isTrue();

                assertThat(stored.state()).isEqualTo(CaseState.DONE);
                List<String> objects = outbox.ofPrediction(predictionId).stream()
                        .map(OutgoingObject::sopInstanceUid)
                        .toList();
                assertThat(objects).hasSizeGreaterThan(1);
                assertThat(archive.stored()).containsOnlyKeys(objects);
                assertThat(archive.stored().values()).containsOnly(1);
                assertThat(archive.changed()).isZero();
                // The process that died after the archive had answered, and before that was noted, asked again.
                assertThat(archive.resent()).isGreaterThanOrEqualTo(1);
            }
        }
    }

    private static StoredCase onlyCase(Database database) {
        List<StoredCase> cases = new CaseTable(database, Clock.systemUTC()).newest(null, null, null, 10);
        assertThat(cases).hasSize(1);
        return cases.get(0);
    }

    static void send(Path study, int port) {
        int exit = Main.commandLine().execute("send", study.toString(), "--to", "WALNUT@127.0.0.1:" + port);
        assertThat(exit).isEqualTo(ExitCode.DONE);
    }

    static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 3 minutes in vain").isLessThan(end);
            Thread.sleep(100);
        }
    }
}
