package walnut.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenGuardTest {
    private static final String TOKEN = "0123456789abcdef-token";

    private final RunningWalnut walnut =
            RunningWalnut.on(new HttpSettings("127.0.0.1", 0, TOKEN), new InMemoryHospital());

    @AfterEach
    void stop() {
        walnut.close();
    }

    @Test
    void without_the_token_nothing_but_health_is_answered() {
        for (String path : new String[] {"/api/v1/cases", "/metrics", "/api/v1/openapi.json"}) {
            HttpResponse<String> answer = walnut.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"walnut\"");
        }
        assertThat(walnut.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(walnut.get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void the_bearer_token_opens() {
        assertThat(walnut.send(authorized("Bearer " + TOKEN)).statusCode()).isEqualTo(200);
        assertThat(walnut.send(authorized("bearer " + TOKEN)).statusCode()).isEqualTo(200);
    }

    @Test
    void another_token_or_scheme_does_not() {
        assertThat(walnut.send(authorized("Bearer " + TOKEN + "x")).statusCode())
                .isEqualTo(401);
        assertThat(walnut.send(authorized("Basic " + TOKEN)).statusCode()).isEqualTo(401);
        assertThat(walnut.send(authorized("Bearer ")).statusCode()).isEqualTo(401);
    }

    @Test
    void a_browser_is_sent_to_sign_in_and_back() {
        HttpResponse<String> asked = walnut.send(
                walnut.request("/models").header("Accept", "text/html").build());
        assertThat(asked.statusCode()).isEqualTo(302);
        assertThat(asked.headers().firstValue("Location")).contains("/sign-in?next=%2Fmodels");

        HttpResponse<String> signedIn = signIn(TOKEN, "/models");
        assertThat(signedIn.statusCode()).isEqualTo(303);
        assertThat(signedIn.headers().firstValue("Location")).contains("/models");
        String cookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie)
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Strict")
                .doesNotContain(TOKEN);

        HttpResponse<String> page = walnut.send(walnut.request("/models")
                .header("Accept", "text/html")
                .header("Cookie", cookie.substring(0, cookie.indexOf(';')))
                .build());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<h1>Models</h1>");
    }

    @Test
    void a_wrong_token_is_told_so_on_the_page() {
        HttpResponse<String> refused = signIn("guess", "/");

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("not this server").doesNotContain("guess");
        assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void signing_in_never_leads_to_another_site() {
        assertThat(signIn(TOKEN, "//evil.example").headers().firstValue("Location"))
                .contains("/");
        assertThat(signIn(TOKEN, "https://evil.example").headers().firstValue("Location"))
                .contains("/");
    }

    @Test
    void a_session_ends_after_its_lifetime() {
        MovingClock clock = new MovingClock();
        Sessions sessions = new Sessions(clock);
        String key = sessions.open();

        assertThat(sessions.isOpen(key)).isTrue();
        clock.now = clock.now.plus(Sessions.LIFETIME).minusMillis(1);
        assertThat(sessions.isOpen(key)).isTrue();
        clock.now = clock.now.plusMillis(1);
        assertThat(sessions.isOpen(key)).isFalse();
        assertThat(sessions.isOpen("made up")).isFalse();
    }

    private HttpRequest authorized(String authorization) {
        return walnut.request("/api/v1/cases")
                .header("Authorization", authorization)
                .timeout(Duration.ofSeconds(60))
                .build();
    }

    private HttpResponse<String> signIn(String token, String next) {
        return walnut.post("/sign-in", "application/x-www-form-urlencoded", "token=" + token + "&next=" + next);
    }

    private static final class MovingClock extends Clock {
        private Instant now = Instant.parse("2026-11-22T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
