package walnut.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The forms of a case's page as a browser without scripts sends them. */
class CaseFormsTest {
    private static final String PAGE = "/cases/" + InMemoryHospital.POSITIVE;
    private static final String PREDICTION = "p" + InMemoryHospital.POSITIVE.substring(1);
    private static final String FORM = "application/x-www-form-urlencoded";

    private final RunningWalnut walnut = RunningWalnut.on(HttpSettings.loopback(0), new InMemoryHospital());

    @AfterEach
    void stop() {
        walnut.close();
    }

    @Test
    void nothing_is_preselected() {
        assertThat(walnut.get(PAGE).body())
                .contains("name=\"decision\" value=\"ACCEPTED\"")
                .doesNotContain(" checked")
                .doesNotContain(" selected");
    }

    @Test
    void a_stored_review_leads_back_to_the_case_and_stands_there() {
        HttpResponse<String> answer = send(
                "version=0&decision=CORRECTED&reason=FALSE_POSITIVE&candidate-2=REJECTED&comment=%3Cb%3Enothing%3C%2Fb%3E");

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).contains(PAGE + "?reviewed=1#review");
        assertThat(walnut.get(PAGE).body())
                .contains("Corrected")
                .contains("Candidate 2 is no lesion")
                .contains("&lt;b&gt;nothing&lt;/b&gt;")
                .contains("name=\"version\" value=\"1\"");
    }

    @Test
    void what_could_not_be_taken_comes_back_filled_in() {
        HttpResponse<String> answer = send("version=0&decision=REJECTED&piRads=2&comment=seen+by+me");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body())
                .contains("Nothing was stored")
                .contains("reason must be one of")
                .contains("value=\"REJECTED\" checked")
                .contains("<option value=\"2\" selected>")
                .contains(">seen by me</textarea>");
    }

    @Test
    void a_review_written_beside_an_older_one_comes_back_with_the_newer_one_above_it() {
        send("version=0&decision=ACCEPTED&reason=SAME_AS_MY_READING");
        HttpResponse<String> answer =
                send("version=0&decision=REJECTED&reason=IMAGE_QUALITY&comment=motion+in+every+slice");

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body())
                .contains("reviewed meanwhile")
                .contains("Accepted")
                .contains(">motion in every slice</textarea>")
                .contains("name=\"version\" value=\"1\"");
        assertThat(walnut.get("/api/v1/predictions/" + PREDICTION + "/reviews").body())
                .doesNotContain("motion");
    }

    @Test
    void a_draft_is_offered_again_when_the_case_is_opened() {
        walnut.put(
                "/api/v1/predictions/" + PREDICTION + "/review-draft",
                "{\"fields\": {\"predictionId\": \"" + PREDICTION
                        + "\", \"decision\": \"REJECTED\", \"comment\": \"half \\\"written\"}}");

        assertThat(walnut.get(PAGE).body())
                .contains("It has not been sent")
                .contains("value=\"REJECTED\" checked")
                .contains(">half \"written</textarea>");
    }

    @Test
    void a_clinical_context_is_entered_and_unknown_stays_said() {
        assertThat(walnut.get(PAGE).body()).contains("Nobody has entered anything");

        HttpResponse<String> answer = walnut.post(
                PAGE + "/clinical-context", FORM, "version=0&treatment=NONE&psaValue=6.4&psaUnit=NG_PER_ML");

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).contains(PAGE + "#clinical-context");
        assertThat(walnut.get(PAGE).body())
                .contains("<dt>Treatment</dt><dd>No treatment</dd>")
                .contains("<dt>Hip prosthesis</dt><dd>unknown</dd>")
                .contains("<dt>PSA</dt><dd>6.40 ng/mL</dd>")
                .contains("version 1 by token");
    }

    @Test
    void a_biopsy_after_the_study_comes_back_with_the_reason_in_words() {
        HttpResponse<String> answer =
                walnut.post(PAGE + "/clinical-context", FORM, "version=0&biopsied=true&biopsiedOn=2026-11-20");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body())
                .contains("the biopsy is after the study of 2026-11-19")
                .contains("name=\"biopsiedOn\" value=\"2026-11-20\"")
                .contains("<details open>");
    }

    private HttpResponse<String> send(String fields) {
        return walnut.post(PAGE + "/reviews", FORM, "predictionId=" + PREDICTION + "&" + fields);
    }
}
