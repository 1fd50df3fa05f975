package walnut.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import walnut.monitoring.drift.DriftThreshold.State;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

class DriftThresholdTest {
    private static final Function<TwoSamples, Statistic> PSI =
            samples -> PopulationStabilityIndex.numeric(samples, 10, PopulationStabilityIndex.DEFAULT_EPSILON)
                    .statistic(samples.n(), psi -> Statistic.of(psi.value(), samples.n()));
    private static final Function<TwoSamples, Statistic> W1 = DistributionDistance::wasserstein1Normalised;

    private static double[] normal(int n, double shift, long seed) {
        Random random = new Random(seed);
        double[] values = new double[n];
        Arrays.setAll(values, i -> shift + random.nextGaussian());
        return values;
    }

    @Test
    void the_folk_limit_alarms_without_drift_where_the_null_quantile_does_not() {
        double[] reference = normal(1000, 0, 1);
        double quantile =
                DriftThreshold.nullQuantile(reference, 200, PSI, 0.99, 600, 5).orThrow();
        int folk = 0;
        int ours = 0;
        int runs = 300;
        for (int run = 0; run < runs; run++) {
            double psi = PSI.apply(TwoSamples.of(normal(1000, 0, 10_000 + run), normal(200, 0, 20_000 + run)))
                    .orThrow();
            folk += psi > 0.1 ? 1 : 0;
            ours += psi > quantile ? 1 : 0;
        }
        assertThat(folk).isGreaterThanOrEqualTo(2);
        assertThat(ours).isLessThanOrEqualTo(10);
    }

    @Test
    void a_real_shift_is_drift_and_a_trifle_is_not() {
        double[] reference = normal(1000, 0, 2);
        double quantile =
                DriftThreshold.nullQuantile(reference, 400, W1, 0.99, 300, 6).orThrow();
        DriftThreshold threshold = new DriftThreshold(0.2, quantile, 0.99, DriftThreshold.FEWEST_CASES);
        assertThat(threshold
                        .judge(W1.apply(TwoSamples.of(reference, normal(400, 0.5, 3))), 400)
                        .state())
                .isEqualTo(State.DRIFT);
        assertThat(threshold
                        .judge(W1.apply(TwoSamples.of(reference, normal(400, 0.05, 3))), 400)
                        .state())
                .isEqualTo(State.OK);
    }

    @Test
    void nothing_alarms_below_two_hundred_cases() {
        DriftThreshold threshold = new DriftThreshold(0.2, 0.1, 0.99, DriftThreshold.FEWEST_CASES);
        DriftThreshold.Verdict verdict = threshold.judge(Statistic.of(9, 199), 199);
        assertThat(verdict.state()).isEqualTo(State.INSUFFICIENT);
        assertThat(verdict.needed()).isEqualTo(200);
        assertThat(threshold
                        .judge(Statistic.undefined(Reason.NON_FINITE_INPUT, 300), 300)
                        .state())
                .isEqualTo(State.UNDEFINED);
    }

    @Test
    void no_one_can_ask_for_alarms_below_two_hundred_nor_judge_fewer_than_the_quantile_is_for() {
        assertThat(new DriftThreshold(0.2, 0.1, 0.99, 10).fewest()).isEqualTo(200);
        DriftThreshold for400 = DriftThreshold.of(normal(1000, 0, 9), 400, W1, 0.05, 0.99, 100, 4)
                .orThrow();
        assertThat(for400.judge(Statistic.of(9, 399), 399).state()).isEqualTo(State.INSUFFICIENT);
        assertThat(for400.judge(Statistic.of(9, 400), 400).state()).isEqualTo(State.DRIFT);
        double of200 = DriftThreshold.nullQuantile(normal(1000, 0, 9), 200, W1, 0.99, 100, 4)
                .orThrow();
        assertThat(for400.nullQuantile()).isLessThan(of200);
        assertThat(DriftThreshold.of(normal(9, 0, 9), 400, W1, Double.NaN, 0.99, 100, 4)
                        .reason())
                .contains(Reason.INVALID_PARAMETER);
    }

    @Test
    void the_null_quantile_depends_on_the_seed_only() {
        double[] reference = normal(300, 0, 4);
        assertThat(DriftThreshold.nullQuantile(reference, 200, W1, 0.95, 50, 8))
                .isEqualTo(DriftThreshold.nullQuantile(reference, 200, W1, 0.95, 50, 8));
        assertThat(DriftThreshold.nullQuantile(new double[0], 200, W1, 0.95, 50, 8)
                        .reason())
                .contains(Reason.EMPTY);
    }
}
