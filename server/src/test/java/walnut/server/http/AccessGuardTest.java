package walnut.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import walnut.server.api.WorkerAnswers;
import walnut.server.database.MovableClock;
import walnut.server.security.AccessRules;
import walnut.server.security.Role;
import walnut.server.security.Sessions;
import walnut.server.security.Tokens;
import walnut.server.security.TrustedProxies;

/** Who is let in where, on the real router. */
class AccessGuardTest {
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-27T08:00:00Z"));
    private final InMemoryHospital hospital = new InMemoryHospital(clock);
    private final RunningWalnut walnut = RunningWalnut.on(HttpSettings.loopback(0), hospital);

    @AfterEach
    void stop() {
        walnut.close();
    }

    @Test
    void every_route_has_its_line_in_the_law_and_every_line_its_route() {
        Set<String> law = AccessRules.all().stream()
                .map(rule -> rule.method() + " " + rule.path())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(routed()).isEqualTo(law);
    }

    /** The routes that answer, from the real router: guards have the same addresses, the rest has none. */
    private static Set<String> routed() {
        Vertx vertx = Vertx.vertx();
        try {
            WorkerAnswers answers = new WorkerAnswers(vertx.createSharedWorkerExecutor("law", 1));
            Set<String> routed = new TreeSet<>();
            for (Route route : WalnutHttp.router(
                            vertx, HttpSettings.loopback(0), new InMemoryHospital().dependencies(), answers, answers)
                    .getRoutes()) {
                if (route.getName() == null) {
                    continue;
                }
                if (route.methods() == null || route.methods().isEmpty()) {
                    routed.add("any method " + route.getName());
                    continue;
                }
                for (HttpMethod method : route.methods()) {
                    routed.add(method.name() + " " + route.getName());
                }
            }
            return routed;
        } finally {
            RunningWalnut.await(vertx.close());
        }
    }

