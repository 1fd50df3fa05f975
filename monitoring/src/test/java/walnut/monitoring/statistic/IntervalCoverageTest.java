package walnut.monitoring.statistic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import walnut.monitoring.accuracy.DeLong;
import walnut.monitoring.agreement.BlandAltman;
import walnut.monitoring.agreement.IntraclassCorrelation;
import walnut.monitoring.agreement.Repeatability;
import walnut.monitoring.calibration.CalibrationLine;

/** How often 95 % intervals hold the truth, by simulation with fixed seeds. */
class IntervalCoverageTest {
    private static double coverage(int runs, IntPredicate holds) {
        return IntStream.range(0, runs).filter(holds).count() / (double) runs;
    }

    @Test
    void wilson_covers_at_least_nearly_and_clopper_pearson_always_enough() {
        for (double p : new double[] {0.05, 0.3, 0.82, 0.92}) {
            double wilson = 0;
            double clopperPearson = 0;
            int runs = 4000;
            Random random = new Random(17);
            for (int run = 0; run < runs; run++) {
                int hits = (int) IntStream.range(0, 60)
                        .filter(i -> random.nextDouble() < p)
                        .count();
                Proportion proportion = new Proportion(hits, 60);
                wilson += proportion.wilson(0.95).orThrow().contains(p) ? 1.0 / runs : 0;
                clopperPearson += proportion.clopperPearson(0.95).orThrow().contains(p) ? 1.0 / runs : 0;
            }
            assertThat(wilson).as("Wilson at " + p).isBetween(0.925, 0.98);
            assertThat(clopperPearson).as("Clopper-Pearson at " + p).isGreaterThan(0.945);
        }
    }

    @Test
    void newcombe_covers_the_difference_of_two_proportions() {
        double covered = coverage(3000, run -> {
            Random random = new Random(1000 + run);
            Proportion a = draw(random, 0.8, 50);
            Proportion b = draw(random, 0.65, 40);
            return Proportion.newcombe(a, b, 0.95).orThrow().contains(0.8 - 0.65);
        });
        assertThat(covered).isBetween(0.935, 0.975);
    }

    private static Proportion draw(Random random, double p, int n) {
        return new Proportion(
                IntStream.range(0, n).filter(i -> random.nextDouble() < p).count(), n);
    }

    @Test
    void delong_covers_the_binormal_auroc() {
        double shift = 1.4657;
        double truth = NormalDistribution.of(0, 1).cumulativeProbability(shift / Math.sqrt(2));
        int[] held = new int[2];
        int runs = 2000;
        for (int run = 0; run < runs; run++) {
            Random random = new Random(50_000 + run);
            boolean[] labels = new boolean[150];
            double[] scores = new double[150];
            for (int i = 0; i < 150; i++) {
                labels[i] = i % 3 == 0;
                scores[i] = random.nextGaussian() + (labels[i] ? shift : 0);
            }
            DeLong delong = DeLong.of(LabelledScores.of(labels, scores), 0.95);
            held[0] += delong.wald().orThrow().contains(truth) ? 1 : 0;
            held[1] += delong.logit().orThrow().contains(truth) ? 1 : 0;
        }
        assertThat(held[0] / (double) runs).as("Wald").isBetween(0.925, 0.965);
        assertThat(held[1] / (double) runs).as("logit").isBetween(0.935, 0.97);
    }

    @Test
    void calibration_slope_covers_one_when_scores_are_true_probabilities() {
        double covered = coverage(800, run -> {
            Random random = new Random(90_000 + run);
            boolean[] labels = new boolean[300];
            double[] scores = new double[300];
            for (int i = 0; i < 300; i++) {
                scores[i] = 1 / (1 + Math.exp(0.8 - 1.3 * random.nextGaussian()));
                labels[i] = random.nextDouble() < scores[i];
            }
            CalibrationLine line = CalibrationLine.of(LabelledScores.of(labels, scores), 1e-10, 0.95);
            return line.slope().interval().orElseThrow().contains(1);
        });
        assertThat(covered).isBetween(0.925, 0.975);
    }

    @Test
    void repeatability_intervals_cover_wsd_icc_and_bias() {
        int[] held = new int[3];
        int runs = 1500;
        for (int run = 0; run < runs; run++) {
            Random random = new Random(70_000 + run);
            double[][] pairs = new double[30][];
            for (int i = 0; i < pairs.length; i++) {
                double own = 2 * random.nextGaussian();
                pairs[i] = new double[] {own + random.nextGaussian(), own + random.nextGaussian() + 0.3};
            }
            Measurements matrix = Measurements.of(pairs);
            held[1] += IntraclassCorrelation.of(matrix, 0.95)
                            .orThrow()
                            .twoWayMixed()
                            .interval()
                            .orThrow()
                            .contains(0.8)
                    ? 1
                    : 0;
            held[2] += BlandAltman.of(matrix.repeat(1), matrix.repeat(0), 0.95)
                            .bias()
                            .interval()
                            .orElseThrow()
                            .contains(0.3)
                    ? 1
                    : 0;
            for (double[] pair : pairs) {
                pair[1] -= 0.3;
            }
            held[0] += Repeatability.of(Measurements.of(pairs), 0.95)
                            .sdInterval()
                            .orThrow()
                            .contains(1)
                    ? 1
                    : 0;
        }
        assertThat(held[0] / (double) runs).as("wSD").isBetween(0.93, 0.97);
        assertThat(held[1] / (double) runs).as("ICC(3,1)").isBetween(0.93, 0.97);
        assertThat(held[2] / (double) runs).as("bias").isBetween(0.93, 0.97);
    }
}
