package walnut.monitoring.calibration;

import java.util.Arrays;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Sorting;
import walnut.monitoring.statistic.Statistic;

/**
 * The non-decreasing map from score to probability that fits best in squares, by pooling adjacent violators (Ayer et
 * al., Ann. Math. Stat. 26 (1955) 641): equal scores are averaged first; between knots linear, outside them constant;
 * values in [0, 1]. Agrees with scikit-learn's {@code IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")}.
 *
 * <p>Undefined with one class. Fitted on few cases it overfits: fit on a reference, never on the window it is applied to.
 */
public final class IsotonicCalibration {
    private final double[] knots;
    private final double[] values;

    private IsotonicCalibration(double[] knots, double[] values) {
        this.knots = knots;
        this.values = values;
    }

    public static Answer<IsotonicCalibration> fit(LabelledScores cases) {
        return Answer.unless(cases.faultOfRanking(), () -> Answer.of(pool(cases)));
    }

    private static IsotonicCalibration pool(LabelledScores cases) {
        double[] scores = cases.scores();
        int[] order = Sorting.order(scores);
        int n = order.length;
        double[] knots = new double[n];
        double[] sum = new double[n];
        double[] weight = new double[n];
        int distinct = 0;
        for (int i : order) {
            if (distinct == 0 || knots[distinct - 1] != scores[i]) {
                knots[distinct++] = scores[i];
            }
            sum[distinct - 1] += cases.weight(i) * cases.outcome(i);
            weight[distinct - 1] += cases.weight(i);
        }
        double[] values = new double[distinct];
        int[] blockEnd = new int[distinct];
        double[] blockSum = new double[distinct];
        double[] blockWeight = new double[distinct];
        int blocks = 0;
        for (int k = 0; k < distinct; k++) {
            blockEnd[blocks] = k + 1;
            blockSum[blocks] = sum[k];
            blockWeight[blocks] = weight[k];
            blocks++;
            while (blocks > 1 && violates(blockSum, blockWeight, blocks)) {
                blocks--;
                blockEnd[blocks - 1] = blockEnd[blocks];
                blockSum[blocks - 1] += blockSum[blocks];
                blockWeight[blocks - 1] += blockWeight[blocks];
            }
        }
        for (int b = 0, start = 0; b < blocks; start = blockEnd[b++]) {
            double mean = blockWeight[b] == 0 ? 0 : blockSum[b] / blockWeight[b];
            Arrays.fill(values, start, blockEnd[b], mean);
        }
        return new IsotonicCalibration(Arrays.copyOf(knots, distinct), values);
    }

    /** Whether the last block's mean is not above that of the block before it. */
    private static boolean violates(double[] sum, double[] weight, int blocks) {
        return sum[blocks - 1] * weight[blocks - 2] <= sum[blocks - 2] * weight[blocks - 1];
    }

    /** The calibrated probability of a score; a score that is no finite number has none. */
    public Statistic apply(double score) {
        return Double.isFinite(score)
                ? Statistic.of(interpolate(score), 1)
                : Statistic.undefined(Reason.NON_FINITE_INPUT, 1);
    }

    /** The calibrated probabilities of scores, in their order; one bad score leaves all undefined. */
    public Answer<double[]> apply(double[] scores) {
        return Arrays.stream(scores).allMatch(Double::isFinite)
                ? Answer.of(Arrays.stream(scores).map(this::interpolate).toArray())
                : Answer.undefined(Reason.NON_FINITE_INPUT);
    }

    private double interpolate(double score) {
        int at = Arrays.binarySearch(knots, score);
        if (at >= 0) {
            return values[at];
        }
        int above = -at - 1;
        if (above == 0) {
            return values[0];
        }
        if (above == knots.length) {
            return values[knots.length - 1];
        }
        double share = (score - knots[above - 1]) / (knots[above] - knots[above - 1]);
        return values[above - 1] + share * (values[above] - values[above - 1]);
    }
}
