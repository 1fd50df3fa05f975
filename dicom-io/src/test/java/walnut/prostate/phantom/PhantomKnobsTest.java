package walnut.prostate.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;
import walnut.volume.VoxelIndex;

/** Each knob moves the number it is there for. */
class PhantomKnobsTest {
    private static final long SEED = 500_060;
    private static final Dialect COARSE = PhantomArrays.central(Dialect.SYNTH_A).withT2wMatrix(64);
    private static final Dialect WIDE = Dialect.SYNTH_A.withT2wMatrix(96);
    private static final Imperfections PERFECT = Imperfections.NONE;

    private static PhantomStudy with(Dialect dialect, Imperfections imperfections) {
        return PhantomStudy.of(SEED, 0, dialect, PhantomRecipe.STANDARD.withImperfections(imperfections));
    }

    // ---------------------------------------------------------------- acquisition

    @Test
    void noise_three_times_as_strong_disturbs_three_times_as_much() {
        PhantomStudy silent = with(COARSE, PERFECT);
        double once = distance(
                silent.t2w(), with(COARSE, PERFECT.with(Imperfection.NOISE, 1)).t2w());
        double thrice = distance(
                silent.t2w(), with(COARSE, PERFECT.with(Imperfection.NOISE, 3)).t2w());
        assertEquals(3, thrice / once, .5, "root mean square distance from the noiseless T2W");
    }

    @Test
    void noise_is_rician_so_that_it_has_a_floor() {
        PhantomStudy silent = with(COARSE, PERFECT);
        PhantomStudy noisy = with(COARSE, PERFECT.with(Imperfection.NOISE, 4));
        Volume quiet = silent.traces().get(2);
        double without = 0;
        double floor = 0;
        int dark = 0;
        for (int index = 0; index < quiet.values().length; index++) {
            if (quiet.values()[index] < 60) {
                without += quiet.values()[index];
                floor += noisy.traces().get(2).values()[index];
                dark++;
            }
        }
        double sigma =
                4 * .55 / Dialect.SYNTH_A.dwi().snr() * Dialect.SYNTH_A.dwi().scale();
        // The mean of a magnitude without signal is 1.25 standard deviations; the scan's own noise varies by 15 %.
        assertTrue(floor / dark > sigma, floor / dark + " of " + sigma + " where it was " + without / dark);
    }

    @Test
    void bias_scales_the_logarithm_of_the_receive_field() {
        PhantomStudy flat = with(COARSE, PERFECT);
        double once = logDistance(
                flat.t2w(), with(COARSE, PERFECT.with(Imperfection.BIAS, 1)).t2w());
        double twice = logDistance(
                flat.t2w(), with(COARSE, PERFECT.with(Imperfection.BIAS, 2)).t2w());
        assertTrue(once > .02, "a receive field of " + once);
        assertEquals(2, twice / once, .15);
    }

    @Test
    void motion_leaves_the_first_trace_alone_and_disturbs_the_adc() {
        PhantomStudy still = with(COARSE, PERFECT);
        PhantomStudy moved = with(COARSE, PERFECT.with(Imperfection.MOTION, 2));
        assertArrayEquals(still.traces().get(0).values(), moved.traces().get(0).values());
        double little = distance(
                still.adc(), with(COARSE, PERFECT.with(Imperfection.MOTION, 1)).adc());
        assertTrue(little > 10, "ADC differs by " + little);
        assertTrue(distance(still.adc(), moved.adc()) > 1.3 * little);
    }

    @Test
    void distortion_bends_the_echo_planar_images_only() {
        PhantomStudy straight = with(COARSE, PERFECT);
        PhantomStudy bent = with(COARSE, PERFECT.with(Imperfection.DISTORTION, 1));
        assertArrayEquals(straight.t2w().values(), bent.t2w().values());
        double once = distance(straight.traces().get(0), bent.traces().get(0));
        double twice = distance(
                straight.traces().get(0),
                with(COARSE, PERFECT.with(Imperfection.DISTORTION, 2)).traces().get(0));
        assertTrue(once > 20 && twice > 1.2 * once, once + " and " + twice);
    }

