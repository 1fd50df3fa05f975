package walnut.prostate.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.testing.SharedData;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeDigest;
import walnut.volume.VoxelIndex;

/** A real Siemens study (PROSTATEx, CC BY 3.0): seven series, one published finding. */
class ProstateX0000Test {
    /** Published position of finding 1, peripheral zone, clinically significant. */
    private static final Lps FINDING = new Lps(25.7457, 31.8707, -38.511);

    /** Read once: headers do not change between tests. */
    private static @Nullable Study study;

    @Test
    void every_series_gets_the_role_it_has() {
        Study study = study();
        assertThat(study.series())
                .extracting(series -> series.seriesNumber().getAsInt() + " " + series.role() + " "
                        + series.plane().orElseThrow())
                .containsExactly(
                        "3 T2W SAGITTAL",
                        "4 T2W AXIAL",
                        "5 T2W CORONAL",
                        "6 DWI AXIAL",
                        "7 ADC AXIAL",
                        "8 HBV AXIAL",
                        "9 PD AXIAL");
        assertThat(study.problems()).isEmpty();
        assertThat(study.series())
                .allSatisfy(series -> assertThat(series.problems()).isEmpty());
    }

    @Test
    void the_diffusion_series_falls_into_its_three_b_values() {
        StudySeries diffusion = series(6);
        assertThat(diffusion.bValues()).containsExactly(50.0, 400.0, 800.0);
        assertThat(diffusion.volumes())
                .extracting(volume ->
                        volume.bValue().getAsDouble() + " x " + volume.frames().size())
                .containsExactly("50.0 x 19", "400.0 x 19", "800.0 x 19");
        assertThat(diffusion.evidence()).anySatisfy(evidence -> assertThat(evidence.read())
                .contains("50, 400, 800 s/mm2 from (0019,xx0C) of SIEMENS MR HEADER"));
    }

    @Test
    void the_three_series_that_feed_a_model_are_chosen_and_say_why() {
        Selection selection = new SeriesSelector().select(study());
        assertThat(selection.complete()).isTrue();
        assertThat(number(selection, Channel.T2W)).isEqualTo(4);
        assertThat(number(selection, Channel.ADC)).isEqualTo(7);
        assertThat(number(selection, Channel.HBV)).isEqualTo(8);
        SelectedSeries highB = selection.of(Channel.HBV).orElseThrow();
        assertThat(highB.bValue()).isEqualTo(OptionalDouble.of(1000));
        assertThat(highB.source()).isEqualTo(Optional.of(HighBSource.SCANNER_COMPUTED));
        assertThat(highB.evidence()).extracting(Evidence::rule).contains("diffusion.image-type", "hbv.computed.name");
        assertThat(selection.of(Channel.T2W).orElseThrow().evidence())
                .extracting(Evidence::toString)
                .contains("lost: series 3 (t2_tse_sag): not axial", "lost: series 5 (t2_tse_cor): not axial");
        assertThat(selection.warnings()).isEmpty();
    }

    @Test
    void the_published_finding_lies_at_its_published_voxels() {
        Selection selection = new SeriesSelector().select(study());
        assertIndex(index(selection, Channel.T2W), 166.80, 223.92, 8.50);
        assertIndex(index(selection, Channel.ADC), 35.70, 71.98, 8.50);
    }

    @Test
    void without_the_scanners_high_b_image_ours_is_computed_from_the_acquired_traces() {
        Study whole = study();
        List<StudySeries> without = whole.series().stream()
                .filter(series -> !series.seriesNumber().equals(OptionalInt.of(8)))
                .toList();
        Selection selection = new SeriesSelector().select(new Study(whole.studyInstanceUid(), without, List.of()));
        SelectedSeries highB = selection.of(Channel.HBV).orElseThrow();
        assertThat(highB.source()).contains(HighBSource.COMPUTED);
        assertThat(highB.bValue()).hasValue(1400);
        assertThat(highB.volumes()).hasSize(3);
        float[] computed = CaseVolumes.read(highB).values();
        float[] b800 = VolumeBuilder.build(highB.volumes().get(2)).values();
        double brighter = 0;
        for (int at = 0; at < computed.length; at++) {
            brighter += computed[at] > b800[at] ? 1 : 0;
        }
        // Not none: where noise lifts b 400 above the line, the line lies above a low b 800.
        assertThat(brighter / computed.length)
                .as("share of voxels brighter at b 1400 than at b 800")
                .isLessThan(0.05);
    }

