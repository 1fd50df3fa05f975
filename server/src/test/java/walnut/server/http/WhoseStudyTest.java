package walnut.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import walnut.server.security.Role;

/** Whose study a case is, is told to who reads it or runs the node, and to nobody else. */
class WhoseStudyTest {
    private static final String CASE = InMemoryHospital.NEGATIVE;

    private final InMemoryHospital hospital = new InMemoryHospital();
    private final RunningWalnut walnut = RunningWalnut.on(HttpSettings.loopback(0), hospital);

    @AfterEach
    void stop() {
        walnut.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"RADIOLOGIST", "OPERATOR", "ADMINISTRATOR"})
    void who_works_with_patients_is_told(Role role) {
        String patient = patient(role).asText();

        assertThat(patient).startsWith("PAT-");
        assertThat(walnut.get("/", role).body()).contains(patient);
        assertThat(walnut.get("/cases/" + CASE, role).body()).contains(patient);
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"ML_ENGINEER", "AUDITOR"})
    void who_works_with_models_is_not(Role role) {
        assertThat(patient(role).isNull()).isTrue();
        assertThat(List.of(
                        walnut.get("/", role).body(),
                        walnut.get("/cases/" + CASE, role).body(),
                        walnut.get("/api/v1/cases", role).body()))
                .allSatisfy(answer -> assertThat(answer).doesNotContain("PAT-").doesNotContain("HOSPITAL"));
    }

    @Test
    void operators_page_names_patients() {
        assertThat(walnut.get("/admin", Role.OPERATOR).body()).contains("PAT-");
    }

    @Test
    void a_radiologist_finds_a_patient_by_id_and_a_study_by_uid_without_either_in_an_address() {
        JsonNode summary = RunningWalnut.json(walnut.get("/api/v1/cases/" + CASE, Role.RADIOLOGIST))
                .at("/summary");
        for (String field : List.of("patientId", "studyInstanceUid")) {
            assertThat(found(summary.get(field).asText()))
                    .as(field)
                    .contains("data-case=\"" + CASE + "\"")
                    .doesNotContain("data-case=\"" + InMemoryHospital.POSITIVE + "\"");
        }
        assertThat(found("PAT-UNKNOWN")).contains("No study with exactly this Patient ID");
        assertThat(found("<script>")).contains("value=\"&lt;script>\"");
        assertThat(walnut.get("/", Role.ML_ENGINEER).body()).doesNotContain("action=\"/find\"");
    }

    private String found(String text) {
        return walnut.post("/find", "application/x-www-form-urlencoded", "text=" + URLEncoder.encode(text, UTF_8))
                .body();
    }

    private JsonNode patient(Role role) {
        return RunningWalnut.json(walnut.get("/api/v1/cases/" + CASE, role)).at("/summary/patientId");
    }
}
