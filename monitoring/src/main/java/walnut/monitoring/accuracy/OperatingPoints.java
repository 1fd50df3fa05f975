package walnut.monitoring.accuracy;

import java.util.Arrays;
import java.util.Optional;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Sorting;

/**
 * The weight of positives and negatives at or above each distinct score, in decreasing order of score: what ROC,
 * precision–recall and average precision are drawn from. Cases of weight 0 make no point.
 */
record OperatingPoints(double[] thresholds, double[] truePositives, double[] falsePositives) {
    static OperatingPoints of(LabelledScores cases) {
        double[] scores = cases.scores();
        int[] order = Sorting.order(scores);
        double[] thresholds = new double[scores.length];
        double[] tp = new double[scores.length];
        double[] fp = new double[scores.length];
        int points = 0;
        double positives = 0;
        double negatives = 0;
        for (int rank = order.length - 1; rank >= 0; rank--) {
            int i = order[rank];
            if (cases.weight(i) == 0) {
                continue;
            }
            positives += cases.label(i) ? cases.weight(i) : 0;
            negatives += cases.label(i) ? 0 : cases.weight(i);
            if (points > 0 && thresholds[points - 1] == scores[i]) {
                points--;
            }
            thresholds[points] = scores[i];
            tp[points] = positives;
            fp[points] = negatives;
            points++;
        }
        return new OperatingPoints(
                Arrays.copyOf(thresholds, points), Arrays.copyOf(tp, points), Arrays.copyOf(fp, points));
    }

    int size() {
        return thresholds.length;
    }

    double totalPositives() {
        return truePositives[size() - 1];
    }

    double totalNegatives() {
        return falsePositives[size() - 1];
    }

    /** A share of a class, as a parameter: strictly above 0, at most 1. */
    static Optional<Reason> faultOfShare(double share) {
        return share > 0 && share <= 1 ? Optional.empty() : Optional.of(Reason.INVALID_PARAMETER);
    }
}
