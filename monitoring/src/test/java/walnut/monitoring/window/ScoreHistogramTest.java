package walnut.monitoring.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import walnut.monitoring.accuracy.Auroc;
import walnut.monitoring.accuracy.Confusion;
import walnut.monitoring.calibration.CalibrationError;
import walnut.monitoring.drift.DistributionDistance;
import walnut.monitoring.drift.KolmogorovSmirnov;
import walnut.monitoring.drift.PopulationStabilityIndex;
import walnut.monitoring.drift.TwoSamples;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.window.ScoreHistogram.LabelState;

class ScoreHistogramTest {
    private static ScoreHistogram of(List<Double> scores, int seed) {
        Random random = new Random(seed);
        ScoreHistogram histogram = new ScoreHistogram();
        for (double score : scores) {
            histogram.add(score, LabelState.values()[random.nextInt(3)]);
        }
        return histogram;
    }

    @Property(tries = 100)
    void adding_is_associative_and_commutative(
            @ForAll @Size(max = 40) List<@DoubleRange(min = 0, max = 1) Double> a,
            @ForAll @Size(max = 40) List<@DoubleRange(min = 0, max = 1) Double> b,
            @ForAll @Size(max = 40) List<@DoubleRange(min = 0, max = 1) Double> c,
            @ForAll int seed) {
        ScoreHistogram x = of(a, seed);
        ScoreHistogram y = of(b, seed + 1);
        ScoreHistogram z = of(c, seed + 2);
        assertThat(x.plus(y)).isEqualTo(y.plus(x));
        assertThat(x.plus(y).plus(z)).isEqualTo(x.plus(y.plus(z)));
        assertThat(x.plus(y).minus(y)).isEqualTo(x);
    }

    @Property(tries = 50)
    void order_of_late_labels_does_not_matter(
            @ForAll @Size(min = 1, max = 60) List<@DoubleRange(min = 0, max = 1) Double> scores, @ForAll int seed) {
        List<Integer> arrival = new ArrayList<>();
        for (int i = 0; i < scores.size(); i++) {
            arrival.add(i);
        }
        ScoreHistogram inOrder = relabelled(scores, arrival);
        Collections.shuffle(arrival, new Random(seed));
        assertThat(relabelled(scores, arrival)).isEqualTo(inOrder);
    }

    private static ScoreHistogram relabelled(List<Double> scores, List<Integer> arrival) {
        ScoreHistogram histogram = new ScoreHistogram();
        scores.forEach(score -> histogram.add(score, LabelState.UNLABELLED));
        for (int i : arrival) {
            histogram.remove(scores.get(i), LabelState.UNLABELLED);
            histogram.add(scores.get(i), i % 3 == 0 ? LabelState.POSITIVE : LabelState.NEGATIVE);
        }
        return histogram;
    }

