package walnut.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import walnut.server.security.AccessRule;
import walnut.server.security.AccessRules;
import walnut.server.security.Role;

/** Every address with every role, and addresses spelled to get past the guard. */
class EveryAddressTest {
    private static InMemoryHospital hospital;
    private static RunningWalnut walnut;

    @BeforeAll
    static void start() {
        hospital = new InMemoryHospital();
        walnut = RunningWalnut.on(HttpSettings.loopback(0), hospital);
    }

    @AfterAll
    static void stop() {
        walnut.close();
    }

    static List<AccessRule> closedRules() {
        return AccessRules.all().stream()
                .filter(rule -> !rule.isOpenToEverybody())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("closedRules")
    void each_address_lets_in_exactly_the_roles_of_its_line(AccessRule rule) {
        String address = rule.path().replaceAll(":slice", "1").replaceAll(":[A-Za-z]+", "unknown");
        assertThat(status(rule.method(), address, null)).isEqualTo(401);
        for (Role role : Role.values()) {
            boolean mayBecauseOperator =
                    role == Role.ADMINISTRATOR && rule.roles().contains(Role.OPERATOR);
            int status = status(rule.method(), address, hospital.token(role).secret());
            if (rule.roles().contains(role) || mayBecauseOperator) {
                assertThat(status).as("%s as %s", address, role).isNotIn(401, 403);
            } else {
                assertThat(status).as("%s as %s", address, role).isEqualTo(403);
            }
        }
    }

    private int status(String method, String address, @Nullable String token) {
        HttpRequest.Builder request = walnut.anonymous(address)
                .method(method, HttpRequest.BodyPublishers.ofString("{}"))
                .header("Content-Type", "application/json");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<InputStream> answer = walnut.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        // The stream of events has no end to wait for.
        try (InputStream body = answer.body()) {
            return answer.statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v1/cases",
                "GET //api/v1/cases",
                "GET /api//v1/cases",
                "GET /api/v1/cases/",
                "GET /api/v1/./cases",
                "GET /api/v1/cases/..",
                "GET /health/../api/v1/cases",
                "GET /health/live/../../api/v1/cases",
                "GET /web/../api/v1/cases",
                "GET /web/%2e%2e/api/v1/cases",
                "GET /web/..%2fapi/v1/cases",
                "GET /health%2f..%2fapi%2fv1%2fcases",
                "GET /%61pi/v1/cases",
                "GET /api/v1/cases%2f" + InMemoryHospital.POSITIVE,
                "GET /api/v1/cases;jsessionid=1",
                "GET /API/V1/CASES",
                "GET /api/v1/cases?x=/health/live",
                "GET /sign-in/../api/v1/cases",
                "GET /sign-in/..%2f..%2fapi/v1/cases",
                "GET /metrics#/health/live",
                "GET http://127.0.0.1/api/v1/cases",
                "GET /\\api\\v1\\cases",
                "GET /%00/api/v1/cases",
                "GET /%zz",
                "HEAD /api/v1/cases",
                "OPTIONS /api/v1/cases",
                "OPTIONS *",
                "TRACE /api/v1/cases",
                "PATCH /api/v1/cases",
                "POST /health/../api/v1/labels",
                "PUT /api/v1/tokens",
                "GIMME /api/v1/cases",
                "GET /cases/" + InMemoryHospital.POSITIVE,
                "GET /nothing/here",
            })
    void no_spelling_of_an_address_passes_the_guard(String line) throws IOException {
        String answer = AccessGuardTest.raw(walnut.port(), line + " HTTP/1.1\r\n");

        assertThat(answer.substring(0, Math.min(60, answer.length())))
                .as(answer)
                .containsPattern("^HTTP/1.1 (400|401|404|405) ");
        assertThat(answer).doesNotContain("0.874").doesNotContain("studyInstanceUid");
        assertThat(hospital.noted()).noneMatch(entry -> entry.startsWith("unknown CASE_READ"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer",
                "Authorization: Bearer ",
                "Authorization: Bearer walnut_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "Authorization: Basic YWRtaW46YWRtaW4=",
                "Authorization: Bearer null",
                "Cookie: walnut_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "Cookie: walnut_session=",
                "Cookie: walnut_session=' or 1=1 --",
                "Cookie: WALNUT_SESSION=x; walnut_session=%00",
                "X-Forwarded-User: administrator",
                "X-Original-URL: /health/live",
            })
    void forged_credentials_open_nothing(String header) throws IOException {
        assertThat(AccessGuardTest.raw(walnut.port(), "GET /api/v1/cases HTTP/1.1\r\n" + header + "\r\n"))
                .startsWith("HTTP/1.1 401 ")
                .contains("UNAUTHENTICATED");
    }
}
