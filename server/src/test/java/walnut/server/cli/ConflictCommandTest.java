package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.server.config.DataDir;
import walnut.server.database.Database;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.Ids;
import walnut.store.StoredInstance;

class ConflictCommandTest {
    private static final String FIRST = "a".repeat(64);
    private static final String SECOND = "b".repeat(64);

    @TempDir
    private Path folder;

    @BeforeEach
    void twoContentsUnderOneUid() {
        try (Database database = Database.open(folder.resolve("walnut.db"))) {
            index(database).commit(List.of(instance(FIRST, 10), instance(SECOND, 20)));
        }
    }

    @Test
    void lists_and_ends_a_conflict_and_records_who_and_why() throws Exception {
        CommandRun list = CommandRun.of("conflict", "list", "--data-dir", folder, "--json");
        assertThat(list.exit()).isZero();
        assertThat(list.violationsOf("conflict")).isEmpty();
        assertThat(list.json().at("/conflicts/0/sopInstanceUid").asText()).isEqualTo("1.1");
        assertThat(list.json().at("/conflicts/0/contents"))
                .extracting(content -> content.path("datasetSha256").asText())
                .containsExactly(FIRST, SECOND);

        CommandRun choice = choose("1.1", SECOND);
        assertThat(choice.exit()).as(choice.err()).isZero();
        JsonNode after = CommandRun.of("conflict", "list", "--data-dir", folder, "--json")
                .json();
        assertThat(after.path("conflicts")).isEmpty();
        try (Database database = Database.open(folder.resolve("walnut.db"))) {
            assertThat(index(database).changes("1.1")).last().satisfies(change -> {
                assertThat(change.actor()).isEqualTo("ada");
                assertThat(change.reason()).isEqualTo("the first was cut off");
                assertThat(change.datasetSha256()).isEqualTo(SECOND);
            });
        }
    }

    @Test
    void only_a_content_that_stands_can_be_chosen() {
        CommandRun choice = choose("1.1", "c".repeat(64));
        assertThat(choice.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(choice.err()).contains("NOT_FOUND");
    }

    @Test
    void a_running_node_keeps_its_data_directory() {
        try (DataDir held = DataDir.open(folder)) {
            CommandRun list = CommandRun.of("conflict", "list", "--data-dir", held.root());
            assertThat(list.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(list.err()).contains("DATA_DIR_LOCKED");
        }
    }

    private CommandRun choose(String uid, String sha256) {
        return CommandRun.of(
                "conflict",
                "choose",
                "--data-dir",
                folder,
                uid,
                sha256,
                "--by",
                "ada",
                "--reason",
                "the first was cut off");
    }

    private static DatabaseInstanceIndex index(Database database) {
        Clock clock = Clock.systemUTC();
        return new DatabaseInstanceIndex(database, Duration.ofSeconds(1), clock, new Ids(clock, new Random(1)));
    }

    private static StoredInstance instance(String datasetSha256, long receivedAt) {
        return new StoredInstance(
                "1.1",
                "1.2.840.10008.5.1.4.1.1.4",
                "2.1",
                "3.1",
                "1.2.840.10008.1.2.1",
                "P1",
                "",
                "instances/" + receivedAt + ".dcm",
                1000,
                datasetSha256,
                receivedAt,
                "SENDER");
    }
}