    @Test
    void our_extrapolation_to_b1000_agrees_with_the_scanners_own() {
        Selection selection = new SeriesSelector().select(study());
        float[] scanner =
                CaseVolumes.read(selection.of(Channel.HBV).orElseThrow()).values();
        List<Volume> traces =
                series(6).volumes().stream().map(VolumeBuilder::build).toList();
        float[] ours =
                HighBExtrapolation.at(1000, traces, new double[] {50, 400, 800}).values();
        double[] ratios = new double[scanner.length];
        int count = 0;
        for (int at = 0; at < scanner.length; at++) {
            if (scanner[at] >= 20) {
                ratios[count++] = ours[at] / scanner[at];
            }
        }
        ratios = Arrays.copyOf(ratios, count);
        Arrays.sort(ratios);
        assertThat(count).isGreaterThan(10_000);
        assertThat(ratios[count / 2]).as("median ratio where there is signal").isCloseTo(1, within(0.1));
    }

    @Test
    void values_are_those_that_the_viewer_of_the_data_set_shows() {
        Selection selection = new SeriesSelector().select(study());
        CaseVolumes volumes = CaseVolumes.build(selection);
        Volume t2w = volumes.volumes().get(Channel.T2W);
        assertThat(t2w.values()).hasSize(384 * 384 * 19);
        assertThat(max(t2w)).isBetween(900f, 4095f);
        // Diffusion in tissue: between nearly none and that of free water, 1e-6 mm2/s.
        Volume adc = volumes.volumes().get(Channel.ADC);
        assertThat(adc.at(36, 72, 8)).isBetween(300f, 1800f);
        assertThat(volumes.frameOfReferenceUid()).startsWith("1.3.6.1.4.1.14519");
        assertThat(volumes.volumeSha256().get(Channel.T2W)).isEqualTo(VolumeDigest.sha256(t2w));
    }

    @Test
    void a_series_with_a_slice_gone_is_refused_and_says_where() {
        Study study = StudyFolder.read(SharedData.require("data/prostate-dicom/ProstateX-missing-slice"))
                .studies()
                .get(0);
        SeriesVolume broken = study.series().get(0).volumes().get(0);
        assertThat(broken.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(FailureCode.MISSING_SLICE);
            assertThat(problem.detail())
                    .contains("1 slice is missing between InstanceNumber 7 and InstanceNumber 5")
                    .contains("LPS (-45.64, -100.35, 20.04)")
                    .contains("slices lie 3.000 mm apart, here 6.000 mm");
        });
        assertThatThrownBy(() -> VolumeBuilder.build(broken))
                .isInstanceOf(WalnutException.class)
                .extracting(thrown -> ((WalnutException) thrown).code())
                .isEqualTo(FailureCode.MISSING_SLICE);
        Selection selection = new SeriesSelector(SelectionPolicy.DEFAULT, Set.of(Channel.HBV)).select(study);
        assertThat(selection.reasons()).extracting(Reason::code).containsExactly("130583", "MISSING_SLICE");
    }

    @Test
    void a_study_without_its_adc_map_or_its_t2w_says_which_in_dicom_codes() {
        Study whole = study();
        List<StudySeries> onlySagittal = whole.series().subList(0, 1);
        Selection selection = new SeriesSelector().select(new Study(whole.studyInstanceUid(), onlySagittal, List.of()));
        assertThat(selection.chosen()).isEmpty();
        assertThat(selection.reasons())
                .extracting(reason -> reason.scheme() + " " + reason.code())
                .containsExactly("99WALNUT EXPECTED_T2W_MISSING", "DCM 130585", "DCM 130583");
        assertThat(selection.reasons().get(0).detail()).contains("series 3 (t2_tse_sag): not axial");
    }

    private static float max(Volume volume) {
        float max = Float.NEGATIVE_INFINITY;
        for (float value : volume.values()) {
            max = Math.max(max, value);
        }
        return max;
    }

    private static void assertIndex(VoxelIndex index, double i, double j, double k) {
        assertThat(index.i()).isCloseTo(i, within(0.01));
        assertThat(index.j()).isCloseTo(j, within(0.01));
        assertThat(index.k()).isCloseTo(k, within(0.01));
    }

    private static VoxelIndex index(Selection selection, Channel channel) {
        return selection
                .of(channel)
                .orElseThrow()
                .volumes()
                .get(0)
                .geometry()
                .orElseThrow()
                .toIndex(FINDING);
    }

    private static int number(Selection selection, Channel channel) {
        return selection.of(channel).orElseThrow().series().seriesNumber().getAsInt();
    }

    private static StudySeries series(int number) {
        return study().series().stream()
                .filter(series -> series.seriesNumber().equals(OptionalInt.of(number)))
                .findFirst()
                .orElseThrow();
    }

    private static Study study() {
        if (study == null) {
            StudyFolder read = StudyFolder.read(SharedData.prostateX0000());
            assertThat(read.problems()).isEmpty();
            study = read.studies().get(0);
        }
        return study;
    }
}