    @Test
    void misregistration_displaces_the_marker_on_dwi_in_proportion() {
        Lps aligned = marker(with(WIDE, PERFECT));
        Lps once = marker(with(WIDE, PERFECT.with(Imperfection.MISREGISTRATION, 1)))
                .minus(aligned);
        Lps twice = marker(with(WIDE, PERFECT.with(Imperfection.MISREGISTRATION, 2)))
                .minus(aligned);
        double inPlane = Math.hypot(once.x(), once.y());
        assertTrue(inPlane > .2, "displaced by " + inPlane + " mm");
        assertEquals(2, Math.hypot(twice.x(), twice.y()) / inPlane, .3);
    }

    @Test
    void ghosts_come_in_some_scans_and_grow_with_their_amplitude() {
        int ghosted = 0;
        for (long seed = 500_070; seed < 500_082; seed++) {
            Dialect tiny = PhantomArrays.central(Dialect.SYNTH_A).withT2wMatrix(32);
            double once = ghost(seed, tiny, 1);
            if (once > 0) {
                ghosted++;
                assertTrue(ghost(seed, tiny, 3) > 2 * once);
            }
        }
        // Three of ten scans: twelve seeds without any, or all with one, would each be a 1 in 70 or rarer.
        assertTrue(ghosted > 0 && ghosted < 12, ghosted + " of 12 scans");
    }

    private static double ghost(long seed, Dialect dialect, double factor) {
        PhantomRecipe perfect = PhantomRecipe.STANDARD.withImperfections(PERFECT);
        PhantomRecipe ghosted = PhantomRecipe.STANDARD.withImperfections(PERFECT.with(Imperfection.GHOST, factor));
        return distance(
                PhantomStudy.of(seed, 0, dialect, perfect).t2w(),
                PhantomStudy.of(seed, 0, dialect, ghosted).t2w());
    }

    @Test
    void the_gain_of_the_adc_is_the_scanners_times_the_scans() {
        double a = gland(with(COARSE, PERFECT));
        double c = gland(with(PhantomArrays.central(Dialect.SYNTH_C).withT2wMatrix(64), PERFECT));
        assertEquals(Dialect.SYNTH_C.dwi().adcGain(), c / a, .03, "SYNTH-C measures 6 % too little");
        double spread = gland(with(COARSE, PERFECT.with(Imperfection.ADC_GAIN, 3))) / a - 1;
        assertEquals(3 * (gland(with(COARSE, PERFECT.with(Imperfection.ADC_GAIN, 1))) / a - 1), spread, .01);
    }

    // ---------------------------------------------------------------- dialects

    @Test
    void dialects_differ_in_physics() {
        for (Dialect dialect : List.of(Dialect.SYNTH_A, Dialect.SYNTH_B, Dialect.SYNTH_C, Dialect.SYNTH_D)) {
            PhantomStudy study = with(dialect.withT2wMatrix(64), Imperfections.USUAL);
            VolumeGeometry dwi = study.adc().geometry();
            assertEquals(dialect.dwi().pixelMm(), dwi.spacingI());
            assertEquals(dialect.sliceMm(), dwi.spacingK());
            assertEquals(dialect.dwi().bValues().size(), study.traces().size());
            boolean acquired = study.traces().stream().anyMatch(trace -> trace == study.highB());
            assertEquals(dialect.dwi().computesHighB(), !acquired, dialect.manufacturer());
        }
        double tilt = Math.abs(with(Dialect.SYNTH_D.withT2wMatrix(64), PERFECT)
                        .t2w()
                        .geometry()
                        .directionK()
                        .y()
                - with(COARSE, PERFECT).t2w().geometry().directionK().y());
        assertEquals(.26, tilt, .03, "SYNTH-D tilts its planes");
    }

    @Test
    void a_longer_t2_leaves_more_signal_on_the_t2w() {
        Dialect longer = with(COARSE, COARSE.t2w(), COARSE.dwi(), 1.3);
        assertTrue(median(PhantomStudyTest.inside(
                        with(longer, PERFECT).t2w(), with(longer, PERFECT).gland(), 1))
                > 1.1
                        * median(PhantomStudyTest.inside(
                                with(COARSE, PERFECT).t2w(),
                                with(COARSE, PERFECT).gland(),
                                1)));
    }

