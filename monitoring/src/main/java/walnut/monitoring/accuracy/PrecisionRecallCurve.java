package walnut.monitoring.accuracy;

import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Statistic;

/**
 * Precision (PPV) against recall (sensitivity): thresholds ascending, one per distinct score, then a last point of
 * precision 1 and recall 0 that has no threshold. Same points as scikit-learn's {@code precision_recall_curve} with
 * {@code drop_intermediate=False}.
 *
 * <p>Undefined when either class is absent (scikit-learn returns 0 or 1). Depends on prevalence: not comparable between
 * sites without it.
 */
public record PrecisionRecallCurve(double[] thresholds, double[] precision, double[] recall) {
    public static Answer<PrecisionRecallCurve> of(LabelledScores cases) {
        return Answer.unless(cases.faultOfRanking(), () -> {
            OperatingPoints points = OperatingPoints.of(cases);
            int size = points.size();
            double[] thresholds = new double[size];
            double[] precision = new double[size + 1];
            double[] recall = new double[size + 1];
            for (int i = 0; i < size; i++) {
                int point = size - 1 - i;
                double tp = points.truePositives()[point];
                thresholds[i] = points.thresholds()[point];
                precision[i] = tp / (tp + points.falsePositives()[point]);
                recall[i] = tp / points.totalPositives();
            }
            precision[size] = 1;
            return Answer.of(new PrecisionRecallCurve(thresholds, precision, recall));
        });
    }

    /** Average precision: Σ (Rₙ − Rₙ₋₁) Pₙ over distinct thresholds, without interpolation. Equals prevalence by chance. */
    public static Statistic averagePrecision(LabelledScores cases) {
        return of(cases).statistic(cases.n(), curve -> {
            double sum = 0;
            for (int i = 0; i < curve.thresholds.length; i++) {
                sum += (curve.recall[i] - curve.recall[i + 1]) * curve.precision[i];
            }
            return Statistic.of(sum, cases.n());
        });
    }

    /** Share of positives, weighted. */
    public static Statistic prevalence(LabelledScores cases) {
        return Statistic.unless(cases.fault(), cases.n(), () -> {
            OperatingPoints points = OperatingPoints.of(cases);
            double positives = points.totalPositives();
            return Statistic.of(positives / (positives + points.totalNegatives()), cases.n());
        });
    }
}
