package walnut.monitoring.calibration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Quantile;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Binned calibration: expected error Σ (n_b/n)·|mean(y) − mean(p)| and the largest error of a non-empty bin, with the
 * bins of the reliability diagram. Binary definition (rate of positives against score), not top-label confidence.
 *
 * <p>Equal width: bin = number of k in 1…M−1 with (double) k/M ≤ p, so p = 1 falls in the last bin and 0.29 of 100 bins
 * in bin 29 (⌊p·M⌋ gives 28). Equal mass: inner edges are type-7 quantiles of p, duplicates dropped, bin = number of
 * edges ≤ p. The value depends on the binning and is biased upwards in small samples: never compare two binnings.
 */
public record CalibrationError(Statistic expected, Statistic maximum, double[] innerEdges, List<Bin> bins) {

    /** One bin; means of an empty bin are undefined. */
    public record Bin(int count, Statistic meanScore, Statistic positiveRate) {}

    public static Answer<CalibrationError> equalWidth(LabelledScores cases, int bins) {
        return Answer.unless(fault(cases, bins), () -> {
            double[] edges = new double[bins - 1];
            for (int k = 1; k < bins; k++) {
                edges[k - 1] = (double) k / bins;
            }
            return Answer.of(withEdges(cases, edges));
        });
    }

    public static Answer<CalibrationError> equalMass(LabelledScores cases, int bins) {
        return Answer.unless(
                fault(cases, bins), () -> Answer.of(withEdges(cases, Quantile.innerEdges(cases.scores(), bins))));
    }

    private static Optional<Reason> fault(LabelledScores cases, int bins) {
        return bins < 1 ? Optional.of(Reason.INVALID_PARAMETER) : cases.faultOfProbabilities();
    }

    private static CalibrationError withEdges(LabelledScores cases, double[] edges) {
        int[] count = new int[edges.length + 1];
        double[] scoreSum = new double[edges.length + 1];
        int[] positives = new int[edges.length + 1];
        for (int i = 0; i < cases.n(); i++) {
            int bin = Quantile.bin(edges, cases.score(i));
            count[bin]++;
            scoreSum[bin] += cases.score(i);
            positives[bin] += cases.label(i) ? 1 : 0;
        }
        double expected = 0;
        double maximum = 0;
        List<Bin> bins = new ArrayList<>();
        for (int b = 0; b < count.length; b++) {
            if (count[b] == 0) {
                Statistic none = Statistic.undefined(Reason.EMPTY, 0);
                bins.add(new Bin(0, none, none));
                continue;
            }
            double meanScore = scoreSum[b] / count[b];
            double rate = (double) positives[b] / count[b];
            bins.add(new Bin(count[b], Statistic.of(meanScore, count[b]), Statistic.of(rate, count[b])));
            double error = Math.abs(rate - meanScore);
            expected += error * count[b] / cases.n();
            maximum = Math.max(maximum, error);
        }
        return new CalibrationError(
                Statistic.of(expected, cases.n()), Statistic.of(maximum, cases.n()), edges, List.copyOf(bins));
    }
}