    @Test
    void a_longer_echo_time_takes_signal_and_a_scale_multiplies_it() {
        Dialect.T2w t2w = COARSE.t2w();
        double usual = brightness(COARSE);
        Dialect later = with(
                COARSE,
                new Dialect.T2w(
                        t2w.echoTimeMs() + 40,
                        t2w.repetitionTimeMs(),
                        t2w.scale(),
                        t2w.noise(),
                        t2w.matrix(),
                        t2w.pixelMm()),
                COARSE.dwi(),
                COARSE.t2Factor());
        assertTrue(brightness(later) < .8 * usual);
        Dialect twice = with(
                COARSE,
                new Dialect.T2w(
                        t2w.echoTimeMs(),
                        t2w.repetitionTimeMs(),
                        2 * t2w.scale(),
                        t2w.noise(),
                        t2w.matrix(),
                        t2w.pixelMm()),
                COARSE.dwi(),
                COARSE.t2Factor());
        assertEquals(2, brightness(twice) / usual, .01);
    }

    @Test
    void four_times_the_averages_halve_the_noise_of_the_traces_and_twice_the_snr_does_too() {
        double once = traceNoise(COARSE.dwi());
        Dialect.Dwi averaged =
                with(COARSE.dwi(), 4, 1, COARSE.dwi().blur(), COARSE.dwi().adcMaskLevel());
        Dialect.Dwi clearer =
                with(COARSE.dwi(), 1, 2, COARSE.dwi().blur(), COARSE.dwi().adcMaskLevel());
        assertEquals(.5, traceNoise(averaged) / once, .06);
        assertEquals(.5, traceNoise(clearer) / once, .06);
    }

    @Test
    void blur_takes_edges_from_the_traces() {
        Dialect.Dwi blurred = with(COARSE.dwi(), 1, 1, .25, COARSE.dwi().adcMaskLevel());
        Dialect.Dwi sharp = with(COARSE.dwi(), 1, 1, 0, COARSE.dwi().adcMaskLevel());
        assertTrue(edges(blurred) < .85 * edges(sharp), edges(blurred) + " against " + edges(sharp));
    }

    @Test
    void a_mask_writes_adc_0_where_the_lowest_b_value_has_no_signal() {
        Dialect.Dwi masked = with(COARSE.dwi(), 1, 1, COARSE.dwi().blur(), 100);
        Dialect.Dwi whole = with(COARSE.dwi(), 1, 1, COARSE.dwi().blur(), 0);
        assertTrue(zeros(masked) > zeros(whole) + 50, zeros(masked) + " against " + zeros(whole));
    }

    private static Dialect with(Dialect dialect, Dialect.T2w t2w, Dialect.Dwi dwi, double t2Factor) {
        return new Dialect(
                dialect.manufacturer(),
                dialect.fieldTesla(),
                t2Factor,
                dialect.slices(),
                dialect.sliceMm(),
                dialect.obliqueRadians(),
                t2w,
                dwi,
                dialect.biasStrength(),
                dialect.ghostAmplitude(),
                dialect.habit());
    }

    private static Dialect.Dwi with(
            Dialect.Dwi dwi, int averagesFactor, double snrFactor, double blur, double adcMaskLevel) {
        return new Dialect.Dwi(
                dwi.echoTimeMs(),
                dwi.scale(),
                dwi.matrix(),
                dwi.pixelMm(),
                dwi.bValues(),
                dwi.averages().stream()
                        .map(averages -> averagesFactor * averages)
                        .toList(),
                dwi.highB(),
                snrFactor * dwi.snr(),
                blur,
                adcMaskLevel,
                dwi.adcGain(),
                dwi.distortionMm());
    }

    private static double brightness(Dialect dialect) {
        PhantomStudy study = with(dialect, PERFECT);
        return median(PhantomStudyTest.inside(study.t2w(), study.gland(), 1));
    }

