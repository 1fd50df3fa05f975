package walnut.prostate.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import walnut.prostate.eligibility.Verdict;
import walnut.prostate.series.CaseVolumes;
import walnut.prostate.series.Channel;
import walnut.prostate.series.Selection;
import walnut.prostate.series.SeriesSelector;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudyFolder;
import walnut.prostate.series.VolumeBuilder;
import walnut.testing.SharedData;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

class AdcMapTest {
    private static final double[] B_VALUES = {50, 400, 800};
    private static final VolumeGeometry GRID = new VolumeGeometry(
            60, 60, 5, 2, 2, 3, new Lps(-59, -59, 0), new Lps(1, 0, 0), new Lps(0, 1, 0), new Lps(0, 0, 1));
    private static final Lps MIDDLE = new Lps(0, 0, 6);

    @Test
    void a_map_that_its_traces_give_passes() {
        AdcMap map = AdcMap.of(adc(1), traces(0), B_VALUES, MIDDLE);

        assertThat(map.gate().verdict()).as(map.gate().read()).isEqualTo(Verdict.PASS);
        assertThat(map.gate().read()).contains("median ratio 1.000").contains("b 50, 400, 800");
        assertThat(map.inconsistency()).isEmpty();
        assertThat(map.unit()).isEqualTo("1e-6 mm2/s");
    }

    @Test
    void noise_of_the_traces_does_not_matter() {
        AdcMap map = AdcMap.of(adc(1), traces(8), B_VALUES, MIDDLE);

        assertThat(map.gate().verdict()).as(map.gate().read()).isEqualTo(Verdict.PASS);
    }

    @Test
    void a_map_in_other_units_is_converted() {
        AdcMap map = AdcMap.of(adc(1e-3), traces(0), B_VALUES, MIDDLE);

        assertThat(map.unit()).isEqualTo("1e-3 mm2/s");
        assertThat(map.gate().verdict()).isEqualTo(Verdict.PASS);
        assertThat((double) map.adc().at(30, 30, 2)).isCloseTo(adc(1).at(30, 30, 2), within(0.01));
        assertThat(AdcMap.of(adc(1e-6), List.of(), new double[0], MIDDLE).unit())
                .isEqualTo("mm2/s");
    }

    @Test
    void a_map_a_little_off_passes_with_a_warning_and_one_far_off_fails() {
        AdcMap near = AdcMap.of(adc(1.15), traces(0), B_VALUES, MIDDLE);
        assertThat(near.gate().verdict()).isEqualTo(Verdict.PASS);
        assertThat(near.inconsistency())
                .hasValueSatisfying(read -> assertThat(read).contains("1.150"));

        AdcMap far = AdcMap.of(adc(1.4), traces(0), B_VALUES, MIDDLE);
        assertThat(far.gate().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(far.gate().refusalCode()).isEqualTo("ADC_INCONSISTENT");
    }

    /** An exponential ADC is bright where an ADC map is dark; scaled to thousands its median looks like an ADC. */
    @Test
    void an_exponential_adc_in_its_place_fails() {
        float[] values = adc(1).values().clone();
        for (int n = 0; n < values.length; n++) {
            values[n] = (float) (3500 * Math.exp(-800e-6 * values[n]));
        }
        AdcMap map = AdcMap.of(new Volume(GRID, values), traces(0), B_VALUES, MIDDLE);

        assertThat(map.gate().verdict()).as(map.gate().read()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void without_two_traces_it_is_unknown_and_without_a_unit_it_fails() {
        assertThat(AdcMap.of(adc(1), List.of(), new double[0], MIDDLE).gate().verdict())
                .isEqualTo(Verdict.UNKNOWN);
        assertThat(AdcMap.of(adc(20), List.of(), new double[0], MIDDLE).gate().verdict())
                .isEqualTo(Verdict.FAIL);
        assertThat(AdcMap.of(adc(0), List.of(), new double[0], MIDDLE).gate().verdict())
                .isEqualTo(Verdict.FAIL);
    }

    @Test
    void the_map_of_a_real_scanner_follows_from_its_traces() {
        Study study = StudyFolder.read(SharedData.prostateX0000()).studies().get(0);
        Selection selection = new SeriesSelector().select(study);
        Volume stored = CaseVolumes.read(selection.of(Channel.ADC).orElseThrow());
        AcquiredTraces traces =
                AcquiredTraces.of(study, selection.of(Channel.ADC).orElseThrow().series(), stored.geometry());
        Lps middle = selection
                .of(Channel.T2W)
                .orElseThrow()
                .volumes()
                .get(0)
                .geometry()
                .orElseThrow()
                .centre();

        assertThat(traces.bValues()).containsExactly(50, 400, 800);
        AdcMap map = AdcMap.of(
                stored, traces.volumes().stream().map(VolumeBuilder::build).toList(), traces.bValues(), middle);

        assertThat(map.gate().verdict()).as(map.gate().read()).isEqualTo(Verdict.PASS);
        assertThat(map.inconsistency()).isEmpty();
        assertThat(map.adc()).isSameAs(stored);
    }

    /** 600 to 2400 across the columns, times a factor. */
    private static Volume adc(double factor) {
        float[] values = new float[(int) GRID.voxelCount()];
        for (int n = 0; n < values.length; n++) {
            values[n] = (float) (factor * trueAdc(n));
        }
        return new Volume(GRID, values);
    }

    private static double trueAdc(int offset) {
        return 600 + 30 * (offset % 60);
    }

    private static List<Volume> traces(double noise) {
        SplittableRandom random = new SplittableRandom(3);
        return java.util.Arrays.stream(B_VALUES)
                .mapToObj(b -> {
                    float[] values = new float[(int) GRID.voxelCount()];
                    for (int n = 0; n < values.length; n++) {
                        values[n] =
                                (float) (500 * Math.exp(-b * 1e-6 * trueAdc(n)) + noise * (random.nextDouble() - 0.5));
                    }
                    return new Volume(GRID, values);
                })
                .toList();
    }
}
