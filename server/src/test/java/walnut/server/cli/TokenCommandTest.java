package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.server.database.DatabaseEngine;
import walnut.server.http.HttpSettings;
import walnut.server.http.InMemoryHospital;
import walnut.server.http.RunningWalnut;

class TokenCommandTest {
    @TempDir
    private Path scratch;

    private Path dataDir() {
        return scratch.resolve("data");
    }

    @Test
    void a_token_is_made_listed_and_revoked_on_a_data_directory() throws IOException {
        CommandRun made = CommandRun.of(
                "token",
                "create",
                "--data-dir",
                dataDir(),
                "--name",
                "Ada",
                "--role",
                "radiologist,auditor",
                "--expires",
                "90d",
                "--json");
        assertThat(made.exit()).as(made.err()).isZero();
        assertThat(made.violationsOf("token")).isEmpty();
        String secret = made.json().path("secret").asText();
        assertThat(made.json().at("/token/createdBy").asText()).isEqualTo("command line");

        CommandRun list = CommandRun.of("token", "list", "--data-dir", dataDir(), "--json");
        assertThat(list.violationsOf("token")).isEmpty();
        assertThat(list.json().at("/tokens/0/name").asText()).isEqualTo("Ada");
        assertThat(list.out()).doesNotContain(secret);

        CommandRun revoked = CommandRun.of("token", "revoke", "Ada", "--data-dir", dataDir(), "--json");
        assertThat(revoked.exit()).isZero();
        assertThat(revoked.violationsOf("token")).isEmpty();
        assertThat(revoked.json().path("revokedBy").asText()).isEqualTo("command line");
        assertThat(CommandRun.of("token", "revoke", "Bob", "--data-dir", dataDir())
                        .err())
                .contains("NOT_FOUND");
        assertThat(CommandRun.of("audit", "verify", "--data-dir", dataDir()).out())
                .contains("2 entries, whole");
    }

    @Test
    void a_secret_is_all_that_stdout_says_so_that_a_script_can_keep_it() {
        CommandRun made =
                CommandRun.of("token", "create", "--data-dir", dataDir(), "--name", "scraper", "--role", "service");

        assertThat(made.out().strip()).matches("walnut_[A-Za-z0-9_-]{43}");
        assertThat(made.err())
                .contains("Shown this once")
                .contains("scraper")
                .doesNotContain(made.out().strip());
        assertThat(CommandRun.of("token", "list", "--data-dir", dataDir()).out())
                .contains("scraper")
                .contains("service; made")
                .contains("no expiry");
    }

    @Test
    void what_cannot_be_a_token_is_said_with_the_way_out() {
        assertThat(create("--role", "wizard").err()).contains("a role is one of radiologist, ml-engineer");
        assertThat(create("--role", "service", "--expires", "soon").err()).contains("--expires takes 12h");
        assertThat(create("--role", "service", "--expires", "2001-01-01T00:00:00Z")
                        .err())
                .contains("cannot expire in the past");
        assertThat(create().exit()).isEqualTo(ExitCode.USAGE);
        assertThat(CommandRun.of("token", "list", "--server", "http://127.0.0.1:1")
                        .err())
                .contains("--server needs --token-file");
    }

    private CommandRun create(Object... more) {
        Object[] arguments = new Object[6 + more.length];
        System.arraycopy(
                new Object[] {"token", "create", "--data-dir", dataDir(), "--name", "Ada"}, 0, arguments, 0, 6);
        System.arraycopy(more, 0, arguments, 6, more.length);
        return CommandRun.of(arguments);
    }