    /** Root mean square of what noise does to the first trace, where there is signal and it is not yet Rician. */
    private static double traceNoise(Dialect.Dwi dwi) {
        Dialect dialect = with(COARSE, COARSE.t2w(), dwi, COARSE.t2Factor());
        PhantomStudy silent = with(dialect, PERFECT);
        double[] quiet = PhantomStudyTest.inside(silent.traces().get(0), silent.gland(), 1);
        PhantomStudy noisy = with(dialect, PERFECT.with(Imperfection.NOISE, 1));
        assertTrue(median(quiet) > 100);
        return distance(silent.traces().get(0), noisy.traces().get(0));
    }

    /** Mean absolute difference of neighbours along rows of the first trace. */
    private static double edges(Dialect.Dwi dwi) {
        Volume trace = with(with(COARSE, COARSE.t2w(), dwi, COARSE.t2Factor()), PERFECT)
                .traces()
                .get(0);
        double sum = 0;
        for (int index = 1; index < trace.values().length; index++) {
            sum += Math.abs(trace.values()[index] - trace.values()[index - 1]);
        }
        return sum / trace.values().length;
    }

    private static long zeros(Dialect.Dwi dwi) {
        Volume adc = with(with(COARSE, COARSE.t2w(), dwi, COARSE.t2Factor()), PERFECT)
                .adc();
        long zeros = 0;
        for (float value : adc.values()) {
            zeros += value == 0 ? 1 : 0;
        }
        return zeros;
    }

    @Test
    void an_acquired_b_2000_is_brighter_than_a_mono_exponential_says() {
        PhantomStudy study = with(PhantomArrays.central(Dialect.SYNTH_C).withT2wMatrix(64), PERFECT);
        double[] acquired = PhantomStudyTest.inside(study.highB(), study.gland(), 1);
        double[] low = PhantomStudyTest.inside(study.traces().get(1), study.gland(), 1);
        double adc = gland(study);
        double expected = low[low.length / 2] * StrictMath.exp(-(2000 - 800) * adc * 1e-6);
        assertTrue(acquired[acquired.length / 2] > 1.15 * expected, "kurtosis acts above b 1000");
    }

    @Test
    void homes_of_patients_are_shared_among_three_dialects_and_never_the_fourth() {
        long a = LongStream.range(0, 2000)
                .filter(seed -> Dialect.home(seed) == Dialect.SYNTH_A)
                .count();
        long c = LongStream.range(0, 2000)
                .filter(seed -> Dialect.home(seed) == Dialect.SYNTH_C)
                .count();
        assertEquals(.40, a / 2000.0, .035);
        assertEquals(.25, c / 2000.0, .03);
        assertTrue(LongStream.range(0, 2000).noneMatch(seed -> Dialect.home(seed) == Dialect.SYNTH_D));
    }

    // ---------------------------------------------------------------- population

    @Test
    void conspicuity_lowers_the_adc_of_cancers() {
        PhantomRecipe all = PhantomRecipe.STANDARD.withCancerRate(1).withImperfections(PERFECT);
        double faint = lesionAdc(all.withConspicuity(1));
        double clear = lesionAdc(all.withConspicuity(40));
        assertTrue(faint > clear + 40, faint + " against " + clear);
    }

    @Test
    void rates_of_low_grades_and_of_second_lesions_are_shares_of_patients() {
        int patients = 800;
        int lowGradeOnly = 0;
        int withCancer = 0;
        int withTwo = 0;
        for (long seed = 600_000; seed < 600_000 + patients; seed++) {
            List<Focus> cancers = new PhantomAnatomy(PhantomRecipe.STANDARD, seed, 0).cancers();
            withCancer += cancers.isEmpty() ? 0 : 1;
            withTwo += cancers.size() > 1 ? 1 : 0;
            boolean low = !cancers.isEmpty() && cancers.stream().allMatch(focus -> focus.isup() == 1);
            lowGradeOnly += low ? 1 : 0;
        }
        PhantomRecipe.Cancer rates = PhantomRecipe.STANDARD.cancer();
        assertEquals(rates.lowGradeRate(), lowGradeOnly / (double) patients, .03);
        assertEquals(rates.rate() + rates.lowGradeRate(), withCancer / (double) patients, .04);
        assertEquals(rates.secondLesionRate(), withTwo / (double) withCancer, .05);
    }

