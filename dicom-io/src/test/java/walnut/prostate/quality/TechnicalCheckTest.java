package walnut.prostate.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import walnut.dicom.data.DataSet;
import walnut.dicom.part10.Part10Reader;
import walnut.dicom.part10.ReadOptions;
import walnut.prostate.eligibility.Verdict;
import walnut.prostate.series.SeriesVolume;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudyFolder;
import walnut.testing.SharedData;

/** PI-RADS v2.1 on a real study, whose figures were read from its headers with pydicom. */
class TechnicalCheckTest {

    @Test
    void each_parameter_of_a_real_study_is_read_and_judged() throws IOException {
        Map<String, TechnicalParameter> found = check(DataSet::toBuilder);

        assertThat(found).hasSize(15).allSatisfy((name, parameter) -> assertThat(parameter.limit())
                .isNotBlank());
        assertJudged(found, "T2W SLICE_THICKNESS", Verdict.PASS, "3.000 mm");
        assertJudged(found, "T2W SLICE_GAP", Verdict.PASS, "mm");
        assertJudged(found, "T2W IN_PLANE_PHASE", Verdict.PASS, "0.5000 mm acquired");
        assertJudged(found, "T2W IN_PLANE_FREQUENCY", Verdict.FAIL, "0.5000 mm acquired");
        assertJudged(found, "T2W FIELD_OF_VIEW", Verdict.PASS, "192.0 mm");
        assertJudged(found, "DWI ECHO_TIME", Verdict.PASS, "63.00 ms");
        assertJudged(found, "DWI REPETITION_TIME", Verdict.FAIL, "2700 ms");
        assertJudged(found, "DWI SLICE_THICKNESS", Verdict.PASS, "3.000 mm");
        assertJudged(found, "DWI IN_PLANE_PHASE", Verdict.PASS, "2.000 mm acquired");
        assertJudged(found, "DWI FIELD_OF_VIEW", Verdict.PASS, "168.0 mm");
        assertJudged(found, "DWI LOW_B", Verdict.PASS, "50");
        assertJudged(found, "DWI INTERMEDIATE_B", Verdict.PASS, "800");
        assertJudged(found, "DWI HIGH_B", Verdict.FAIL, "1000");
    }

    /** A stored pixel may be interpolated finer than it was acquired, so alone it proves nothing. */
    @Test
    void without_the_acquired_matrix_a_fine_pixel_is_unknown_and_a_coarse_one_fails() throws IOException {
        Map<String, TechnicalParameter> found =
                check(header -> header.toBuilder().remove(walnut.dicom.data.Tag.AcquisitionMatrix));

        assertJudged(found, "T2W IN_PLANE_PHASE", Verdict.UNKNOWN, "0.5000 mm stored");
        assertJudged(found, "T2W IN_PLANE_FREQUENCY", Verdict.FAIL, "0.5000 mm stored");
        assertJudged(found, "DWI IN_PLANE_PHASE", Verdict.UNKNOWN, "2.000 mm stored");
    }

    private static void assertJudged(Map<String, TechnicalParameter> found, String name, Verdict verdict, String read) {
        assertThat(found).containsKey(name);
        assertThat(found.get(name).verdict()).as(name + ": " + found.get(name)).isEqualTo(verdict);
        assertThat(found.get(name).read()).contains(read);
    }

    private static Map<String, TechnicalParameter> check(java.util.function.Function<DataSet, DataSet.Builder> edit)
            throws IOException {
        Study study = StudyFolder.read(SharedData.prostateX0000()).studies().get(0);
        SeriesVolume t2w = volume(study, 4);
        SeriesVolume diffusion = volume(study, 6);
        List<TechnicalParameter> found = TechnicalCheck.of(
                study,
                t2w,
                edit.apply(header(t2w)).build(),
                diffusion,
                edit.apply(header(diffusion)).build());
        return found.stream()
                .collect(Collectors.toMap(parameter -> parameter.sequence() + " " + parameter.name(), one -> one));
    }

    private static SeriesVolume volume(Study study, int number) {
        return study.series().stream()
                .filter(series -> series.seriesNumber().getAsInt() == number)
                .findFirst()
                .orElseThrow()
                .volumes()
                .get(0);
    }

    private static DataSet header(SeriesVolume volume) throws IOException {
        return Part10Reader.read(volume.frames().get(0).pixels().file(), ReadOptions.header())
                .dataSet();
    }
}
