package walnut.monitoring.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
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

    @Test
    void predicted_flips_agree_with_observed_ones_in_three_score_bands() {
        FlipProbability flip =
                FlipProbability.fit(Measurements.of(rescans(5_000, 11))).orThrow();
        double[][] pairs = rescans(10_000, 12);
        double[][] bands = {{Double.NEGATIVE_INFINITY, -0.3}, {-0.3, 0.7}, {0.7, Double.POSITIVE_INFINITY}};
        // A band holds few flips or hardly varying predictions: its slope needs more pairs to settle.
        double[][] many = rescans(200_000, 13);
        for (int band = 0; band < bands.length; band++) {
            double low = bands[band][0];
            double high = bands[band][1];
            double[][] inBand = Arrays.stream(many)
                    .filter(pair -> pair[0] >= low && pair[0] < high)
                    .toArray(double[][]::new);
            CalibrationLine line = calibration(inBand, flip);
            assertThat(line.slope().orThrow()).as("slope in band " + band).isBetween(0.9, 1.1);
            assertThat(line.observedToExpected().orThrow())
                    .as("O/E in band " + band)
                    .isBetween(0.9, 1.1);
        }
        CalibrationLine all = calibration(pairs, flip);
        assertThat(all.slope().orThrow()).isBetween(0.9, 1.1);
    }

    private static CalibrationLine calibration(double[][] pairs, FlipProbability flip) {
        boolean[] flipped = new boolean[pairs.length];
        double[] predicted = new double[pairs.length];
        for (int i = 0; i < pairs.length; i++) {
            flipped[i] = (pairs[i][0] >= THRESHOLD) != (pairs[i][1] >= THRESHOLD);
            predicted[i] = flip.of(pairs[i][0], THRESHOLD).orThrow();
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