    @Test
    void a_running_node_is_asked_with_an_administrators_token_from_a_file() throws IOException {
        InMemoryHospital hospital = new InMemoryHospital();
        try (RunningWalnut walnut = RunningWalnut.on(HttpSettings.loopback(0), hospital)) {
            Path administrator = Files.writeString(scratch.resolve("administrator"), walnut.secret() + "\n");
            Object[] server = {"--server", walnut.address(), "--token-file", administrator, "--json"};
            CommandRun made = remote(server, "token", "create", "--name", "Ada", "--role", "radiologist");
            assertThat(made.exit()).as(made.err()).isZero();
            assertThat(made.violationsOf("token")).isEmpty();
            Path radiologist = Files.writeString(
                    scratch.resolve("ada"), made.json().path("secret").asText());

            JsonNode list = remote(server, "token", "list").json().path("tokens");
            assertThat(list.findValuesAsText("name")).contains("Ada");
            CommandRun forbidden =
                    CommandRun.of("token", "list", "--server", walnut.address(), "--token-file", radiologist, "--json");
            assertThat(forbidden.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(forbidden.json().at("/error/code").asText()).isEqualTo("FORBIDDEN");
            assertThat(remote(server, "token", "revoke", "Ada")
                            .json()
                            .path("revokedAt")
                            .isTextual())
                    .isTrue();
            assertThat(CommandRun.of("token", "list", "--server", walnut.address(), "--token-file", radiologist)
                            .err())
                    .contains("UNAUTHENTICATED");
        }
    }

    @Test
    void on_a_shared_database_tokens_and_ledger_are_one_for_every_node() throws Exception {
        Path shared = scratch.resolve("shared");
        String url = DatabaseEngine.urlOf(shared);
        Path first = settings("first", url);
        Path second = settings("second", url);

        CommandRun made =
                CommandRun.of("token", "create", "--config", first, "--name", "Ada", "--role", "radiologist", "--json");
        assertThat(made.exit()).as(made.err()).isZero();
        assertThat(made.violationsOf("token")).isEmpty();
        CommandRun list = CommandRun.of("token", "list", "--config", second, "--json");
        assertThat(list.json().at("/tokens/0/name").asText()).isEqualTo("Ada");
        CommandRun revoked = CommandRun.of("token", "revoke", "Ada", "--config", second, "--json");
        assertThat(revoked.json().path("revokedBy").asText()).isEqualTo("command line");

        for (Path node : List.of(first, second)) {
            CommandRun whole = CommandRun.of("audit", "verify", "--config", node, "--json");
            assertThat(whole.exit()).as(whole.out() + whole.err()).isZero();
            assertThat(whole.violationsOf("audit")).isEmpty();
            assertThat(whole.json().path("entries").asInt()).isEqualTo(2);
        }
        try (Connection database = DriverManager.getConnection(url, DatabaseEngine.USER, "");
                Statement statement = database.createStatement()) {
            assertThat(statement.executeUpdate("update ledger set actor = 'Eve' where sequence = 1"))
                    .isEqualTo(1);
            assertThat(findingsOf(first)).contains("EDITED");
            statement.executeUpdate("update ledger set actor = 'command line' where sequence = 1");
            statement.executeUpdate("delete from ledger where sequence = 2");
        }
        assertThat(findingsOf(second))
                .as("the node that wrote the last knows that there was one")
                .contains("TRUNCATED");
    }

    private static List<String> findingsOf(Path settings) throws IOException {
        CommandRun verified = CommandRun.of("audit", "verify", "--config", settings, "--json");
        assertThat(verified.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(verified.violationsOf("audit")).isEmpty();
        return verified.json().path("findings").findValuesAsText("kind");
    }

    private Path settings(String name, String url) throws IOException {
        return Files.writeString(scratch.resolve(name + ".yaml"), """
                dataDir: %s
                node.name: %s
                database:
                  url: %s
                  user: %s
                """.formatted(
                        scratch.resolve("shared"), name, url, DatabaseEngine.USER));
    }

    private static CommandRun remote(Object[] server, Object... command) {
        Object[] arguments = new Object[command.length + server.length];
        System.arraycopy(command, 0, arguments, 0, command.length);
        System.arraycopy(server, 0, arguments, command.length, server.length);
        return CommandRun.of(arguments);
    }
}
