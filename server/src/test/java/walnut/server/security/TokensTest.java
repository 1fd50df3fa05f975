package walnut.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.database.MovableClock;
import walnut.server.ledger.InMemoryLedger;

class TokensTest {
    private static final Set<Role> RADIOLOGIST = Set.of(Role.RADIOLOGIST);

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-27T08:00:00Z"));
    private final InMemoryLedger entries = new InMemoryLedger();
    private final InMemoryTokens store = new InMemoryTokens();
    private final InMemorySessions sessionStore = new InMemorySessions();
    private final AtomicInteger ids = new AtomicInteger();
    private final Tokens tokens = tokens(Optional.empty());
    private final Sessions sessions = new Sessions(sessionStore, tokens, clock, new SecureRandom());

    private Tokens tokens(Optional<String> configured) {
        return new Tokens(
                store,
                configured,
                entries.ledger(clock),
                clock,
                new SecureRandom(),
                () -> "id-" + ids.incrementAndGet());
    }

    @Test
    void the_first_token_is_made_once_and_for_the_administrator() {
        Tokens.Issued first = tokens.first(Set.of(Role.ADMINISTRATOR)).orElseThrow();

        assertThat(tokens.callerWith(first.secret()))
                .hasValueSatisfying(caller -> assertThat(caller.name()).isEqualTo("administrator"));
        assertThat(tokens.first(Set.of(Role.ADMINISTRATOR))).isEmpty();
        tokens.revoke(first.token().tokenId(), "administrator");
        assertThat(tokens.first(Set.of(Role.ADMINISTRATOR)))
                .as("a node whose tokens were all revoked is not a new one")
                .isEmpty();
        assertThat(entries.noted())
                .containsExactly(
                        "first start TOKEN_CREATED administrator", "administrator TOKEN_REVOKED administrator");
    }

    @Test
    void a_secret_has_256_bits_differs_each_time_and_is_kept_nowhere() {
        Tokens.Issued one = tokens.create("Ada", RADIOLOGIST, null, "root");
        Tokens.Issued other = tokens.create("Bob", RADIOLOGIST, null, "root");

        assertThat(one.secret()).matches("walnut_[A-Za-z0-9_-]{43}").isNotEqualTo(other.secret());
        assertThat(store.kept())
                .doesNotContain(one.secret())
                .doesNotContain(one.secret().substring(7));
        assertThat(one.toString()).doesNotContain(one.secret());
        assertThat(entries.newest(null, null, null, 10).toString()).doesNotContain(one.secret());
    }

    @Test
    void a_secret_that_is_nearly_right_is_wrong() {
        String secret = tokens.create("Ada", RADIOLOGIST, null, "root").secret();

        assertThat(tokens.callerWith(secret)).isPresent();
        assertThat(tokens.callerWith(secret.substring(0, secret.length() - 1))).isEmpty();
        assertThat(tokens.callerWith(secret + "x")).isEmpty();
        assertThat(tokens.callerWith(secret.toLowerCase(java.util.Locale.ROOT))).isEmpty();
        assertThat(tokens.callerWith("")).isEmpty();
    }

    @Test
    void an_expired_token_opens_nothing_from_that_very_moment() {
        Tokens.Issued token = tokens.create("Ada", RADIOLOGIST, clock.instant().plusSeconds(60), "root");
        String session = sessions.open(tokens.callerWith(token.secret()).orElseThrow());

        clock.advance(Duration.ofSeconds(60).minusMillis(1));
        assertThat(tokens.callerWith(token.secret())).isPresent();
        assertThat(sessions.callerWith(session)).isPresent();
        clock.advance(Duration.ofMillis(1));
        assertThat(tokens.callerWith(token.secret())).isEmpty();
        assertThat(sessions.callerWith(session)).isEmpty();
    }

    @Test
    void a_revoked_token_and_its_sessions_end_at_once_and_others_go_on() {
        Tokens.Issued ada = tokens.create("Ada", RADIOLOGIST, null, "root");
        Tokens.Issued bob = tokens.create("Bob", RADIOLOGIST, null, "root");
        String adasSession = sessions.open(tokens.callerWith(ada.secret()).orElseThrow());
        String bobsSession = sessions.open(tokens.callerWith(bob.secret()).orElseThrow());

        AccessToken revoked = tokens.revoke(ada.token().tokenId(), "root");

        assertThat(revoked.revokedBy()).isEqualTo("root");
        assertThat(tokens.callerWith(ada.secret())).isEmpty();
        assertThat(sessions.callerWith(adasSession)).isEmpty();
        assertThat(sessions.callerWith(bobsSession)).isPresent();
        assertThat(tokens.revoke(ada.token().tokenId(), "another").revokedBy())
                .as("the first revocation stands")
                .isEqualTo("root");
    }

