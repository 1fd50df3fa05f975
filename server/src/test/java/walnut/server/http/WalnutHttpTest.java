package walnut.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.testing.Peers;

class WalnutHttpTest {
    private static final String CASE = "/api/v1/cases/" + InMemoryHospital.POSITIVE;

    private final InMemoryHospital hospital = new InMemoryHospital();
    private final RunningWalnut walnut = RunningWalnut.on(HttpSettings.loopback(0), hospital);

    @AfterEach
    void stop() {
        walnut.close();
    }

    @Test
    void lists_cases_page_by_page() {
        JsonNode first = RunningWalnut.json(walnut.get("/api/v1/cases?limit=4"));
        JsonNode second = RunningWalnut.json(
                walnut.get("/api/v1/cases?limit=4&before=" + first.path("next").asText()));

        assertThat(first.path("cases")).hasSize(4);
        assertThat(second.path("cases")).hasSize(2);
        assertThat(second.path("next").isNull()).isTrue();
        assertThat(second.path("cases").get(1).path("caseId").asText()).isEqualTo(InMemoryHospital.HOSTILE);
    }

    @Test
    void filters_cases_by_state_given_twice_or_with_commas() {
        JsonNode repeated = RunningWalnut.json(walnut.get("/api/v1/cases?state=FAILED&state=QUEUED"));
        JsonNode commas = RunningWalnut.json(walnut.get("/api/v1/cases?state=FAILED,QUEUED"));

        assertThat(repeated.path("cases").findValuesAsText("state")).containsExactly("FAILED", "QUEUED");
        assertThat(commas).isEqualTo(repeated);
    }

    @Test
    void prediction_document_is_given_as_it_was_stored() {
        JsonNode detail = RunningWalnut.json(walnut.get(CASE));

        assertThat(detail.at("/prediction/document"))
                .isEqualTo(hospital.caseById(InMemoryHospital.POSITIVE)
                        .orElseThrow()
                        .prediction()
                        .document());
    }

    @Test
    void a_look_at_a_case_with_its_pictures_is_noted_once_and_a_change_each_time() {
        walnut.get("/cases/" + InMemoryHospital.POSITIVE);
        walnut.get(CASE);
        walnut.get(CASE + "/panes/T2W/3.png");
        walnut.get("/api/v1/cases");
        walnut.get("/");
        walnut.post(
                "/api/v1/labels", "text/csv", "study_instance_uid,kind,isup,sampled_on\n2.25.1,READER,2,2026-01-31\n");
        walnut.post(
                "/api/v1/labels", "text/csv", "study_instance_uid,kind,isup,sampled_on\n2.25.1,READER,2,2026-01-31\n");

        assertThat(hospital.noted())
                .containsExactly(
                        "token 1 CASE_READ " + InMemoryHospital.POSITIVE,
                        "token 1 WORKLIST_READ worklist",
                        "token 1 LABELS_SUBMITTED labels",
                        "token 1 LABELS_SUBMITTED labels");
    }

    @Test
    void failures_are_problem_details_with_their_code() {
        HttpResponse<String> unknown = walnut.get("/api/v1/cases/nobody");
        JsonNode problem = RunningWalnut.json(unknown);

        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(problem.path("code").asText()).isEqualTo("NOT_FOUND");
        assertThat(problem.path("type").asText()).isEqualTo("urn:walnut:problem:not-found");
        assertThat(problem.path("detail").asText()).isEqualTo("there is no case nobody");

        assertThat(RunningWalnut.json(walnut.get("/api/v1/nothing"))
                        .path("code")
                        .asText())
                .isEqualTo("NOT_FOUND");
        assertThat(walnut.post("/api/v1/cases", "application/json", "{}").statusCode())
                .isEqualTo(405);
    }

