package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import walnut.models.passport.ModelPackage;
import walnut.server.NodeUnderTest;
import walnut.server.api.CaseSummary;
import walnut.server.database.Database;
import walnut.server.database.LedgerTable;
import walnut.server.database.StoredPrediction;
import walnut.server.ledger.Ledger;
import walnut.server.ledger.LedgerEntry;
import walnut.server.security.Role;

/** {@code walnut reprocess} on a running node, and on its data directory when it has stopped; told in order. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReprocessCommandTest {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");

    @TempDir
    static Path scratch;

    private static Path dataDir;
    private static NodeUnderTest node;
    private static StoredPrediction first;

    @BeforeAll
    static void aNodeThatPredicted() throws Exception {
        dataDir = scratch.resolve("data");
        node = NodeUnderTest.start(dataDir, ModelPackage.open(DETECTOR), Map.of());
        node.send(Phantoms.one(scratch.resolve("phantom"), 910_002));
        first = node.nextPrediction();
        assertThat(first.outcome()).isEqualTo("COMPLETED");
    }

    @AfterAll
    static void close() {
        node.close();
    }

    @Test
    @Order(1)
    void where_nothing_changed_that_is_said_and_nothing_runs() throws IOException {
        CommandRun run = ask(Role.OPERATOR, "--all", "--json");

        assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.violationsOf("reprocess")).isEmpty();
        assertThat(run.json().path("unchanged").asInt()).isEqualTo(1);
        assertThat(run.json().path("queued").asInt()).isZero();
        assertThat(ask(Role.OPERATOR, summary().studyInstanceUid()).out())
                .isEqualToIgnoringNewLines("0 queued, 1 unchanged, 0 waiting already, 0 put aside, 0 without images");
    }

    @Test
    @Order(2)
    void a_study_that_is_not_here_and_a_role_that_may_not_are_refused_by_name() throws IOException {
        CommandRun unknown = ask(Role.OPERATOR, "1.2.3.4", "--json");
        assertThat(unknown.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(unknown.violationsOf("reprocess")).isEmpty();
        assertThat(unknown.json().at("/error/code").asText()).isEqualTo("NOT_FOUND");
        assertThat(unknown.json().at("/error/detail").asText()).contains("send it");

        CommandRun forbidden = ask(Role.RADIOLOGIST, "--all", "--json");
        assertThat(forbidden.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(forbidden.json().at("/error/code").asText()).isEqualTo("FORBIDDEN");

        assertThat(CommandRun.of("reprocess").exit()).isEqualTo(ExitCode.USAGE);
        assertThat(CommandRun.of("reprocess", "--all", "--data-dir", dataDir).err())
                .contains("DATA_DIR_LOCKED");
    }

    @Test
    @Order(3)
    void a_model_in_another_state_has_every_case_run_again() throws Exception {
        node.server().deployments().change(first.modelId(), "ASSIST", "Ada", "the trial ended well");

        CommandRun run = ask(Role.ML_ENGINEER, "--model", first.modelId(), "--json");

        assertThat(run.json().path("queued").asInt()).isEqualTo(1);
        StoredPrediction again = node.nextPrediction();
        assertThat(again.predictionId()).isNotEqualTo(first.predictionId());
        assertThat(again.caseScore()).isEqualTo(first.caseScore());
        assertThat(ask(Role.ML_ENGINEER, "--since", "2100-01-01", "--json")
                        .json()
                        .path("unchanged")
                        .asInt())
                .isZero();
    }

    @Test
    @Order(4)
    void a_study_whose_images_vanish_before_its_turn_is_answered_with_that_and_what_to_do() throws Exception {
        node.server().deployments().change(first.modelId(), "SILENT", "Ada", "once more");
        try (Stream<Path> files = Files.walk(dataDir.resolve("instances"))) {
            for (Path image :
                    files.filter(file -> file.toString().endsWith(".dcm")).toList()) {
                Files.delete(image);
            }
        }
        node.server().upkeep().cases().discard(first.caseId(), new walnut.server.api.NamedReason("Ada", "a test"));
        node.server().upkeep().cases().takeUpAgain(first.caseId());

        StoredPrediction gone = node.nextPrediction();

        assertThat(gone.outcome()).isEqualTo("FAILED");
        assertThat(gone.document()).contains("INPUT_GONE");
        assertThat(summary().explanation()).contains("are not stored any more");
        assertThat(node.server().cases().caseById(first.caseId()).orElseThrow().predictionIds())
                .as("what was said before is kept")
                .contains(first.predictionId())
                .hasSize(3);
    }

    @Test
    @Order(5)
    void on_the_data_directory_of_a_stopped_node_cases_are_marked_and_the_ledger_says_by_whom() throws IOException {
        node.close();

        CommandRun run = CommandRun.of("reprocess", "--all", "--data-dir", dataDir, "--json");

        assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.violationsOf("reprocess")).isEmpty();
        assertThat(run.json().path("queued").asInt()).isEqualTo(1);
        CommandRun again = CommandRun.of("reprocess", "--all", "--data-dir", dataDir, "--json");
        assertThat(again.json().path("waitingAlready").asInt()).isEqualTo(1);
        try (Database database = Database.open(dataDir.resolve("walnut.db"))) {
            LedgerEntry last = Ledger.open(new LedgerTable(database), dataDir, new SecureRandom(), Clock.systemUTC())
                    .newest(null, null, null, 1)
                    .get(0);
            assertThat(last.actor()).isEqualTo("command line");
            assertThat(last.action()).isEqualTo("CASES_REPROCESSED");
            assertThat(last.detail()).isEqualTo("by " + System.getProperty("user.name"));
        }
        assertThat(CommandRun.of("audit", "verify", "--data-dir", dataDir).exit())
                .isEqualTo(ExitCode.DONE);
    }

    private static CommandRun ask(Role role, Object... more) throws IOException {
        Path token = Files.writeString(scratch.resolve("token-" + role), token(role));
        Object[] arguments = new Object[5 + more.length];
        System.arraycopy(
                new Object[] {
                    "reprocess", "--server", "http://127.0.0.1:" + node.server().httpPort(), "--token-file", token
                },
                0,
                arguments,
                0,
                5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        return CommandRun.of(arguments);
    }

    private static final Map<Role, String> TOKENS = new java.util.EnumMap<>(Role.class);

    private static String token(Role role) {
        return TOKENS.computeIfAbsent(role, node::token);
    }

    private static CaseSummary summary() {
        return node.server().cases().caseById(first.caseId()).orElseThrow().summary();
    }
}
