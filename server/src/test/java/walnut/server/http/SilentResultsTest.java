package walnut.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import walnut.server.security.Role;

/** What a silent model said is for the ML engineer alone, at every address where it could appear. */
class SilentResultsTest {
    /** A silent prediction with a score of .874 and two candidates. */
    private static final String SILENT_CASE = InMemoryHospital.POSITIVE;

    private static final String SILENT_PREDICTION = "p" + SILENT_CASE.substring(1);
    private static final String SPOKEN_CASE = InMemoryHospital.NEGATIVE;
    private static final String SPOKEN_PREDICTION = "p" + SPOKEN_CASE.substring(1);

    private final InMemoryHospital hospital = new InMemoryHospital();
    private final RunningWalnut walnut = RunningWalnut.on(HttpSettings.loopback(0), hospital);

    @AfterEach
    void stop() {
        walnut.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"RADIOLOGIST", "OPERATOR", "AUDITOR", "ADMINISTRATOR"})
    void nobody_else_finds_it_anywhere(Role role) {
        List<String> answers = List.of(
                walnut.get("/api/v1/cases", role).body(),
                walnut.get("/api/v1/cases/" + SILENT_CASE, role).body(),
                walnut.get("/", role).body(),
                walnut.get("/cases/" + SILENT_CASE, role).body(),
                walnut.get("/models/" + InMemoryHospital.MODEL, role).body());
        assertThat(answers).allSatisfy(answer -> assertThat(answer)
                .doesNotContain("0.874")
                .doesNotContain("0.311")
                .doesNotContain(SILENT_PREDICTION)
                .doesNotContain("Candidate above threshold")
                .doesNotContain("/panes/heatmap/")
                .doesNotContain("812.4")
                .doesNotContain("0.81 mL"));
        assertThat(answers.get(0)).as("the case itself is there").contains(SILENT_CASE);
        assertThat(answers.get(3)).contains("A model ran in silence; its result is not shown");

        for (String path : List.of(
                "/api/v1/predictions/" + SILENT_PREDICTION,
                "/api/v1/predictions/" + SILENT_PREDICTION + "/objects",
                "/api/v1/cases/" + SILENT_CASE + "/panes/heatmap/11.png")) {
            HttpResponse<String> answer = walnut.get(path, role);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.body()).contains("NOT_FOUND");
        }
        for (String path : List.of(
                "/api/v1/predictions/" + SILENT_PREDICTION + "/replay",
                "/api/v1/predictions/" + SILENT_PREDICTION + "/resend")) {
            assertThat(walnut.send(walnut.anonymous(path)
                                    .header(
                                            "Authorization",
                                            "Bearer " + hospital.token(role).secret())
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build())
                            .statusCode())
                    .as(path)
                    .isIn(403, 404);
        }
    }

    @Test
    void the_case_says_that_a_model_ran_in_silence() {
        JsonNode detail = RunningWalnut.json(walnut.get("/api/v1/cases/" + SILENT_CASE, Role.RADIOLOGIST));

        assertThat(detail.at("/summary/predictionKind").asText()).isEqualTo("SILENT");
        assertThat(detail.at("/summary/state").asText()).isEqualTo("COMPLETED");
        assertThat(detail.at("/prediction").isNull()).isTrue();
        assertThat(detail.at("/predictionIds")).isEmpty();
        for (String hidden : List.of("predictionId", "modelId", "modelVersion", "scoreKind", "caseScore", "positive")) {
            assertThat(detail.at("/summary/" + hidden).isNull()).as(hidden).isTrue();
        }
    }

    @Test
    void why_a_study_was_refused_is_told_since_it_speaks_of_the_study() {
        JsonNode refused = RunningWalnut.json(walnut.get("/api/v1/cases/" + InMemoryHospital.REFUSED, Role.OPERATOR));

        assertThat(refused.at("/summary/explanation").asText()).isEqualTo("Expected ADC map is missing");
        assertThat(refused.at("/prediction").isNull()).isTrue();
        assertThat(walnut.get("/cases/" + InMemoryHospital.REFUSED, Role.RADIOLOGIST)
                        .body())
                .contains("Refused: Expected ADC map is missing");
    }

    @Test
    void images_that_are_no_result_are_shown() {
        assertThat(walnut.get("/api/v1/cases/" + SILENT_CASE + "/panes/ADC/10.png", Role.RADIOLOGIST)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void what_was_said_aloud_is_shown_to_all_who_read_cases() {
        for (Role role : List.of(Role.RADIOLOGIST, Role.OPERATOR, Role.AUDITOR, Role.ML_ENGINEER)) {
            assertThat(walnut.get("/cases/" + SPOKEN_CASE, role).body()).contains("0.112");
            assertThat(walnut.get("/api/v1/predictions/" + SPOKEN_PREDICTION, role)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(walnut.get("/api/v1/cases/" + SPOKEN_CASE + "/panes/heatmap/3.png", role)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void the_ml_engineer_sees_everything() {
        assertThat(walnut.get("/cases/" + SILENT_CASE, Role.ML_ENGINEER).body())
                .contains("0.874")
                .contains("/panes/heatmap/");
        assertThat(walnut.get("/api/v1/cases", Role.ML_ENGINEER).body()).contains("0.874");
        assertThat(walnut.get("/api/v1/predictions/" + SILENT_PREDICTION, Role.ML_ENGINEER)
                        .statusCode())
                .isEqualTo(200);
        assertThat(walnut.get("/models/" + InMemoryHospital.MODEL, Role.ML_ENGINEER)
                        .body())
                .contains("DeLong");
    }

    @Test
    void the_switch_of_a_model_is_shown_to_who_may_use_it() {
        for (Role role : List.of(Role.OPERATOR, Role.ML_ENGINEER, Role.ADMINISTRATOR)) {
            assertThat(walnut.get("/models/" + InMemoryHospital.MODEL, role).body())
                    .contains("Change its state");
        }
        for (Role role : List.of(Role.RADIOLOGIST, Role.AUDITOR)) {
            assertThat(walnut.get("/models/" + InMemoryHospital.MODEL, role).body())
                    .doesNotContain("Change its state");
        }
    }

    @Test
    void figures_of_a_silent_model_are_for_who_watches_it() {
        assertThat(walnut.get("/models/" + InMemoryHospital.MODEL, Role.RADIOLOGIST)
                        .body())
                .contains("figures are shown to ML engineers and auditors only")
                .doesNotContain("DeLong");
        assertThat(walnut.get("/models/" + InMemoryHospital.MODEL, Role.AUDITOR).body())
                .contains("DeLong");
    }
}
