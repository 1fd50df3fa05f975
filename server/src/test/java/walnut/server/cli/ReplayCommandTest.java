package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.models.passport.ModelPackage;
import walnut.server.NodeUnderTest;
import walnut.server.database.Database;
import walnut.server.database.LedgerTable;

/** {@code walnut replay} on the data directory of a node that has stopped. */
class ReplayCommandTest {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");

    @TempDir
    Path scratch;

    @Test
    void a_prediction_of_a_stopped_node_is_replayed_and_every_stage_named() throws Exception {
        Path dataDir = scratch.resolve("data");
        String predictionId;
        try (NodeUnderTest node = NodeUnderTest.start(dataDir, ModelPackage.open(DETECTOR), Map.of())) {
            node.send(Phantoms.one(scratch.resolve("phantom"), 910_000));
            predictionId = node.nextPrediction().predictionId();
        }

        CommandRun asJson = CommandRun.of("replay", predictionId, "--data-dir", dataDir, "--json");

        assertThat(asJson.exit()).as(asJson.err()).isEqualTo(ExitCode.DONE);
        assertThat(asJson.violationsOf("replay")).isEmpty();
        assertThat(asJson.json().path("predictionId").asText()).isEqualTo(predictionId);
        assertThat(asJson.json().path("verdict").asText()).isEqualTo("BITWISE");

        CommandRun inWords = CommandRun.of("replay", predictionId, "--data-dir", dataDir);

        assertThat(inWords.out())
                .startsWith("BITWISE")
                .contains("equal   geometry T2W")
                .doesNotContain("DIFFERS");
        assertThat(CommandRun.of("replay", "nothing", "--data-dir", dataDir).err())
                .contains("NOT_FOUND");
        assertThat(noted(dataDir))
                .as("a replay is an access to a patient")
                .containsExactly(
                        "command line PREDICTION_REPLAYED " + predictionId + " by " + System.getProperty("user.name"),
                        "command line PREDICTION_REPLAYED " + predictionId + " by " + System.getProperty("user.name"),
                        "command line PREDICTION_REPLAYED nothing by " + System.getProperty("user.name"));
    }

    private static List<String> noted(Path dataDir) {
        List<String> noted = new ArrayList<>();
        try (Database database = Database.open(dataDir.resolve("walnut.db"))) {
            new LedgerTable(database)
                    .forEach(entry -> noted.add(
                            entry.actor() + " " + entry.action() + " " + entry.subject() + " " + entry.detail()));
        }
        return noted;
    }
}
