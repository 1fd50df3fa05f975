package walnut.monitoring.accuracy;

import java.util.Optional;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * The empirical ROC curve: one point per distinct score in decreasing order, preceded by (0, 0) at threshold +∞; a case
 * is predicted positive when its score ≥ the threshold. Same points as scikit-learn's {@code roc_curve} with
 * {@code drop_intermediate=False}.
 *
 * <p>Undefined with one class.
 */
public record RocCurve(double[] thresholds, double[] falsePositiveRate, double[] truePositiveRate, int n) {
    public static Answer<RocCurve> of(LabelledScores cases) {
        return Answer.unless(cases.faultOfRanking(), () -> {
            OperatingPoints points = OperatingPoints.of(cases);
            int size = points.size() + 1;
            double[] thresholds = new double[size];
            double[] fpr = new double[size];
            double[] tpr = new double[size];
            thresholds[0] = Double.POSITIVE_INFINITY;
            for (int i = 1; i < size; i++) {
                thresholds[i] = points.thresholds()[i - 1];
                fpr[i] = points.falsePositives()[i - 1] / points.totalNegatives();
                tpr[i] = points.truePositives()[i - 1] / points.totalPositives();
            }
            return Answer.of(new RocCurve(thresholds, fpr, tpr, cases.n()));
        });
    }

    /** Largest sensitivity + specificity − 1. */
    public double youden() {
        return truePositiveRate[youdenPoint()] - falsePositiveRate[youdenPoint()];
    }

    /** The threshold with the largest Youden index; of equals the highest. +∞ when no threshold is better than none. */
    public double youdenThreshold() {
        return thresholds[youdenPoint()];
    }

    private int youdenPoint() {
        int best = 0;
        for (int i = 1; i < thresholds.length; i++) {
            if (truePositiveRate[i] - falsePositiveRate[i] > truePositiveRate[best] - falsePositiveRate[best]) {
                best = i;
            }
        }
        return best;
    }

    /** Largest sensitivity among the points with a false-positive rate of at most {@code limit}; no interpolation. */
    public double sensitivityAt(double limit) {
        double best = 0;
        for (int i = 0; i < thresholds.length && falsePositiveRate[i] <= limit; i++) {
            best = truePositiveRate[i];
        }
        return best;
    }

    /**
     * Partial area up to a false-positive rate, standardised to 0.5 for chance and 1 for perfection: McClish, Med. Decis.
     * Making 9 (1989) 190. The curve is interpolated linearly at the limit.
     */
    public Statistic partialArea(double limit) {
        Optional<Reason> fault = OperatingPoints.faultOfShare(limit);
        return Statistic.unless(fault, n, () -> {
            double area = 0;
            for (int i = 1; i < thresholds.length && falsePositiveRate[i - 1] < limit; i++) {
                double x0 = falsePositiveRate[i - 1];
                double y0 = truePositiveRate[i - 1];
                double x1 = falsePositiveRate[i];
                double y1 = truePositiveRate[i];
                if (x1 > limit) {
                    y1 = y0 + (y1 - y0) * (limit - x0) / (x1 - x0);
                    x1 = limit;
                }
                area += (x1 - x0) * (y0 + y1) / 2;
            }
            double chance = limit * limit / 2;
            return Statistic.of(0.5 * (1 + (area - chance) / (limit - chance)), n);
        });
    }
}