    @Test
    void rates_of_mimics_are_shares_of_patients() {
        int patients = 600;
        int wedges = 0;
        int focal = 0;
        int blood = 0;
        int stromal = 0;
        int nodules = 0;
        for (long seed = 600_000; seed < 600_000 + patients; seed++) {
            List<Tissue> kinds = new PhantomAnatomy(PhantomRecipe.STANDARD, seed, 0)
                    .lookAlikes().stream().map(PhantomAnatomy.LookAlike::kind).toList();
            wedges += kinds.contains(Tissue.PROSTATITIS) ? 1 : 0;
            focal += kinds.contains(Tissue.FOCAL_PROSTATITIS) ? 1 : 0;
            blood += kinds.contains(Tissue.HAEMORRHAGE) ? 1 : 0;
            stromal += (int)
                    kinds.stream().filter(kind -> kind == Tissue.STROMAL_NODULE).count();
            nodules += new PhantomAnatomy(
                            PhantomRecipe.STANDARD.withMimics(new PhantomRecipe.Mimics(0, 0, 0, 1)), seed, 0)
                    .lookAlikes()
                    .size();
        }
        PhantomRecipe.Mimics rates = PhantomRecipe.STANDARD.mimics();
        assertEquals(rates.prostatitisRate(), wedges / (double) patients, .05);
        assertEquals(rates.focalProstatitisRate(), focal / (double) patients, .04);
        assertEquals(rates.haemorrhageRate(), blood / (double) patients, .03);
        assertEquals(rates.stromalShare(), stromal / (double) nodules, .04);
    }

    @Test
    void a_pelvis_without_a_prostate_has_neither_gland_nor_lesion() {
        for (Pelvis pelvis : Pelvis.values()) {
            PhantomStudy study = PhantomStudy.of(
                    SEED, 0, COARSE, PhantomRecipe.STANDARD.withCancerRate(1).withPelvis(pelvis));
            assertEquals(pelvis.hasGland(), study.glandMl() > 15, pelvis + " " + study.glandMl());
            assertEquals(pelvis.hasGland(), study.clinicallySignificant());
        }
    }

    // ---------------------------------------------------------------- measuring

    private static double lesionAdc(PhantomRecipe recipe) {
        return LongStream.range(500_030, 500_034)
                .mapToObj(seed -> PhantomStudy.of(seed, 0, COARSE, recipe))
                .mapToDouble(study -> median(PhantomStudyTest.inside(study.adc(), study.lesionMask(), 1)))
                .average()
                .orElseThrow();
    }

    private static double gland(PhantomStudy study) {
        return median(PhantomStudyTest.inside(study.adc(), study.gland(), 1));
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }

    private static double distance(Volume one, Volume other) {
        double sum = 0;
        for (int index = 0; index < one.values().length; index++) {
            double difference = one.values()[index] - other.values()[index];
            sum += difference * difference;
        }
        return Math.sqrt(sum / one.values().length);
    }

    private static double logDistance(Volume one, Volume other) {
        double sum = 0;
        int count = 0;
        for (int index = 0; index < one.values().length; index++) {
            if (one.values()[index] > 60 && other.values()[index] > 60) {
                double difference = StrictMath.log(one.values()[index] / other.values()[index]);
                sum += difference * difference;
                count++;
            }
        }
        return Math.sqrt(sum / count);
    }

    /** Where the marker is seen on the first trace: the centre of its signal near its true place. */
    private static Lps marker(PhantomStudy study) {
        Volume trace = study.traces().get(0);
        VolumeGeometry grid = trace.geometry();
        VoxelIndex place = grid.toIndex(study.markerCentre());
        double weight = 0;
        Lps sum = new Lps(0, 0, 0);
        int k = (int) Math.round(place.k());
        for (int j = (int) place.j() - 6; j <= place.j() + 7; j++) {
            for (int i = (int) place.i() - 6; i <= place.i() + 7; i++) {
                double value = Math.max(0, trace.at(i, j, k) - 600);
                sum = sum.plus(grid.toPatient(i, j, k).times(value));
                weight += value;
            }
        }
        return sum.times(1 / weight);
    }
}
