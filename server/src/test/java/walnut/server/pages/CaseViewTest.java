package walnut.server.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walnut.server.api.CaseDetail;
import walnut.server.api.PredictionDocument;
import walnut.server.frames.CaseFrames;
import walnut.server.http.InMemoryHospital;
import walnut.volume.Lps;
import walnut.volume.VoxelIndex;

class CaseViewTest {
    private final InMemoryHospital hospital = new InMemoryHospital();

    @Test
    void a_negative_case_says_no_candidate_never_no_cancer() {
        String page = page(InMemoryHospital.NEGATIVE);

        assertThat(page).contains("No candidate above threshold").doesNotContainIgnoringCase("no cancer");
    }

    @Test
    void a_candidate_is_placed_where_its_peak_lies_on_the_t2w_grid() {
        CaseFrames frames = frames(InMemoryHospital.POSITIVE).orElseThrow();
        CaseView view = view(InMemoryHospital.POSITIVE);
        double[] peak = PredictionDocument.read(
                        detail(InMemoryHospital.POSITIVE).prediction().document())
                .findings()
                .get(0)
                .peakLps();
        VoxelIndex index = frames.grid().toIndex(new Lps(peak[0], peak[1], peak[2]));

        ViewerView.Place place = view.findings().get(0).place();

        assertThat(place.slice()).isEqualTo((int) Math.round(index.k()));
        assertThat(place.leftPercent()).isGreaterThan(50).as("the patient's left is at the picture's right");
        assertThat(place.leftPercent()).isEqualTo(100 * (index.i() + 0.5) / 256);
        assertThat(view.viewer().slice())
                .as("the first candidate is shown first")
                .isEqualTo(place.slice());
    }

    @Test
    void a_slice_is_called_as_the_readers_own_viewer_calls_it_and_then_by_its_place() {
        assertThat(view(InMemoryHospital.POSITIVE).findings().get(0).slice())
                .isEqualTo("image 15 of series 4, slice 12 of 20");
        assertThat(page(InMemoryHospital.POSITIVE)).contains("as your viewer shows them");

        assertThat(view(InMemoryHospital.HOSTILE).viewer().sliceLabel())
                .as("images without numbers of their own")
                .isEqualTo("Slice 11 of 20");
        assertThat(page(InMemoryHospital.HOSTILE)).contains("the images have no numbers of their own");
    }

    @Test
    void a_refusal_gives_its_reason_and_what_to_do() {
        CaseView view = view(InMemoryHospital.REFUSED);

        assertThat(view.headline()).isEqualTo("The model was not run on this case");
        assertThat(view.score()).isNull();
        assertThat(view.refusals()).singleElement().satisfies(reason -> {
            assertThat(reason.meaning()).isEqualTo("Expected ADC map is missing");
            assertThat(reason.code()).isEqualTo("130585 · DCM");
            assertThat(reason.advice()).startsWith("Send the ADC map");
        });
        assertThat(view.viewer().panes().get(1).source())
                .as("there is no ADC to show")
                .isNull();
    }

    @Test
    void what_must_surround_a_result_is_on_the_page() {
        String page = page(InMemoryHospital.POSITIVE);

        assertThat(page)
                .contains("synthetic score")
                .contains("Research use only, not a medical device")
                .contains("OUT_OF_INTENDED_USE")
                .contains("phantom-detector</a> version 1.0.0")
                .contains("t2_tse_tra")
                .contains("b 1400 s/mm²")
                .contains("scanner computed")
                .contains("no clinical context was given")
                .contains("at or above 0.500");
    }

    @Test
    void the_heatmap_is_off_until_asked() {
        assertThat(page(InMemoryHospital.POSITIVE))
                .contains("id=\"heatmap-toggle\" aria-pressed=\"false\"")
                .doesNotContain("panes/heatmap/11.png");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                InMemoryHospital.POSITIVE,
                InMemoryHospital.NEGATIVE,
                InMemoryHospital.REFUSED,
                InMemoryHospital.FAILED,
                InMemoryHospital.WAITING,
                InMemoryHospital.HOSTILE
            })
    void every_case_has_a_page_without_inline_script_or_style(String caseId) {
        assertThat(page(caseId))
                .contains("Research use only, not a medical device")
                .doesNotContain("<style")
                .doesNotContain(" style=")
                .doesNotContain("<script>")
                .doesNotContainPattern("<[^>]* on[a-z]+=");
    }

    private String page(String caseId) {
        return Templates.render("case", view(caseId));
    }

    private CaseView view(String caseId) {
        return CaseView.of(
                detail(caseId),
                frames(caseId),
                "no pictures",
                -1,
                new CaseView.Reading(true, List.of(), Optional.empty(), Optional.empty(), List.of(), Optional.empty()));
    }

    private CaseDetail detail(String caseId) {
        return hospital.caseById(caseId).orElseThrow();
    }

    private Optional<CaseFrames> frames(String caseId) {
        return caseId.equals(InMemoryHospital.FAILED)
                ? Optional.empty()
                : hospital.panes(caseId).flatMap(CaseFrames::of);
    }
}
