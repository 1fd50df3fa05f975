package walnut.monitoring.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import walnut.monitoring.statistic.Interval;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Sorting;

/** What must hold for any cases: ties, weights and sizes are drawn at random. */
class RankingPropertiesTest {
    private record Cases(double[] labels, double[] scores, double[] weights) {
        static Cases draw(int n, long seed) {
            Random random = new Random(seed);
            double[] labels = new double[n];
            double[] scores = new double[n];
            double[] weights = new double[n];
            int levels = 2 + random.nextInt(50);
            for (int i = 0; i < n; i++) {
                labels[i] = i == 0 || (i != 1 && random.nextBoolean()) ? 1 : 0;
                scores[i] = (random.nextInt(levels) + labels[i]) / (levels + 1.0);
                weights[i] = 0.1 + random.nextDouble();
            }
            return new Cases(labels, scores, weights);
        }

        LabelledScores plain() {
            return LabelledScores.of(labels, scores);
        }
    }

    @Property(tries = 200)
    void auroc_equals_the_share_of_pairs_in_order(@ForAll @IntRange(min = 2, max = 80) int n, @ForAll long seed) {
        Cases cases = Cases.draw(n, seed);
        double pairs = 0;
        double ordered = 0;
        double weightedPairs = 0;
        double weightedOrdered = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (cases.labels[i] == 1 && cases.labels[j] == 0) {
                    double sign = Math.signum(cases.scores[i] - cases.scores[j]);
                    double weight = cases.weights[i] * cases.weights[j];
                    pairs++;
                    ordered += (1 + sign) / 2;
                    weightedPairs += weight;
                    weightedOrdered += weight * (1 + sign) / 2;
                }
            }
        }
        assertThat(Auroc.of(cases.plain()).orThrow()).isCloseTo(ordered / pairs, within(1e-12));
        assertThat(Auroc.of(LabelledScores.weighted(cases.labels, cases.scores, cases.weights))
                        .orThrow())
                .isCloseTo(weightedOrdered / weightedPairs, within(1e-12));
    }

    @Property(tries = 200)
    void auroc_ignores_monotone_transforms_and_turns_over_with_the_labels(
            @ForAll @IntRange(min = 2, max = 200) int n, @ForAll long seed) {
        Cases cases = Cases.draw(n, seed);
        double area = Auroc.of(cases.plain()).orThrow();
        double[] transformed = new double[n];
        double[] swapped = new double[n];
        double[] negated = new double[n];
        for (int i = 0; i < n; i++) {
            transformed[i] = 5 * cases.scores[i] * cases.scores[i] * cases.scores[i] - 40;
            swapped[i] = 1 - cases.labels[i];
            negated[i] = -cases.scores[i];
        }
        assertThat(area).isBetween(0.0, 1.0);
        assertThat(Auroc.of(LabelledScores.of(cases.labels, transformed)).orThrow())
                .isEqualTo(area);
        assertThat(Auroc.of(LabelledScores.of(swapped, cases.scores)).orThrow()).isCloseTo(1 - area, within(1e-12));
        assertThat(Auroc.of(LabelledScores.of(cases.labels, negated)).orThrow()).isCloseTo(1 - area, within(1e-12));
    }

    @Property(tries = 100)
    void whole_weights_count_like_repeated_cases(@ForAll @IntRange(min = 2, max = 40) int n, @ForAll long seed) {
        Cases cases = Cases.draw(n, seed);
        Random random = new Random(seed + 1);
        double[] weights = new double[n];
        int total = 0;
        for (int i = 0; i < n; i++) {
            weights[i] = 1 + random.nextInt(3);
            total += (int) weights[i];
        }
        double[] labels = new double[total];
        double[] scores = new double[total];
        for (int i = 0, next = 0; i < n; i++) {
            for (int copy = 0; copy < weights[i]; copy++, next++) {
                labels[next] = cases.labels[i];
                scores[next] = cases.scores[i];
            }
        }
        LabelledScores weighted = LabelledScores.weighted(cases.labels, cases.scores, weights);
        LabelledScores repeated = LabelledScores.of(labels, scores);
        assertThat(Auroc.of(weighted).orThrow()).isCloseTo(Auroc.of(repeated).orThrow(), within(1e-12));
        assertThat(PrecisionRecallCurve.averagePrecision(weighted).orThrow())
                .isCloseTo(PrecisionRecallCurve.averagePrecision(repeated).orThrow(), within(1e-12));
    }

    @Property(tries = 100)
    void area_under_the_drawn_roc_curve_is_the_auroc(@ForAll @IntRange(min = 2, max = 300) int n, @ForAll long seed) {
        LabelledScores cases = Cases.draw(n, seed).plain();
        RocCurve curve = RocCurve.of(cases).orThrow();
        double area = 0;
        for (int i = 1; i < curve.thresholds().length; i++) {
            area += (curve.falsePositiveRate()[i] - curve.falsePositiveRate()[i - 1])
                    * (curve.truePositiveRate()[i] + curve.truePositiveRate()[i - 1])
                    / 2;
        }
        assertThat(area).isCloseTo(Auroc.of(cases).orThrow(), within(1e-12));
        assertThat(curve.partialArea(1).orThrow()).isCloseTo(area, within(1e-12));
    }

    @Property(tries = 100)
    void two_formulations_of_delong_agree(@ForAll @IntRange(min = 6, max = 200) int n, @ForAll long seed) {
        LabelledScores cases = Cases.draw(n, seed).plain();
        if (cases.positives() < 2 || cases.negatives() < 2) {
            return;
        }
        DeLong delong = DeLong.of(cases, 0.95);
        // The covariance of a model with itself comes by binary search and must be its variance, from one merge.
        DeLong.Paired self = DeLong.paired(cases, cases);
        assertThat(self.covariance().orThrow()).isCloseTo(delong.variance().orThrow(), within(1e-12));
        delong.wald().result().ifPresent(interval -> assertThat(
                        interval.contains(delong.auroc().orThrow()))
                .isTrue());
        delong.logit().result().map(Interval::upper).ifPresent(upper -> assertThat(upper)
                .isLessThan(1));
    }

    @Property(tries = 20)
    void radix_sort_equals_the_jdk_sort(@ForAll @IntRange(min = 0, max = 60_000) int n, @ForAll long seed) {
        Random random = new Random(seed);
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            double value = random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300);
            values[i] = random.nextInt(10) == 0 ? (random.nextBoolean() ? 0.0 : -0.0) : value;
        }
        double[] expected = values.clone();
        Arrays.sort(expected);
        Sorting.sort(values);
        assertThat(values).containsExactly(expected);
    }

    /** Above the size from which classes are sorted in parallel by radix, the area is still the weighted one. */
    @Property(tries = 2)
    void large_samples_take_the_fast_path_to_the_same_area(@ForAll long seed) {
        Cases cases = Cases.draw(200_000, seed);
        double[] ones = new double[cases.labels.length];
        Arrays.fill(ones, 1);
        assertThat(Auroc.of(cases.plain()).orThrow())
                .isCloseTo(
                        Auroc.of(LabelledScores.weighted(cases.labels, cases.scores, ones))
                                .orThrow(),
                        within(1e-12));
    }
}
