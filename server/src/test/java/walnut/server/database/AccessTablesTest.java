package walnut.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.server.security.AccessToken;
import walnut.server.security.Role;
import walnut.server.security.SessionStore.Session;

class AccessTablesTest {
    private static final Instant NOW = Instant.parse("2026-11-27T08:00:00.123456Z");
    private static final Instant LONG_AGO = NOW.minus(Duration.ofDays(1));

    @TempDir
    private Path folder;

    private Database database;
    private AccessTokenTable tokens;
    private BrowserSessionTable sessions;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("walnut.db"));
        tokens = new AccessTokenTable(database);
        sessions = new BrowserSessionTable(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static AccessToken token(String id, String name) {
        return new AccessToken(
                id, name, Set.of(Role.ML_ENGINEER, Role.AUDITOR), "root", NOW, NOW.plusSeconds(60), null, null);
    }

    @Test
    void a_token_comes_back_as_it_was_kept() {
        assertThat(tokens.isEmpty()).isTrue();
        assertThat(tokens.add(token("1", "Ada"), "aa")).isTrue();

        assertThat(tokens.find("1")).contains(token("1", "Ada"));
        assertThat(tokens.findBySecret("aa")).contains(token("1", "Ada"));
        assertThat(tokens.findBySecret("AA")).isEmpty();
        assertThat(tokens.isEmpty()).isFalse();
    }

    @Test
    void a_name_is_kept_once() {
        assertThat(tokens.add(token("1", "Ada"), "aa")).isTrue();
        assertThat(tokens.add(token("2", "Ada"), "bb")).isFalse();
        assertThat(tokens.all()).hasSize(1);
    }

    @Test
    void the_first_is_the_first_also_for_another_process() {
        assertThat(tokens.addFirst(token("1", "administrator"), "aa")).isTrue();
        try (Database other = Database.open(folder.resolve("walnut.db"))) {
            assertThat(new AccessTokenTable(other).addFirst(token("2", "another"), "bb"))
                    .isFalse();
            new AccessTokenTable(other).revoke("1", "other", NOW);
        }
        assertThat(tokens.find("1").orElseThrow().revokedBy()).isEqualTo("other");
    }

    @Test
    void revoking_ends_sessions_and_is_done_once() {
        tokens.add(token("1", "Ada"), "aa");
        sessions.open("k1", new Session("1", NOW, NOW), LONG_AGO, LONG_AGO, 10);
        sessions.open("k2", new Session("2", NOW, NOW), LONG_AGO, LONG_AGO, 10);

        tokens.revoke("1", "root", NOW.plusSeconds(1));
        tokens.revoke("1", "another", NOW.plusSeconds(2));

        assertThat(tokens.find("1").orElseThrow())
                .returns("root", AccessToken::revokedBy)
                .returns(NOW.plusSeconds(1), AccessToken::revokedAt);
        assertThat(sessions.find("k1")).isEmpty();
        assertThat(sessions.find("k2")).isPresent();
    }

    @Test
    void opening_a_session_clears_those_that_ended_and_the_oldest_of_too_many() {
        sessions.open("old", new Session("1", NOW.minusSeconds(100), NOW), LONG_AGO, LONG_AGO, 10);
        sessions.open("unseen", new Session("1", NOW, NOW.minusSeconds(100)), LONG_AGO, LONG_AGO, 10);
        sessions.open("1", new Session("1", NOW.plusSeconds(1), NOW), LONG_AGO, LONG_AGO, 10);
        sessions.open("2", new Session("1", NOW.plusSeconds(2), NOW), NOW.minusSeconds(50), NOW.minusSeconds(50), 10);
        assertThat(sessions.find("old")).isEmpty();
        assertThat(sessions.find("unseen")).isEmpty();
        assertThat(sessions.find("1")).isPresent();

        sessions.open("3", new Session("1", NOW.plusSeconds(3), NOW), LONG_AGO, LONG_AGO, 2);

        assertThat(sessions.find("1")).isEmpty();
        assertThat(sessions.find("2")).isPresent();
        assertThat(sessions.find("3")).contains(new Session("1", NOW.plusSeconds(3), NOW));
    }

    @Test
    void a_session_is_seen_later_never_earlier_and_closed() {
        sessions.open("k", new Session("1", NOW, NOW), LONG_AGO, LONG_AGO, 10);
        sessions.seen("k", NOW.plusSeconds(5));
        sessions.seen("k", NOW.plusSeconds(3));
        assertThat(sessions.find("k").orElseThrow().lastSeenAt()).isEqualTo(NOW.plusSeconds(5));

        sessions.close("k");
        assertThat(sessions.find("k")).isEmpty();
    }
}
