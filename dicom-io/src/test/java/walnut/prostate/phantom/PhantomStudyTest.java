package walnut.prostate.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import walnut.volume.Mask;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;
import walnut.volume.VoxelIndex;

class PhantomStudyTest {
    /** The shipped scanner over a small field and with a coarse T2W: a study takes a tenth of a second. */
    private static final Dialect COARSE = Dialect.SYNTH_A.withCentralField(99).withT2wMatrix(64);

    /** The marker lies beside what the detector looks at. */
    private static final Dialect WIDE = Dialect.SYNTH_A.withT2wMatrix(96);

    private static PhantomStudy coarse(long seed) {
        return PhantomStudy.of(seed, 0, COARSE, PhantomRecipe.STANDARD);
    }

    @Test
    void the_same_seed_gives_the_same_voxels_on_every_machine() throws Exception {
        PhantomStudy study = coarse(500_000);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (Volume volume : List.of(study.t2w(), study.traces().get(2), study.adc(), study.highB())) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * volume.values().length);
            bytes.asFloatBuffer().put(volume.values());
            digest.update(bytes);
        }
        digest.update(study.zones().labels());
        digest.update(study.lesionMask().labels());
        // Recorded on OpenJDK 17, x86-64. A new value is a new generator: raise GENERATOR_VERSION, and test the
        // packages anew.
        assertEquals(
                "aa75407e755c19753348355411224adca155fdc9c2721c03ce8aeb507138b399",
                HexFormat.of().formatHex(digest.digest()));
    }

    @Test
    void another_seed_is_another_patient() {
        PhantomStudy one = coarse(500_000);
        PhantomStudy other = coarse(500_001);
        assertNotEquals(one.studyInstanceUid(), other.studyInstanceUid());
        assertNotEquals(one.glandMl(), other.glandMl());
    }

    @Test
    void a_rescan_shows_the_same_gland_from_another_position() {
        PhantomStudy first = coarse(500_002);
        PhantomStudy second = PhantomStudy.of(500_002, 1, COARSE, PhantomRecipe.STANDARD);
        assertEquals(first.patientId(), second.patientId());
        assertNotEquals(first.studyInstanceUid(), second.studyInstanceUid());
        assertNotEquals(first.t2w().geometry().origin(), second.t2w().geometry().origin());
        assertEquals(first.glandMl(), second.glandMl(), .05 * first.glandMl());
        assertEquals(first.lesions().size(), second.lesions().size());
    }

    @Test
    void cancers_are_dark_on_the_adc_map_and_bright_at_high_b() {
        PhantomRecipe cancers = PhantomRecipe.STANDARD.withCancerRate(1).withLesionVolumeFactor(2);
        List<Double> core = new ArrayList<>();
        List<Double> brightness = new ArrayList<>();
        for (long seed = 500_020; seed < 500_026; seed++) {
            PhantomStudy study = PhantomStudy.of(seed, 0, COARSE, cancers);
            core.add(darkestCore(study));
            brightness.add(median(study.highB(), study.lesionMask(), 1)
                    / median(study.highB(), study.zones(), Zone.PERIPHERAL.label()));
        }
        // A reader's region lies in the core: the darkest 40 % of a csPCa, 860-950 in the literature (PMC7254689).
        assertBetween(780, 1020, mean(core), "ADC in the core of a csPCa");
        assertBetween(1.3, 4, mean(brightness), "high b of a cancer against the peripheral zone");
    }

    @Test
    void the_knobs_move_the_numbers_they_should() {
        PhantomRecipe all = PhantomRecipe.STANDARD.withCancerRate(1);
        List<PhantomStudy> base = studies(all);
        assertTrue(base.stream().allMatch(PhantomStudy::clinicallySignificant), "cancer rate 1");
        double baseAdc = base.stream()
                .mapToDouble(PhantomStudyTest::darkestCore)
                .average()
                .orElseThrow();
        double raisedAdc = studies(all.withLesionAdcShift(300)).stream()
                .mapToDouble(PhantomStudyTest::darkestCore)
                .average()
                .orElseThrow();
        assertBetween(80, 300, raisedAdc - baseAdc, "300 more tissue ADC, diluted by conspicuity and partial volume");
        double baseMl = meanVolume(base);
        double doubledMl = meanVolume(studies(all.withLesionVolumeFactor(2)));
        assertBetween(1.5, 2.3, doubledMl / baseMl, "volume of lesions twice as large");
    }

    @Test
    void the_cancer_rate_is_the_share_of_patients_with_csPCa() {
        int patients = 400;
        int significant = 0;
        for (long seed = 600_000; seed < 600_000 + patients; seed++) {
            boolean found = new PhantomAnatomy(PhantomRecipe.STANDARD, seed, 0)
                    .cancers().stream().anyMatch(focus -> focus.isup() >= 2);
            significant += found ? 1 : 0;
        }
        // Rate .40, two standard errors of .025.
        assertEquals(.40, significant / (double) patients, .05);
    }

    @Test
    void kurtosis_lifts_the_signal_above_b_1000_only() {
        assertEquals(StrictMath.exp(-.8), PhantomScan.diffusionSignal(1, 1000, .9, 800), 1e-15);
        assertEquals(StrictMath.exp(-1), PhantomScan.diffusionSignal(1, 1000, .9, 1000), 1e-15);
        assertTrue(PhantomScan.diffusionSignal(1, 1000, .9, 1400) > 1.1 * StrictMath.exp(-1.4));
    }

    @Test
    void the_marker_shines_on_the_left_of_the_patient_and_nowhere_on_the_right() {
        for (long seed = 500_040; seed < 500_042; seed++) {
            PhantomStudy study = PhantomStudy.of(seed, 0, WIDE, PhantomRecipe.STANDARD);
            assertTrue(study.markerCentre().x() > study.glandCentre().x() + 50, "left is +x in LPS");
            VolumeGeometry grid = study.t2w().geometry();
            VoxelIndex marker = grid.toIndex(study.markerCentre());
            VoxelIndex mirrored = grid.toIndex(study.markerCentre()
                    .minus(new walnut.volume.Lps(
                            2 * (study.markerCentre().x() - study.glandCentre().x()), 0, 0)));
            double left = at(study.t2w(), marker);
            double right = at(study.t2w(), mirrored);
            assertTrue(left > 1.25 * right, "marker " + left + " against " + right + " on the other side");
            assertEquals(0, study.zones().at((int) Math.round(marker.i()), (int) Math.round(marker.j()), 10));
        }
    }

    @Test
    void lesions_lie_in_the_gland_and_know_their_side() {
        for (PhantomStudy study : studies(PhantomRecipe.STANDARD.withCancerRate(1))) {
            for (PhantomLesion lesion : study.lesions()) {
                boolean left = lesion.centroid().x() > study.glandCentre().x();
                assertEquals(left ? PhantomLesion.Side.LEFT : PhantomLesion.Side.RIGHT, lesion.side());
                assertEquals(study.lesionMask().volumeMm3(lesion.label()) / 1000, lesion.volumeMl(), 1e-9);
            }
            byte[] gland = study.gland().labels();
            byte[] lesions = study.lesionMask().labels();
            for (int index = 0; index < lesions.length; index++) {
                assertTrue(lesions[index] == 0 || gland[index] == 1, "a lesion voxel outside the gland");
            }
        }
    }

    @Test
    void training_reads_the_same_anatomy_over_a_smaller_field() {
        PhantomStudy whole = PhantomStudy.of(500_050, 0, Dialect.SYNTH_A, PhantomRecipe.STANDARD);
        PhantomStudy cropped =
                PhantomStudy.of(500_050, 0, PhantomArrays.central(Dialect.SYNTH_A), PhantomRecipe.STANDARD);
        VolumeGeometry grid = cropped.t2w().geometry();
        int margin = (whole.t2w().geometry().columns() - grid.columns()) / 2;
        byte[] expected = new byte[grid.columns()];
        byte[] actual = new byte[grid.columns()];
        for (int i = 0; i < grid.columns(); i++) {
            expected[i] = (byte) whole.zones().at(i + margin, margin + 80, 10);
            actual[i] = (byte) cropped.zones().at(i, 80, 10);
        }
        assertArrayEquals(expected, actual);
        assertEquals(whole.glandMl(), cropped.glandMl(), .01 * whole.glandMl());
    }

    // ---------------------------------------------------------------- measuring

    private static List<PhantomStudy> studies(PhantomRecipe recipe) {
        return LongStream.range(500_030, 500_033)
                .mapToObj(seed -> PhantomStudy.of(seed, 0, COARSE, recipe))
                .toList();
    }

    private static double meanVolume(List<PhantomStudy> studies) {
        return studies.stream()
                .mapToDouble(study -> study.lesions().get(0).volumeMl())
                .average()
                .orElseThrow();
    }

    private static double at(Volume volume, VoxelIndex index) {
        return volume.at((int) Math.round(index.i()), (int) Math.round(index.j()), (int) Math.round(index.k()));
    }

    /** Values of a volume at the voxels of another grid's mask, by the nearest voxel. */
    static double[] inside(Volume volume, Mask mask, int label) {
        List<Double> values = new ArrayList<>();
        VolumeGeometry grid = mask.geometry();
        VolumeGeometry own = volume.geometry();
        for (int k = 0; k < grid.slices(); k++) {
            for (int j = 0; j < grid.rows(); j++) {
                for (int i = 0; i < grid.columns(); i++) {
                    if (mask.at(i, j, k) == label) {
                        VoxelIndex there = own.toIndex(grid.toPatient(i, j, k));
                        int ti = (int) Math.round(there.i());
                        int tj = (int) Math.round(there.j());
                        if (ti >= 0 && tj >= 0 && ti < own.columns() && tj < own.rows()) {
                            values.add((double) volume.at(ti, tj, (int) Math.round(there.k())));
                        }
                    }
                }
            }
        }
        return values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    private static double median(Volume volume, Mask mask, int label) {
        double[] sorted = inside(volume, mask, label);
        assertTrue(sorted.length > 0, "no voxel with label " + label);
        return sorted[sorted.length / 2];
    }

    private static double darkestCore(PhantomStudy study) {
        double[] sorted = inside(study.adc(), study.lesionMask(), 1);
        int count = Math.max(1, (int) (.4 * sorted.length));
        double sum = 0;
        for (int index = 0; index < count; index++) {
            sum += sorted[index];
        }
        return sum / count;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private static void assertBetween(double low, double high, double actual, String what) {
        assertTrue(actual >= low && actual <= high, what + ": " + actual + " is not in [" + low + ", " + high + "]");
    }
}
