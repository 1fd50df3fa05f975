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
        assertThat(text("#slice-label")).startsWith("Slice 13 of 20");

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
                .contains("MR1", "not since the start", "76 % used", "<b>EVIL</b>", "Rejected: UNKNOWN_AE")
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

        assertThat(browser.value("document.querySelectorAll('.studies tbody tr').length")
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

    @Test
    void every_text_meets_the_contrast_of_wcag_aa() {
        for (String path : List.of(
                "/",
                "/cases/" + InMemoryHospital.POSITIVE,
                "/cases/" + InMemoryHospital.REFUSED,
                "/models",
                "/admin")) {
            browser.open(walnut.address() + path);
            assertThat(browser.value(TOO_FAINT).toString()).as(path).isEqualTo("[]");
        }
    }

    /** Texts whose contrast with the first opaque colour behind them is below 4.5:1 (pictures aside). */
    private static final String TOO_FAINT = """
            (() => {
              const parse = c => (c.match(/[0-9.]+/g) ?? []).map(Number);
              const lum = ([r, g, b]) => [r, g, b].map(v => v / 255)
                  .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                  .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
              const behind = e => {
                for (; e; e = e.parentElement) {
                  const c = parse(getComputedStyle(e).backgroundColor);
                  if (c.length === 3 || c[3] === 1) return c;
                }
                return [255, 255, 255];
              };
              const faint = [];
              for (const e of document.body.querySelectorAll('*')) {
                const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
                if (!own || e.closest('[hidden], .visually-hidden, .picture, noscript')) continue;
                const [a, b] = [lum(parse(getComputedStyle(e).color)), lum(behind(e))];
                const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                if (ratio < 4.5) faint.push(e.className + ': ' + e.textContent.trim() + ' ' + ratio.toFixed(2));
              }
              return faint;
            })()""";

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
