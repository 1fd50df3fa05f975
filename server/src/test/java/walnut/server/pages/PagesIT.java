package walnut.server.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walnut.server.http.HttpSettings;
import walnut.server.http.InMemoryHospital;
import walnut.server.http.RunningWalnut;

/** The pages in a real browser. Pictures of them are left under {@code target/screenshots}. */
class PagesIT {
    private static final Path SCREENSHOTS = Path.of(System.getProperty("walnut.screenshots", "target/screenshots"));
    private static final String LOADED =
            "[...document.images].filter(i => !i.hidden).every(i => i.complete && i.naturalWidth > 0)";

    private static RunningWalnut walnut;
    private static Browser browser;

    @BeforeAll
    static void start(@TempDir(cleanup = CleanupMode.NEVER) Path profile) throws IOException {
        browser = Browser.start(profile);
        walnut = RunningWalnut.on(HttpSettings.loopback(0), new InMemoryHospital());
        browser.open(walnut.signInAddress());
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
            walnut.close();
        }
    }

    @AfterEach
    void nothing_was_blocked_or_went_wrong() {
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void worklist_shows_every_case_with_its_outcome_in_words() throws IOException {
        browser.open(walnut.address() + "/");

        assertThat(text("#cases"))
                .contains("Candidate above threshold")
                .contains("No candidate above threshold")
                .contains("Refused: Expected ADC map is missing")
                .contains("synthetic score");
        assertThat(browser.value("document.querySelectorAll('tbody tr').length").asInt())
                .isEqualTo(6);
        browser.screenshot(SCREENSHOTS.resolve("worklist.png"));
    }

    @Test
    void worklist_is_narrowed_by_state() {
        browser.open(walnut.address() + "/");
        browser.click(".filters a:nth-child(3)");

        assertThat(browser.value("document.querySelectorAll('tbody tr').length").asInt())
                .isEqualTo(1);
        assertThat(text(".filters [aria-current]")).startsWith("Refused");
    }

    @Test
    void panes_scroll_together_by_keyboard_and_slider() throws IOException {
        openCase(InMemoryHospital.POSITIVE);
        assertThat(shownSlices()).as("the first candidate's slice").containsExactly("11", "11", "11");
        browser.screenshot(SCREENSHOTS.resolve("case.png"));

        browser.press("ArrowDown");
        browser.press("ArrowDown");
        browser.press("ArrowUp");
        assertThat(shownSlices()).containsExactly("12", "12", "12");
        assertThat(text("#slice-label")).startsWith("Image 16 of series 4, slice 13 of 20");

        browser.press("End");
        browser.press("ArrowDown");
        assertThat(shownSlices()).as("there is nothing below the last").containsExactly("19", "19", "19");

        browser.value("(() => { const s = document.getElementById('slice'); s.value = '3';"
                + " s.dispatchEvent(new Event('input', {bubbles: true})); })()");
        assertThat(shownSlices()).containsExactly("2", "2", "2");
        browser.await(LOADED);
    }

    @Test
    void heatmap_is_off_until_asked_and_comes_with_its_colours() throws IOException {
        openCase(InMemoryHospital.POSITIVE);
        assertThat(browser.value("[...document.querySelectorAll('.heatmap')].every(i => i.hidden && !i.src)")
                        .asBoolean())
                .isTrue();
        assertThat(browser.value("document.getElementById('colour-bar').hidden").asBoolean())
                .isTrue();

        browser.press("h");
        browser.await(LOADED);
        assertThat(browser.value("[...document.querySelectorAll('.heatmap')].map(i => i.naturalWidth).join()")
                        .asText())
                .isEqualTo("256,256,256");
        assertThat(browser.value("document.getElementById('colour-bar').hidden").asBoolean())
                .isFalse();
        assertThat(browser.value("document.getElementById('heatmap-toggle').getAttribute('aria-pressed')")
                        .asText())
                .isEqualTo("true");

        browser.click("button.candidate");
        browser.press("z");
        browser.press("z");
        browser.await(LOADED);
        browser.screenshot(SCREENSHOTS.resolve("case-heatmap.png"));
    }

    @Test
    void a_candidate_leads_to_its_slice_and_marks_its_place() {
        openCase(InMemoryHospital.POSITIVE);
        browser.press("Home");
        assertThat(markersShown()).isZero();

        browser.click("button.candidate");
        assertThat(shownSlices()).containsExactly("11", "11", "11");
        assertThat(markersShown()).isEqualTo(3);
        assertThat(browser.value("document.querySelector('.marker').style.left").asText())
                .as("the patient's left is at the picture's right")
                .startsWith("5");

        browser.press("ArrowDown");
        assertThat(markersShown()).as("the mark belongs to its slice").isZero();
        browser.press("ArrowUp");
        browser.press("Escape");
        assertThat(markersShown()).isZero();
    }

    @Test
    void a_refusal_says_why_and_what_to_do() throws IOException {
        openCase(InMemoryHospital.REFUSED);

        assertThat(text(".refusal")).contains("Expected ADC map is missing").contains("Send the ADC map");
        assertThat(text(".picture.missing")).isEqualTo("No ADC for this case");
        assertThat(text(".candidates")).contains("was not run");
        browser.screenshot(SCREENSHOTS.resolve("case-refused.png"));
    }

    @Test
    void markup_from_a_tag_is_shown_and_never_run() {
        openCase(InMemoryHospital.HOSTILE);

        assertThat(browser.value("document.title").asText()).startsWith("Case ").doesNotContain("pwned");
        assertThat(text(".series")).contains("<script>document.title='pwned'</script>");
        assertThat(browser.value("document.querySelectorAll('.series img, .series script').length")
                        .asInt())
                .isZero();
    }

    @Test
    void model_page_shows_known_answer_and_undefined_figures_in_words() throws IOException {
        browser.open(walnut.address() + "/models/" + InMemoryHospital.MODEL);

        assertThat(text("main"))
                .contains("Bit for bit as recorded")
                .contains("0.861 (0.771 to 0.951)")
                .contains("DeLong")
                .contains("Undefined: 10 verified negatives are needed, there are 4")
                .doesNotContain("NaN");
        browser.screenshot(SCREENSHOTS.resolve("model.png"));

        browser.value("(() => { document.querySelector('select').value = 'ASSIST';"
                + " document.querySelectorAll('main input').forEach(i => { i.value = 'Ada'; }); })()");
        browser.click("form[data-address] button");
        browser.await(
                "document.getElementById('outcome').textContent === '" + InMemoryHospital.MODEL + " was changed.'");
    }

    @Test
    void operator_echoes_holds_lets_go_and_resends_and_is_told_what_came_of_it() throws IOException {
        browser.open(walnut.address() + "/admin");
        assertThat(text("main"))
                .contains(
                        "MR1",
                        "not since the start",
                        "% used",
                        "<b>EVIL</b>",
                        "Rejected: UNKNOWN_AE",
                        "Full on 1970-01-11",
                        "removed after 90 days")
                .contains("Expected ADC map is missing", "objects sent, 1 given up")
                .doesNotContain("0.874");
        assertThat(browser.value("document.querySelectorAll('main b').length").asInt())
                .as("an AE title is text")
                .isZero();
        browser.screenshot(SCREENSHOTS.resolve("admin.png"));

        browser.click("form[data-address$='/echo'] button");
        browser.await("document.getElementById('outcome').textContent.startsWith('PACS answered in 3.0 ms')");
        assertThat(browser.value("document.activeElement.id").asText()).isEqualTo("outcome");

        browser.click("form[data-address$='/hold'] button");
        assertThat(browser.value("document.activeElement.name").asText())
                .as("a hold needs a reason, which the browser asks for")
                .isEqualTo("reason");
        browser.value(
                "(() => { document.querySelector(\"form[data-address$='/hold'] input\").value = 'archive moves'; })()");
        browser.click("form[data-address$='/hold'] button");
        browser.await("document.getElementById('outcome').textContent === 'PACS is held.'");
        assertThat(text("main")).contains("archive moves");
        browser.click("form[data-method='DELETE'] button");
        browser.await("document.getElementById('outcome').textContent === 'PACS is sent to again.'");

        browser.click("form.inline button");
        browser.await("document.getElementById('outcome').textContent.endsWith('are sent again.')");

        browser.click("form[data-address$='/reprocess'] button");
        browser.await("document.getElementById('outcome').textContent.endsWith('was asked to run again: unchanged.')");
    }

    @Test
    void a_change_that_is_refused_says_why_and_changes_nothing() {
        browser.open(walnut.address() + "/admin");
        browser.value("(() => { const f = document.querySelector(\"form[data-address$='/state']\");"
                + " f.querySelectorAll('input').forEach(i => { i.value = ' '; }); f.requestSubmit(); })()");
        browser.await("document.getElementById('outcome').classList.contains('failed')");

        assertThat(text("#outcome")).contains("INVALID_ARGUMENT");
        assertThat(browser.console())
                .as("the browser says itself that it was refused")
                .allMatch(said -> said.contains("400"));
    }

    @Test
    void studies_of_the_operator_are_narrowed_by_state() {
        browser.open(walnut.address() + "/admin");
        browser.click(".filters a:nth-child(3)");

        assertThat(browser.value("document.querySelectorAll('[data-fresh=studies] tbody tr').length")
                        .asInt())
                .isEqualTo(1);
        assertThat(text(".filters [aria-current]")).startsWith("Refused");
    }

    @Test
    void every_field_of_the_operator_has_a_name_and_every_target_is_large_enough() {
        browser.open(walnut.address() + "/admin");

        assertThat(browser.value("[...document.querySelectorAll('input, select')].filter(e => !e.labels.length).length")
                        .asInt())
                .isZero();
        assertThat(browser.value("[...document.querySelectorAll('main button, main select, main input, main summary')]"
                                + ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 24)"
                                + ".map(e => e.outerHTML)")
                        .toString())
                .isEqualTo("[]");
        assertThat(browser.value("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size"
                                + " === document.querySelectorAll('[id]').length")
                        .asBoolean())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/?state=FAILED",
                "/cases/" + InMemoryHospital.POSITIVE,
                "/cases/" + InMemoryHospital.NEGATIVE,
                "/cases/" + InMemoryHospital.REFUSED,
                "/cases/" + InMemoryHospital.FAILED,
                "/cases/" + InMemoryHospital.WAITING,
                "/cases/" + InMemoryHospital.HOSTILE,
                "/models",
                "/models/" + InMemoryHospital.MODEL,
                "/admin",
                "/nowhere"
            })
    void axe_finds_nothing_against_wcag_2_2_aa(String path) {
        browser.open(walnut.address() + path);

        assertThat(browser.accessibilityViolations()).isEmpty();
        browser.console();
    }

    @Test
    void axe_finds_nothing_with_heatmap_mark_and_a_refused_review_on_the_page() {
        openCase(InMemoryHospital.POSITIVE);
        browser.press("h");
        browser.press("n");
        browser.press("m");
        browser.await(LOADED);
        assertThat(browser.accessibilityViolations()).isEmpty();

        browser.value("document.querySelectorAll('#review-form [required]').forEach(e => e.required = false)");
        browser.click("#review-form button.primary");
        browser.await("document.activeElement.id === 'review-problem'");
        assertThat(browser.accessibilityViolations()).isEmpty();
        browser.console();
    }

    @Test
    void axe_finds_nothing_on_the_sign_in_page() {
        try (RunningWalnut guarded = RunningWalnut.on(HttpSettings.loopback(0), new InMemoryHospital())) {
            browser.open(elsewhere(guarded.address()) + "/");
            assertThat(text("h1")).isEqualTo("Sign in");
            assertThat(browser.accessibilityViolations()).isEmpty();
            browser.console();
        }
    }

    @Test
    void axe_sees_what_is_wrong() {
        browser.open(walnut.address() + "/models");
        browser.value(
                "document.querySelector('main').insertAdjacentElement('beforeend', document.createElement('input'))");

        assertThat(browser.accessibilityViolations()).singleElement().asString().startsWith("label ");
    }

    @Test
    void a_case_is_reviewed_by_keyboard_alone() {
        try (RunningWalnut own = RunningWalnut.on(HttpSettings.loopback(0), new InMemoryHospital())) {
            browser.open(elsewhere(own.signInAddress()));
            browser.open(elsewhere(own.address()) + "/cases/" + InMemoryHospital.POSITIVE);
            browser.await("document.getElementById('viewer').dataset.ready");
            browser.press("n");
            browser.press("m");
            assertThat(text("#place-label")).startsWith("Marked L 14.0");
            browser.pressWithShift("ArrowRight");
            assertThat(text("#place-label")).startsWith("Marked L 15.0");

            browser.press("c");
            assertThat(browser.value("document.activeElement.value").asText()).isEqualTo("CORRECTED");
            assertThat(browser.value("[...document.querySelectorAll('#reason optgroup:not([disabled])')]"
                                    + ".map(g => g.label).join()")
                            .asText())
                    .as("the reasons of this decision alone")
                    .isEqualTo("to correct");
            browser.press("Tab");
            browser.press("A");
            assertThat(browser.value("document.activeElement.selectedOptions[0].text")
                            .asText())
                    .startsWith("A ");
            browser.value("document.querySelector('[data-for=added-1-position]').focus()");
            browser.press("Enter");
            assertThat(browser.value("document.getElementsByName('added-1-position')[0].value")
                            .asText())
                    .startsWith("15.0, ");
            browser.value("document.querySelector('#review-form button.primary').focus()");
            browser.press("Enter");
            browser.await("document.querySelector('.past li.standing')");

            assertThat(text(".past li.standing")).contains("Corrected").contains("A lesion added at 15.0");
            assertThat(browser.value("document.getElementsByName('comment')[0].value + location.search")
                            .asText())
                    .as("nothing of it is offered again")
                    .isEmpty();
            browser.console();
        }
    }

    @Test
    void the_worklist_follows_what_happens_without_moving_the_focus() {
        InMemoryHospital hospital = new InMemoryHospital();
        try (RunningWalnut own = RunningWalnut.on(HttpSettings.loopback(0), hospital)) {
            browser.open(elsewhere(own.signInAddress()));
            browser.open(elsewhere(own.address()) + "/");
            browser.await("document.getElementById('live').textContent === 'Live'");
            browser.value("document.querySelector('[data-case=\"" + InMemoryHospital.WAITING + "\"] a').focus()");

            hospital.finishWaiting();
            browser.await("document.querySelector('[data-case=\"" + InMemoryHospital.WAITING
                    + "\"] .state').textContent === 'Completed'");
            hospital.receive("019384a0-0000-7000-8000-000000000007");
            browser.await("document.querySelectorAll('tbody tr').length === 7");

            assertThat(browser.value("document.activeElement.closest('tr').dataset.case")
                            .asText())
                    .isEqualTo(InMemoryHospital.WAITING);
            assertThat(browser.value("document.querySelector('tbody tr').dataset.case")
                            .asText())
                    .as("newest first")
                    .isEqualTo("019384a0-0000-7000-8000-000000000007");
            assertThat(text(".filters a")).startsWith("All 7");
            assertThat(browser.accessibilityViolations()).isEmpty();
        }
        browser.await("document.getElementById('live').textContent === 'Reconnecting…'");
        browser.open("about:blank");
        browser.console();
    }

    @Test
    void a_draft_outlives_the_browser_session() {
        try (RunningWalnut own = RunningWalnut.on(HttpSettings.loopback(0), new InMemoryHospital())) {
            browser.open(elsewhere(own.signInAddress()));
            String page = elsewhere(own.address()) + "/cases/" + InMemoryHospital.NEGATIVE;
            browser.open(page);
            browser.await("document.getElementById('review-form').dataset.ready");
            browser.type("#comment", "motion in <b>all</b> slices");
            browser.await("document.getElementById('draft-state').textContent.includes('kept on the node')");

            browser.value("sessionStorage.clear()");
            browser.open("about:blank");
            browser.open(page);
            assertThat(browser.value("document.getElementById('comment').value").asText())
                    .isEqualTo("motion in <b>all</b> slices");
            assertThat(text("#draft-notice")).contains("It has not been sent");
            browser.console();
        }
    }

    @Test
    void what_is_written_while_the_node_is_away_stays_in_the_tab() {
        String page;
        try (RunningWalnut own = RunningWalnut.on(HttpSettings.loopback(0), new InMemoryHospital())) {
            browser.open(elsewhere(own.signInAddress()));
            page = elsewhere(own.address()) + "/cases/" + InMemoryHospital.NEGATIVE;
            browser.open(page);
            browser.await("document.getElementById('review-form').dataset.ready");
        }
        browser.type("#comment", "written offline");
        browser.await("document.getElementById('draft-state').textContent.includes('does not answer')");
        assertThat(browser.value("Object.values(sessionStorage).join()").asText())
                .contains("written offline");
        browser.console();
    }

    /** The same machine under another name: a browser keeps cookies by host, whatever the port. */
    private static String elsewhere(String address) {
        return address.replace("localhost", "127.0.0.1");
    }

    private static void openCase(String caseId) {
        browser.open(walnut.address() + "/cases/" + caseId);
        browser.await("document.getElementById('viewer').dataset.ready");
        browser.await(LOADED);
    }

    private static String text(String selector) {
        return browser.value("document.querySelector(\"" + selector + "\").innerText")
                .asText();
    }

    /** Slice numbers in the addresses of the pictures, pane by pane. */
    private static List<String> shownSlices() {
        return List.of(browser.value(
                        "[...document.querySelectorAll('img.frame')].map(i => i.src.match(/(\\d+)\\.png/)[1]).join()")
                .asText()
                .split(","));
    }

    private static int markersShown() {
        return browser.value("document.querySelectorAll('.marker:not([hidden])').length")
                .asInt();
    }
}