    @Test
    void a_name_is_taken_for_ever_and_is_no_place_of_ours() {
        Tokens.Issued ada = tokens.create("Ada", RADIOLOGIST, null, "root");
        tokens.revoke(ada.token().tokenId(), "root");

        for (String name :
                new String[] {"Ada", "", " Ada", "a\nb", "configured", "command line", "unknown", "x".repeat(65)}) {
            assertThatThrownBy(() -> tokens.create(name, RADIOLOGIST, null, "root"))
                    .as(name)
                    .isInstanceOfSatisfying(
                            WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_ARGUMENT));
        }
        assertThatThrownBy(() -> tokens.create("Bob", Set.of(), null, "root")).hasMessageContaining("role");
        assertThatThrownBy(() -> tokens.create("Bob", RADIOLOGIST, clock.instant(), "root"))
                .hasMessageContaining("past");
    }

    @Test
    void the_configured_token_is_the_administrators_and_ends_its_sessions_when_it_changes() {
        Tokens configured = tokens(Optional.of("0123456789abcdef"));
        Caller caller = configured.callerWith("0123456789abcdef").orElseThrow();
        String session = new Sessions(sessionStore, configured, clock, new SecureRandom()).open(caller);

        assertThat(caller.is(Role.OPERATOR)).isTrue();
        assertThat(caller.seesSilentResults()).isFalse();
        assertThat(configured.first(Set.of(Role.ADMINISTRATOR))).isEmpty();
        assertThat(configured.callerWith("0123456789abcdeF")).isEmpty();
        assertThatThrownBy(() -> configured.revoke("configured", "root")).hasMessageContaining("http.token");
        Tokens changed = tokens(Optional.of("fedcba9876543210"));
        assertThat(new Sessions(sessionStore, changed, clock, new SecureRandom()).callerWith(session))
                .isEmpty();
        assertThatThrownBy(() -> tokens(Optional.of("secret")))
                .hasMessageContaining("at least 16 characters")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void a_session_ends_after_its_lifetime_and_when_nobody_was_seen_for_long() {
        Caller ada = tokens.callerWith(
                        tokens.create("Ada", RADIOLOGIST, null, "root").secret())
                .orElseThrow();
        String idle = sessions.open(ada);
        String busy = sessions.open(ada);

        for (int minutes = 0; minutes < 59; minutes++) {
            clock.advance(Duration.ofMinutes(1));
            assertThat(sessions.callerWith(busy)).isPresent();
        }
        assertThat(sessions.callerWith(idle)).as("within the hour").isPresent();
        clock.advance(Sessions.IDLE);
        assertThat(sessions.callerWith(idle)).as("an hour later").isEmpty();

        String working = sessions.open(ada);
        for (Duration worked = Duration.ZERO;
                worked.compareTo(Sessions.LIFETIME.minusMinutes(30)) < 0;
                worked = worked.plusMinutes(30)) {
            clock.advance(Duration.ofMinutes(30));
            assertThat(sessions.callerWith(working)).as("after %s", worked).isPresent();
        }
        clock.advance(Duration.ofMinutes(30));
        assertThat(sessions.callerWith(working)).as("a day's work is over").isEmpty();
    }

    @Test
    void a_session_lasts_no_longer_for_a_clock_that_is_set_back() {
        AccessToken token = tokens.create("Ada", RADIOLOGIST, null, "root").token();
        SignInLinks links = new SignInLinks(tokens, clock, new SecureRandom());
        String session = sessions.open(token.caller());
        String other = sessions.open(token.caller());
        String link = key(links.make(token));

        clock.advance(Duration.ofSeconds(-30));
        assertThat(sessions.callerWith(session)).as("slewed").isPresent();
        clock.advance(Duration.ofHours(-5));

        assertThat(sessions.callerWith(session)).isEmpty();
        assertThat(links.use(link)).isEmpty();
        clock.advance(Duration.ofHours(6));
        assertThat(sessions.callerWith(session)).as("it is over for good").isEmpty();
        assertThat(sessions.callerWith(other)).as("set right again in time").isPresent();
    }

    @Test
    void sessions_are_bounded_and_the_oldest_goes_first() {
        Caller ada = tokens.callerWith(
                        tokens.create("Ada", RADIOLOGIST, null, "root").secret())
                .orElseThrow();
        String oldest = sessions.open(ada);
        clock.advance(Duration.ofMillis(1));
        String second = sessions.open(ada);
        for (int i = 2; i < Sessions.MOST; i++) {
            clock.advance(Duration.ofMillis(1));
            sessions.open(ada);
        }
        assertThat(sessions.callerWith(oldest)).isPresent();

        String newest = sessions.open(ada);

        assertThat(sessions.callerWith(oldest)).isEmpty();
        assertThat(sessions.callerWith(second)).isPresent();
        assertThat(sessions.callerWith(newest)).isPresent();
        assertThat(sessionStore.kept()).doesNotContain(newest);
    }

    @Test
    void a_link_signs_in_once_while_it_is_young_and_its_token_lives() {
        SignInLinks links = new SignInLinks(tokens, clock, new SecureRandom());
        AccessToken ada = tokens.create("Ada", RADIOLOGIST, null, "root").token();
        String used = key(links.make(ada));
        String old = key(links.make(ada));

        assertThat(links.use(used)).isPresent();
        assertThat(links.use(used)).isEmpty();
        assertThat(links.use("made-up")).isEmpty();
        clock.advance(SignInLinks.LIFETIME);
        assertThat(links.use(old)).isEmpty();
        String revoked = key(links.make(ada));
        tokens.revoke(ada.tokenId(), "root");
        assertThat(links.use(revoked)).isEmpty();
    }

    private static String key(String link) {
        assertThat(link).startsWith("/sign-in/");
        return link.substring("/sign-in/".length());
    }
}
