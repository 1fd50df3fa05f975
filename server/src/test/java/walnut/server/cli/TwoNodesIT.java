package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.server.database.CaseState;
import walnut.server.database.CaseTable;
import walnut.server.database.Database;
import walnut.server.database.DatabaseEngine;
import walnut.server.database.OutboxTable;
import walnut.server.database.PredictionTable;
import walnut.server.database.StoredCase;
import walnut.server.database.StoredPrediction;

/** Two processes on one PostgreSQL and one data directory; one of them is killed while it works. */
class TwoNodesIT {
    private static final int STUDIES = 4;

    @TempDir
    private Path scratch;

    @Test
    void share_the_work_take_over_from_each_other_and_double_nothing() throws Exception {
        Path log = Files.createFile(scratch.resolve("nodes.log"));
        String url = DatabaseEngine.urlOf(scratch.resolve("shared"));
        List<Path> studies = new ArrayList<>();
        for (int number = 0; number < STUDIES; number++) {
            studies.add(Phantoms.one(scratch.resolve("phantom-" + number), 4800 + number));
        }
        try (CountingArchive archive = new CountingArchive(Files.createDirectories(scratch.resolve("archive")));
                NodeProcess first = NodeProcess.start(environment(url, "first", archive), log);
                NodeProcess second = NodeProcess.start(environment(url, "second", archive), log);
                Database database = Database.connect(url, DatabaseEngine.USER, "")) {
            CaseTable cases = new CaseTable(database, Clock.systemUTC());
            for (int number = 0; number < STUDIES; number++) {
                NodeProcess node = number % 2 == 0 ? first : second;
                assertThat(node.dicomPort()).as(Files.readString(log)).isPositive();
                DeathAfterEveryStepIT.send(studies.get(number), node.dicomPort());
            }
            DeathAfterEveryStepIT.until(() -> finished(cases).size() >= 1);
            first.close();
            DeathAfterEveryStepIT.until(() -> finished(cases).size() == STUDIES);

            PredictionTable predictions = new PredictionTable(database);
            OutboxTable outbox = new OutboxTable(database);
            Set<String> objects = new HashSet<>();
            for (StoredCase stored : finished(cases)) {
                List<StoredPrediction> ofCase = predictions.ofCase(stored.caseId());
                assertThat(ofCase).hasSize(1);
                String predictionId = ofCase.get(0).predictionId();
                DeathAfterEveryStepIT.until(() -> outbox.verdictOf(predictionId).isPresent());
                outbox.ofPrediction(predictionId).forEach(object -> objects.add(object.sopInstanceUid()));
            }
            // What the killed process was sending is sent by the other one when that lease is over too.
            DeathAfterEveryStepIT.until(() -> outbox.unfinished(1).isEmpty());
            assertThat(archive.stored()).containsOnlyKeys(objects);
            assertThat(archive.stored().values()).containsOnly(1);
            assertThat(archive.changed()).isZero();
            assertThat(second.isAlive()).isTrue();
            for (String name : List.of("first", "second")) {
                CommandRun verified = CommandRun.of("audit", "verify", "--config", settings(url, name));
                assertThat(verified.exit()).as(name + ": " + verified.out()).isEqualTo(ExitCode.DONE);
            }
        }
    }

    private Path settings(String url, String name) throws IOException {
        return Files.writeString(scratch.resolve(name + ".yaml"), """
                dataDir: %s
                node.name: %s
                database: {url: '%s', user: %s}
                """.formatted(
                        scratch.resolve("data"), name, url, DatabaseEngine.USER));
    }

    private static List<StoredCase> finished(CaseTable cases) {
        return cases.newest(null, null, null, 100).stream()
                .filter(stored -> stored.state() == CaseState.DONE)
                .toList();
    }

    private Map<String, String> environment(String url, String name, CountingArchive archive) {
        return new HashMap<>(Map.of(
                "WALNUT_DATA_DIR",
                scratch.resolve("data").toString(),
                "WALNUT_DATABASE_URL",
                url,
                "WALNUT_DATABASE_USER",
                DatabaseEngine.USER,
                "WALNUT_NODE_NAME",
                name,
                "WALNUT_DICOM_DESTINATIONS",
                archive.asDestination(),
                "WALNUT_ASSEMBLY_QUIET",
                "2s",
                "WALNUT_ASSEMBLY_CAP",
                "2m",
                "WALNUT_PIPELINE_LEASE",
                "5s"));
    }
}