    @Test
    void an_address_without_a_line_is_refused_to_everybody() throws IOException {
        Vertx vertx = Vertx.vertx();
        try {
            Router router = Router.router(vertx);
            router.get("/forgotten").handler(context -> context.end("secret"));
            router.route("/any").handler(context -> context.end("secret"));
            new AccessGuard(
                            hospital.access(),
                            new AccessLedger(hospital.dependencies().ledger(), clock),
                            new ClientAddress(TrustedProxies.NONE))
                    .mount(router, router.getRoutes());
            Failures.mount(router);
            int port = RunningWalnut.await(
                            vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                    .actualPort();
            String token = hospital.token(Role.values()).secret();
            for (String path : List.of("/forgotten", "/any")) {
                assertThat(raw(port, "GET " + path + " HTTP/1.1\r\nAuthorization: Bearer " + token + "\r\n"))
                        .contains("403")
                        .contains("open to no role")
                        .doesNotContain("secret");
            }
        } finally {
            RunningWalnut.await(vertx.close());
        }
    }

    @Test
    void a_missing_role_is_named_to_programs_and_people() {
        HttpResponse<String> answer = walnut.get("/api/v1/tokens", Role.RADIOLOGIST, Role.AUDITOR);
        JsonNode problem = RunningWalnut.json(answer);

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(problem.path("code").asText()).isEqualTo("FORBIDDEN");
        assertThat(problem.path("detail").asText())
                .contains("needs the role administrator")
                .contains("has radiologist, auditor");
        HttpResponse<String> page = walnut.send(walnut.anonymous("/models")
                .header("Accept", "text/html")
                .header(
                        "Authorization",
                        "Bearer " + hospital.token(Role.SERVICE).secret())
                .build());
        assertThat(page.statusCode()).isEqualTo(403);
        assertThat(page.body()).contains("<h1>Forbidden</h1>").contains("needs the role radiologist or ml-engineer");
    }

    @Test
    void a_wrong_token_is_not_made_good_by_a_session() {
        String cookie = cookie(signIn(hospital.token(Role.RADIOLOGIST).secret(), "/"));

        assertThat(walnut.send(walnut.anonymous("/api/v1/cases")
                                .header("Cookie", cookie)
                                .build())
                        .statusCode())
                .isEqualTo(200);
        assertThat(walnut.send(walnut.anonymous("/api/v1/cases")
                                .header("Cookie", cookie)
                                .header("Authorization", "Bearer wrong")
                                .build())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void an_expired_and_a_revoked_token_are_told_so() {
        Tokens.Issued expiring = hospital.access()
                .tokens()
                .create("short", Set.of(Role.RADIOLOGIST), clock.instant().plusSeconds(60), "the test");
        assertThat(getWith(expiring.secret()).statusCode()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(2));
        HttpResponse<String> answer = getWith(expiring.secret());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"walnut\"");
        assertThat(answer.body()).contains("revoked, or has expired");

        Tokens.Issued revoked = hospital.token(Role.RADIOLOGIST);
        String cookie = cookie(signIn(revoked.secret(), "/"));
        assertThat(walnut.delete("/api/v1/tokens/" + revoked.token().tokenId()).statusCode())
                .isEqualTo(200);
        assertThat(getWith(revoked.secret()).statusCode()).isEqualTo(401);
        assertThat(walnut.send(walnut.anonymous("/api/v1/cases")
                                .header("Cookie", cookie)
                                .build())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void a_browser_is_sent_to_sign_in_and_back_and_out() {
        HttpResponse<String> asked = walnut.send(
                walnut.anonymous("/models").header("Accept", "text/html").build());
        assertThat(asked.statusCode()).isEqualTo(302);
        assertThat(asked.headers().firstValue("Location")).contains("/sign-in?next=%2Fmodels");

        String secret = hospital.token(Role.RADIOLOGIST).secret();
        HttpResponse<String> signedIn = signIn(secret, "/models");
        assertThat(signedIn.statusCode()).isEqualTo(303);
        assertThat(signedIn.headers().firstValue("Location")).contains("/models");
        String set = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(set)
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Strict")
                .contains("Path=/")
                .doesNotContainIgnoringCase("Secure")
                .doesNotContain(secret);

        HttpRequest page = walnut.anonymous("/models")
                .header("Accept", "text/html")
                .header("Cookie", cookie(signedIn))
                .build();
        assertThat(walnut.send(page).body()).contains("<h1>Models</h1>");
        HttpResponse<String> out = walnut.send(walnut.anonymous("/sign-out")
                .header("Cookie", cookie(signedIn))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(out.headers().firstValue("Location")).contains("/sign-in");
        assertThat(walnut.send(page).statusCode()).isEqualTo(302);
    }

    @Test
    void behind_tls_the_cookie_never_travels_in_clear() {
        HttpResponse<String> signedIn =
                walnut.send(form(hospital.token(Role.RADIOLOGIST).secret(), "/")
                        .header("X-Forwarded-Proto", "https")
                        .build());

        assertThat(signedIn.headers().firstValue("Set-Cookie").orElseThrow()).contains("Secure");
    }

    @Test
    void signing_in_never_leads_to_another_site() {
        String secret = hospital.token(Role.RADIOLOGIST).secret();
        for (String elsewhere :
                List.of("//evil.example", "https://evil.example", "/\\evil.example", "/%0d%0aX: y", "/a//b?c")) {
            assertThat(signIn(secret, java.net.URLEncoder.encode(elsewhere, StandardCharsets.UTF_8))
                            .headers()
                            .firstValue("Location"))
                    .as(elsewhere)
                    .contains("/");
        }
    }

    @Test
    void a_link_signs_one_browser_in_once() {
        String link = walnut.signInAddress(Role.RADIOLOGIST)
                .substring(walnut.address().length());
        HttpResponse<String> first = walnut.send(walnut.anonymous(link).build());
        HttpResponse<String> second = walnut.send(walnut.anonymous(link).build());

        assertThat(first.statusCode()).isEqualTo(303);
        assertThat(walnut.send(walnut.anonymous("/api/v1/cases")
                                .header("Cookie", cookie(first))
                                .build())
                        .statusCode())
                .isEqualTo(200);
        assertThat(second.statusCode()).isEqualTo(401);
        assertThat(second.body()).contains("it opens once");
        assertThat(second.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void who_tries_secrets_is_put_off_whatever_they_show_next() {
        for (int attempt = 0; attempt < 10; attempt++) {
            HttpResponse<String> refused = signIn("guess", "/");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.body()).contains("no token of this server").doesNotContain("guess");
        }
        String secret = hospital.token(Role.RADIOLOGIST).secret();
        HttpResponse<String> putOff = signIn(secret, "/");

        assertThat(putOff.statusCode()).isEqualTo(429);
        assertThat(putOff.body()).contains("TOO_MANY_ATTEMPTS");
        assertThat(Long.parseLong(putOff.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1L, 301L);
        clock.advance(Duration.ofMinutes(5));
        assertThat(signIn(secret, "/").statusCode()).isEqualTo(303);
        assertThat(hospital.noted().stream().filter(entry -> entry.equals("unknown SIGN_IN_REFUSED sign-in")))
                .hasSize(10);
    }

    @Test
    void behind_a_trusted_proxy_who_tries_secrets_puts_off_nobody_else() {
        HttpSettings behindProxy = new HttpSettings("127.0.0.1", 0, TrustedProxies.of(List.of("127.0.0.0/8", "::1")));
        try (RunningWalnut proxied = RunningWalnut.on(behindProxy, hospital)) {
            for (int attempt = 0; attempt < 10; attempt++) {
                assertThat(signInFrom(proxied, "guess", "198.51.100.1")).isEqualTo(401);
            }
            String secret = hospital.token(Role.RADIOLOGIST).secret();
            assertThat(signInFrom(proxied, secret, "198.51.100.1")).isEqualTo(429);
            assertThat(signInFrom(proxied, secret, "203.0.113.5, 198.51.100.1")).isEqualTo(429);
            assertThat(signInFrom(proxied, secret, "198.51.100.2")).isEqualTo(303);
            assertThat(hospital.details()).contains("from 198.51.100.1", "from 198.51.100.2");
        }
    }

    @Test
    void who_is_no_trusted_proxy_is_another_man_for_no_header() {
        for (int attempt = 0; attempt < 10; attempt++) {
            assertThat(signInFrom(walnut, "guess", "198.51.100." + attempt)).isEqualTo(401);
        }
        assertThat(signInFrom(walnut, hospital.token(Role.RADIOLOGIST).secret(), "198.51.100.99"))
                .isEqualTo(429);
    }

    private int signInFrom(RunningWalnut server, String token, String forwardedFor) {
        return server.send(server.anonymous("/sign-in")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("X-Forwarded-For", forwardedFor)
                        .POST(HttpRequest.BodyPublishers.ofString("token=" + token + "&next=/"))
                        .build())
                .statusCode();
    }

    @Test
    void the_stream_of_events_ends_with_its_token_and_with_its_session() throws Exception {
        Tokens.Issued token = hospital.token(Role.RADIOLOGIST);
        Tokens.Issued another = hospital.token(Role.RADIOLOGIST);
        String cookie = cookie(signIn(another.secret(), "/"));
        ExecutorService readers = Executors.newFixedThreadPool(2);
        try {
            Future<String> byToken = readers.submit(() -> stream("Authorization: Bearer " + token.secret() + "\r\n"));
            Future<String> bySession = readers.submit(() -> stream("Cookie: " + cookie + "\r\n"));
            assertThatThrownBy(() -> byToken.get(7, TimeUnit.SECONDS))
                    .as("it goes on while nothing changes")
                    .isInstanceOf(TimeoutException.class);

            hospital.access().tokens().revoke(token.token().tokenId(), "the test");

            assertThat(byToken.get(60, TimeUnit.SECONDS))
                    .startsWith("HTTP/1.1 200")
                    .contains("event: resync");
            assertThat(bySession.isDone()).isFalse();

            clock.advance(Sessions.IDLE);

            assertThat(bySession.get(60, TimeUnit.SECONDS))
                    .startsWith("HTTP/1.1 200")
                    .contains("event: resync");
        } finally {
            readers.shutdownNow();
        }
    }

    /** All that is told until the node ends it. */
    private String stream(String header) throws IOException {
        return raw(walnut.port(), "GET /api/v1/events HTTP/1.1\r\n" + header);
    }

    @Test
    void a_page_that_asks_by_itself_keeps_no_session_open() {
        String cookie = cookie(signIn(hospital.token(Role.RADIOLOGIST).secret(), "/"));
        clock.advance(Sessions.IDLE.minusMinutes(1));
        assertThat(statusWith(cookie, true)).isEqualTo(200);
        clock.advance(Duration.ofMinutes(1));
        assertThat(statusWith(cookie, true)).as("nobody was there for an hour").isEqualTo(401);

        String attended = cookie(signIn(hospital.token(Role.RADIOLOGIST).secret(), "/"));
        clock.advance(Sessions.IDLE.minusMinutes(1));
        assertThat(statusWith(attended, false)).isEqualTo(200);
        clock.advance(Duration.ofMinutes(1));
        assertThat(statusWith(attended, true)).isEqualTo(200);
    }

    private int statusWith(String cookie, boolean unattended) {
        HttpRequest.Builder request = walnut.anonymous("/api/v1/cases").header("Cookie", cookie);
        if (unattended) {
            request.header(AccessGuard.UNATTENDED, "yes");
        }
        return walnut.send(request.build()).statusCode();
    }

    @Test
    void what_is_refused_is_noted_and_patient_access_names_the_role() {
        walnut.get("/api/v1/tokens", Role.RADIOLOGIST);
        walnut.get("/api/v1/cases//" + InMemoryHospital.POSITIVE, Role.RADIOLOGIST);
        getWith("walnut_wrong");

        assertThat(hospital.noted())
                .containsExactly(
                        "token 2 ACCESS_REFUSED GET /api/v1/tokens",
                        "token 3 CASE_READ " + InMemoryHospital.POSITIVE,
                        "unknown TOKEN_REFUSED bearer");
        JsonNode entries = RunningWalnut.json(walnut.get("/api/v1/audit?subject=" + InMemoryHospital.POSITIVE))
                .path("entries");
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).path("detail").asText()).isEqualTo("as radiologist");
    }

    @Test
    void the_ledger_is_read_page_by_page_newest_first() {
        for (int i = 0; i < 5; i++) {
            hospital.token(Role.SERVICE);
        }
        List<Long> seen = new ArrayList<>();
        String before = "";
        do {
            JsonNode page = RunningWalnut.json(walnut.get("/api/v1/audit?actor=the%20test&limit=2" + before));
            page.path("entries")
                    .forEach(entry -> seen.add(entry.path("sequence").asLong()));
            before = page.path("next").isNull()
                    ? null
                    : "&before=" + page.path("next").asLong();
        } while (before != null);

        assertThat(seen).containsExactly(6L, 5L, 4L, 3L, 2L, 1L);
    }

    @Test
    void every_operation_of_the_contract_names_the_roles_of_the_law() {
        JsonNode contract = RunningWalnut.json(walnut.get("/api/v1/openapi.json"));
        JsonNode cases = contract.at("/paths/~1api~1v1~1cases/get");

        assertThat(cases.path("x-walnut-roles"))
                .extracting(JsonNode::asText)
                .containsExactly("radiologist", "ml-engineer", "operator", "auditor");
        assertThat(cases.path("description").asText()).contains("For: radiologist, ml-engineer");
        contract.path("paths")
                .forEach(path -> path.forEach(operation -> assertThat(operation.has("x-walnut-roles"))
                        .as(operation.path("operationId").asText())
                        .isTrue()));
    }

    private HttpResponse<String> getWith(String secret) {
        return walnut.send(walnut.anonymous("/api/v1/cases")
                .header("Authorization", "Bearer " + secret)
                .build());
    }

    private HttpResponse<String> signIn(String token, String next) {
        return walnut.send(form(token, next).build());
    }

    private HttpRequest.Builder form(String token, String next) {
        return walnut.anonymous("/sign-in")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("token=" + token + "&next=" + next));
    }

    private static String cookie(HttpResponse<String> response) {
        String set = response.headers().firstValue("Set-Cookie").orElseThrow();
        return set.substring(0, set.indexOf(';'));
    }

    /** Written by hand: a client would put the address right first. */
    static String raw(int port, String head) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write((head + "Host: 127.0.0.1\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}