    @Test
    void pictures_are_png_on_the_t2w_grid() {
        HttpResponse<byte[]> picture = walnut.send(
                walnut.request(CASE + "/panes/ADC/10.png").build(), HttpResponse.BodyHandlers.ofByteArray());

        assertThat(picture.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(picture.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(picture.body()).startsWith(0x89, 'P', 'N', 'G');
    }

    @Test
    void a_picture_named_by_its_revision_may_be_kept() {
        HttpResponse<String> picture = walnut.get(CASE + "/panes/T2W/0.png?revision=r-" + InMemoryHospital.POSITIVE);

        assertThat(picture.headers().firstValue("Cache-Control")).contains("private, max-age=86400, immutable");
    }

    @Test
    void pictures_that_do_not_exist_say_why() {
        assertThat(walnut.get(CASE + "/panes/T2W/20.png").statusCode()).isEqualTo(404);
        assertThat(walnut.get(CASE + "/panes/PET/0.png").statusCode()).isEqualTo(400);
        assertThat(walnut.get(CASE + "/panes/T2W/first.png").statusCode()).isEqualTo(400);
        assertThat(walnut.get("/api/v1/cases/" + InMemoryHospital.REFUSED + "/panes/ADC/0.png")
                        .statusCode())
                .isEqualTo(404);
        assertThat(walnut.get("/api/v1/cases/" + InMemoryHospital.FAILED + "/panes/T2W/0.png")
                        .statusCode())
                .isEqualTo(410);
    }

    @Test
    void labels_come_as_csv_and_bad_rows_do_not_hold_up_good_ones() {
        HttpResponse<String> answer = walnut.post("/api/v1/labels", "text/csv; charset=utf-8", """
                study_instance_uid,patient_id,kind,isup,pi_rads,sampled_on
                2.25.1000,,BIOPSY_TARGETED,3,5,2026-03-31
                ,"Doe, Jane",PROSTATECTOMY,0,,2026-04-02
                2.25.1000,,BIOPSY_TARGETED,7,5,2026-03-31
                2.25.1000,,BIOPSY_TARGETED,1,5,2027-03-31
                2.25.1000,too short
                """);
        JsonNode receipt = RunningWalnut.json(answer);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(receipt.path("accepted").asInt()).isEqualTo(2);
        assertThat(receipt.path("joined").asInt()).isEqualTo(1);
        assertThat(receipt.path("orphaned").asInt()).isEqualTo(1);
        assertThat(receipt.path("rejectedCount").asInt()).isEqualTo(3);
        assertThat(receipt.path("rejected").findValuesAsText("row")).containsExactly("3", "4", "5");
        assertThat(receipt.path("rejected").get(0).path("detail").asText())
                .isEqualTo("isup must be a whole number from 0 to 5");
        assertThat(answer.body()).as("no value of a row is repeated").doesNotContain("Doe");
    }

    @Test
    void labels_come_as_json() {
        HttpResponse<String> answer = walnut.post("/api/v1/labels", "application/json", """
                {"labels": [{"studyInstanceUid": "2.25.1000", "kind": "READER", "csPca": true, "sampledOn": "2026-02-01"}]}
                """);

        assertThat(RunningWalnut.json(answer).path("joined").asInt()).isEqualTo(1);
        JsonNode label = RunningWalnut.json(walnut.get("/api/v1/labels?caseId=" + InMemoryHospital.POSITIVE))
                .path("labels")
                .get(0);
        assertThat(label.path("csPca").asBoolean()).isTrue();
        assertThat(label.path("sampledOn").asText()).isEqualTo("2026-02-01");
    }

    @Test
    void labels_of_which_none_can_be_taken_are_refused() {
        HttpResponse<String> answer = walnut.post(
                "/api/v1/labels", "text/csv", "study_instance_uid,kind,isup,sampled_on\n2.25.1,BIOPSY,3,2026-01-01\n");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(RunningWalnut.json(answer).path("code").asText()).isEqualTo("LABEL_INVALID");
        assertThat(RunningWalnut.json(answer).path("detail").asText()).contains("row 1: kind must be one of");
    }

    @Test
    void label_bodies_that_are_none_are_refused() {
        assertThat(walnut.post("/api/v1/labels", "text/plain", "x").statusCode())
                .isEqualTo(415);
        assertThat(walnut.post("/api/v1/labels", "application/json", "{").statusCode())
                .isEqualTo(422);
        assertThat(walnut.post("/api/v1/labels", "text/csv", "").statusCode()).isEqualTo(422);
        assertThat(walnut.post("/api/v1/labels", "text/csv", "gleason\n7\n").statusCode())
                .isEqualTo(422);
        assertThat(walnut.post("/api/v1/labels", "text/csv", "x".repeat(17 * 1024 * 1024))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void undefined_statistics_are_told_with_their_reason() {
        JsonNode specificity = RunningWalnut.json(walnut.get("/api/v1/monitoring/" + InMemoryHospital.MODEL))
                .at("/operatingPoints/0/specificity");

        assertThat(specificity.path("defined").asBoolean()).isFalse();
        assertThat(specificity.path("value").isNull()).isTrue();
        assertThat(specificity.path("reason").asText()).isEqualTo("10 verified negatives are needed, there are 4");
    }

    @Test
    void a_broken_known_answer_makes_the_node_not_ready_but_alive() {
        assertThat(walnut.get("/health/ready").statusCode()).isEqualTo(200);
        hospital.breakKnownAnswer();

        HttpResponse<String> ready = walnut.get("/health/ready");

        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains("BROKEN");
        assertThat(walnut.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void every_answer_forbids_foreign_and_inline_scripts() {
        for (String path : new String[] {"/", "/api/v1/cases", "/nothing", "/web/walnut.css"}) {
            HttpResponse<String> answer = walnut.get(path);
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .as(path)
                    .contains("default-src 'none'")
                    .contains("script-src 'self';")
                    .doesNotContain("unsafe");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        }
    }

    @Test
    void patient_answers_are_kept_by_no_cache() {
        for (String path : new String[] {"/", "/cases/" + InMemoryHospital.POSITIVE, CASE, "/api/v1/labels"}) {
            assertThat(walnut.get(path).headers().firstValue("Cache-Control"))
                    .as(path)
                    .contains("no-store");
        }
    }

    @Test
    void markup_in_a_series_description_stays_text() {
        String page = walnut.get("/cases/" + InMemoryHospital.HOSTILE).body();

        assertThat(page)
                .contains("&lt;script")
                .doesNotContain("<script>document")
                .doesNotContain("<img src=x");
    }

    @Test
    void people_get_a_page_where_programs_get_json() {
        HttpResponse<String> page = walnut.send(walnut.request("/cases/nobody")
                .header("Accept", "text/html,*/*")
                .build());

        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.body()).contains("<h1>Not found</h1>").contains("there is no case nobody");
    }

    @Test
    void a_page_of_another_site_may_not_change_anything() {
        HttpRequest.BodyPublisher label = HttpRequest.BodyPublishers.ofString("study_instance_uid\n");
        HttpRequest foreign = walnut.request("/api/v1/labels")
                .header("Origin", "https://evil.example")
                .POST(label)
                .build();
        HttpRequest fetched = walnut.request("/api/v1/labels")
                .header("Sec-Fetch-Site", "cross-site")
                .POST(label)
                .build();

        assertThat(walnut.send(foreign).statusCode()).isEqualTo(403);
        assertThat(walnut.send(fetched).statusCode()).isEqualTo(403);
        assertThat(RunningWalnut.json(walnut.send(foreign)).path("code").asText())
                .isEqualTo("FORBIDDEN");
    }

    @Test
    void plain_http_2_is_off() {
        HttpResponse<String> answer = walnut.send(walnut.request("/health/live").build());

        // java.net.http offers an h2c upgrade on its first plain request.
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }

    @Test
    void a_port_that_is_taken_is_named_with_the_way_out() {
        assertThatThrownBy(() -> RunningWalnut.on(HttpSettings.loopback(walnut.port()), hospital))
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PORT_IN_USE))
                .hasMessageContaining("choose another");
    }

    @Test
    void requests_are_counted_by_declared_route() {
        walnut.get(CASE);
        walnut.get("/api/v1/cases/nobody");
        walnut.get("/made/up/" + "x".repeat(100));

        String scrape = walnut.get("/metrics").body();

        assertThat(scrape)
                .contains(
                        "walnut_http_requests_seconds_count{method=\"GET\",route=\"/api/v1/cases/:caseId\",status=\"200\"} 1")
                .contains(
                        "walnut_http_requests_seconds_count{method=\"GET\",route=\"/api/v1/cases/:caseId\",status=\"404\"} 1")
                .contains("walnut_http_requests_under_way")
                .doesNotContain("made/up")
                .doesNotContain(InMemoryHospital.POSITIVE);
    }

    @Test
    void scrape_passes_promtool() throws Exception {
        Path promtool = Peers.require("prometheus", "promtool");
        walnut.get(CASE);
        String scrape = walnut.get("/metrics").body();

        Process process = new ProcessBuilder(promtool.toString(), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (OutputStream input = process.getOutputStream()) {
            input.write(scrape.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said).isEmpty();
    }
}
