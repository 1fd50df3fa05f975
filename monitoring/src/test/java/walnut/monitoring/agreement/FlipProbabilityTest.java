package walnut.monitoring.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import walnut.monitoring.calibration.CalibrationLine;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Measurements;
import walnut.monitoring.statistic.Reason;

class FlipProbabilityTest {
    private static final double THRESHOLD = 0.5;

    /** Scores of rescanned men: between-subject SD 1, wSD 0.5, so ICC 0.8. */
    private static double[][] rescans(int men, long seed) {
        Random random = new Random(seed);
        double[][] pairs = new double[men][];
        for (int i = 0; i < men; i++) {
            double own = random.nextGaussian();
            pairs[i] = new double[] {own + 0.5 * random.nextGaussian(), own + 0.5 * random.nextGaussian()};
        }
        return pairs;
    }

    private static final double[][] BANDS = {
        {Double.NEGATIVE_INFINITY, -0.3}, {-0.3, 0.7}, {0.7, Double.POSITIVE_INFINITY}
    };

    private static final int SETS = 40;

    /** What each set of 10,000 pairs says of a formula in one band, as [set]. */
    private record Seen(double[] slope, double[] slopeSe, double[] observedToExpected, int held) {
        static double mean(double[] values) {
            return Arrays.stream(values).average().orElseThrow();
        }

        /** Formulas: predicted probability of a flip for a score. */
        static Seen inBand(double[] band, DoubleUnaryOperator formula) {
            double[][] seen = new double[3][SETS];
            int held = 0;
            for (int set = 0; set < SETS; set++) {
                CalibrationLine line = calibration(
                        Arrays.stream(rescans(10_000, 100 + set))
                                .filter(pair -> pair[0] >= band[0] && pair[0] < band[1])
                                .toArray(double[][]::new),
                        formula);
                seen[0][set] = line.slope().orThrow();
                seen[1][set] = line.slopeSe().orThrow();
                seen[2][set] = line.observedToExpected().orThrow();
                held += line.slope().interval().orElseThrow().contains(1) ? 1 : 0;
            }
            return new Seen(seen[0], seen[1], seen[2], held);
        }
    }

    /**
     * 10,000 pairs, split at fixed scores into below, around and above the threshold, leave the slope of a band uncertain
     * by a standard error of .07 to .11. So one set can miss .9 to 1.1 by chance alone, and which sets do is a matter of
     * the seed: the promise is held by the mean over 40 sets, and each set by its own interval.
     */
    @Test
    void predicted_flips_agree_with_observed_ones_in_three_score_bands() {
        FlipProbability flip =
                FlipProbability.fit(Measurements.of(rescans(5_000, 11))).orThrow();
        for (double[] band : BANDS) {
            Seen seen = Seen.inBand(band, score -> flip.of(score, THRESHOLD).orThrow());
            String where = "in the band from " + band[0];
            assertThat(Seen.mean(seen.slope)).as("slope " + where).isBetween(0.9, 1.1);
            assertThat(Seen.mean(seen.observedToExpected)).as("O/E " + where).isBetween(0.9, 1.1);
            assertThat(Seen.mean(seen.slopeSe)).as("standard error " + where).isBetween(0.05, 0.13);
            assertThat(seen.held).as("sets whose interval holds 1 " + where).isGreaterThanOrEqualTo(SETS * 8 / 10);
        }
    }

    /** Far from the threshold the first score regresses to the mean, which the plain formula does not know. */
    @Test
    void plain_formula_does_not_keep_that_promise() {
        DoubleUnaryOperator plain =
                score -> FlipProbability.plain(score, THRESHOLD, 0.5).orThrow();
        for (double[] band : new double[][] {BANDS[0], BANDS[2]}) {
            Seen seen = Seen.inBand(band, plain);
            String where = "in the band from " + band[0];
            assertThat(Seen.mean(seen.slope)).as("slope " + where).isLessThan(0.9);
            assertThat(Seen.mean(seen.observedToExpected)).as("O/E " + where).isGreaterThan(1.1);
            assertThat(seen.held).as("sets whose interval holds 1 " + where).isLessThan(SETS * 8 / 10);
        }
    }

    /** All 10,000 pairs together settle the slope in a single set. */
    @Test
    void slope_over_all_scores_is_one_in_each_set_of_ten_thousand() {
        FlipProbability flip =
                FlipProbability.fit(Measurements.of(rescans(5_000, 11))).orThrow();
        for (int set = 0; set < 10; set++) {
            CalibrationLine all = calibration(rescans(10_000, 100 + set), score -> flip.of(score, THRESHOLD)
                    .orThrow());
            assertThat(all.slope().orThrow()).as("set " + set).isBetween(0.9, 1.1);
        }
    }

    private static CalibrationLine calibration(double[][] pairs, DoubleUnaryOperator formula) {
        boolean[] flipped = new boolean[pairs.length];
        double[] predicted = new double[pairs.length];
        for (int i = 0; i < pairs.length; i++) {
            flipped[i] = (pairs[i][0] >= THRESHOLD) != (pairs[i][1] >= THRESHOLD);
            predicted[i] = formula.applyAsDouble(pairs[i][0]);
        }
        return CalibrationLine.of(LabelledScores.of(flipped, predicted), 1e-10, 0.95);
    }

    @Test
    void plain_formula_understates_flips_of_men_just_above_a_high_threshold() {
        FlipProbability flip = new FlipProbability(0, 0.8, 0.5, 100);
        double score = 1.83;
        double threshold = 1.5;
        double plain = FlipProbability.plain(score, threshold, 0.5).orThrow();
        double shrunk = flip.of(score, threshold).orThrow();
        double[][] men = Arrays.stream(rescans(500_000, 14))
                .filter(pair -> Math.abs(pair[0] - score) < 0.03)
                .toArray(double[][]::new);
        double truth = Arrays.stream(men).filter(pair -> pair[1] < threshold).count() / (double) men.length;
        assertThat(plain).isCloseTo(0.32, within(0.005));
        assertThat(truth).isGreaterThan(plain + 0.1);
        assertThat(shrunk).isCloseTo(truth, within(0.025));
    }

    @Test
    void plain_formula_gives_two_and_a_half_percent_at_the_repeatability_coefficient() {
        double wsd = 0.07;
        double rc = 1.96 * Math.sqrt(2) * wsd;
        assertThat(FlipProbability.plain(0.5 + rc, 0.5, wsd).orThrow()).isCloseTo(0.025, within(1e-4));
        assertThat(FlipProbability.plain(0.5, 0.5, wsd).orThrow()).isEqualTo(0.5);
    }

    @Test
    void fewer_than_thirty_rescanned_men_leave_repeatability_unknown() {
        assertThat(FlipProbability.fit(Measurements.of(rescans(29, 1))).reason())
                .contains(Reason.TOO_FEW);
        assertThat(FlipProbability.fit(Measurements.of(rescans(30, 1))).result())
                .isPresent();
    }

    @Test
    void a_score_that_is_no_number_has_no_flip_probability() {
        FlipProbability flip = new FlipProbability(0, 0.8, 0.5, 100);
        assertThat(flip.of(Double.NaN, 0.5).reason()).contains(Reason.NON_FINITE_INPUT);
        assertThat(FlipProbability.plain(0.1, 0.5, 0).reason()).contains(Reason.INVALID_PARAMETER);
    }
}