    @Property(tries = 20)
    void statistics_stay_within_their_stated_errors(@ForAll @IntRange(min = 20, max = 3000) int n, @ForAll long seed) {
        Random random = new Random(seed);
        boolean[] labels = new boolean[n];
        double[] scores = new double[n];
        double[] reference = new double[n + 7];
        ScoreHistogram current = new ScoreHistogram();
        ScoreHistogram frozen = new ScoreHistogram();
        for (int i = 0; i < n; i++) {
            labels[i] = i == 0 || (i != 1 && random.nextDouble() < 0.3);
            double raw = 0.3 + (labels[i] ? 0.25 : 0) + 0.2 * random.nextGaussian();
            scores[i] = Math.max(0, Math.min(1, raw));
            current.add(scores[i], labels[i] ? LabelState.POSITIVE : LabelState.NEGATIVE);
        }
        for (int i = 0; i < reference.length; i++) {
            reference[i] = random.nextDouble();
            frozen.add(reference[i], LabelState.UNLABELLED);
        }
        LabelledScores cases = LabelledScores.of(labels, scores);
        assertThat(current.auroc().orThrow())
                .isCloseTo(
                        Auroc.of(cases).orThrow(), within(current.aurocError().orThrow() + 1e-12));
        Confusion exact = Confusion.at(1229.0 / ScoreHistogram.BINS, cases).orThrow();
        assertThat(current.confusionAt(1229).orThrow()).isEqualTo(exact);
        // Curves are exact at their thresholds k/4096, the highest first.
        int step = ScoreHistogram.BINS - 1 - 1229;
        assertThat(current.roc().orThrow()[0][step]).isEqualTo((double) exact.falsePositives() / cases.negatives());
        assertThat(current.roc().orThrow()[1][step]).isEqualTo((double) exact.truePositives() / cases.positives());
        exact.ppv().statistic(0.95).value().ifPresent(ppv -> assertThat(
                        current.precisionRecall().orThrow()[1][step])
                .isEqualTo(ppv));
        PopulationStabilityIndex psi =
                current.populationStability(frozen, 10, 1e-4).orThrow();
        PopulationStabilityIndex ofScores = PopulationStabilityIndex.withEdges(
                        TwoSamples.of(reference, scores), psi.innerEdges(), 1e-4)
                .orThrow();
        assertThat(psi.referenceCounts()).containsExactly(ofScores.referenceCounts());
        assertThat(psi.currentCounts()).containsExactly(ofScores.currentCounts());
        assertThat(psi.value()).isEqualTo(ofScores.value());
        TwoSamples samples = TwoSamples.of(reference, scores);
        assertThat(current.wasserstein1(frozen).orThrow())
                .isCloseTo(DistributionDistance.wasserstein1(samples).orThrow(), within(1.0 / 4096 + 1e-12));
        double d = KolmogorovSmirnov.of(samples).d().orThrow();
        assertThat(current.kolmogorovSmirnov(frozen).orThrow())
                .isBetween(d - largestShare(scores, reference), d + 1e-12);
        CalibrationError calibration = CalibrationError.equalWidth(cases, 16).orThrow();
        assertThat(current.calibrationError(16).orThrow())
                .isCloseTo(calibration.expected().orThrow(), within(1.0 / 8192 + 1e-12));
    }

    /** Largest share of one sample in a single bin. */
    private static double largestShare(double[] scores, double[] reference) {
        double largest = 0;
        for (double[] sample : new double[][] {scores, reference}) {
            int[] counts = new int[ScoreHistogram.BINS];
            for (double score : sample) {
                largest = Math.max(largest, (double) ++counts[ScoreHistogram.bin(score)] / sample.length);
            }
        }
        return largest + 1e-12;
    }

    @Test
    void curves_start_and_end_where_they_must() {
        ScoreHistogram histogram = new ScoreHistogram();
        histogram.add(0.2, LabelState.NEGATIVE);
        histogram.add(0.9, LabelState.POSITIVE);
        double[][] roc = histogram.roc().orThrow();
        assertThat(roc[0][ScoreHistogram.BINS - 1]).isEqualTo(1);
        assertThat(roc[1][ScoreHistogram.BINS - 1]).isEqualTo(1);
        double[][] pr = histogram.precisionRecall().orThrow();
        assertThat(pr[1][ScoreHistogram.BINS - 1]).isEqualTo(0.5);
        assertThat(histogram.populationStability(histogram, 10, 1e-4).orThrow().value())
                .isZero();
    }

    @Test
    void taking_back_what_was_never_counted_is_seen() {
        ScoreHistogram histogram = new ScoreHistogram();
        histogram.add(0.2, LabelState.NEGATIVE);
        histogram.remove(0.9, LabelState.POSITIVE);
        assertThat(histogram.auroc().reason()).contains(Reason.OUT_OF_RANGE);
        assertThat(histogram.confusionAt(0).reason()).contains(Reason.OUT_OF_RANGE);
        assertThat(histogram.wasserstein1(histogram).reason()).contains(Reason.OUT_OF_RANGE);
        assertThat(new ScoreHistogram().confusionAt(ScoreHistogram.BINS + 1).reason())
                .contains(Reason.INVALID_PARAMETER);
    }

    @Test
    void scores_outside_the_unit_interval_are_refused_not_counted() {
        ScoreHistogram histogram = new ScoreHistogram();
        assertThat(histogram.add(Double.NaN, LabelState.POSITIVE)).isFalse();
        assertThat(histogram.add(1.0000001, LabelState.POSITIVE)).isFalse();
        assertThat(histogram.add(1, LabelState.POSITIVE)).isTrue();
        assertThat(histogram.n()).isEqualTo(1);
        assertThat(histogram.auroc().reason()).contains(Reason.ONE_CLASS);
        assertThat(new ScoreHistogram().auroc().reason()).contains(Reason.EMPTY);
    }
}
