package walnut.monitoring.accuracy;

import java.util.Arrays;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Sorting;
import walnut.monitoring.statistic.Statistic;

/**
 * Area under the empirical ROC curve: P(score⁺ &gt; score⁻) + ½ P(score⁺ = score⁻), case-weighted (Hanley &amp; McNeil,
 * Radiology 143 (1982) 29). Weights multiply both members of a pair. Only ranks matter, so scores need not lie in
 * [0, 1]; constant scores give 0.5.
 *
 * <p>Undefined with one class. Never average the AUROC of windows: pool the cases.
 */
public final class Auroc {
    private Auroc() {}

    /** The point value; {@link DeLong} adds the interval. */
    public static Statistic of(LabelledScores cases) {
        return Statistic.unless(cases.faultOfRanking(), cases.n(), () -> area(cases));
    }

    private static Statistic area(LabelledScores cases) {
        if (!cases.isWeighted()) {
            return Statistic.of(ClassOrder.of(cases).area(), cases.n());
        }
        int n = cases.n();
        double[] asPositive = new double[n];
        double[] asNegative = new double[n];
        for (int i = 0; i < n; i++) {
            asPositive[i] = cases.label(i) ? cases.weight(i) : 0;
            asNegative[i] = cases.label(i) ? 0 : cases.weight(i);
        }
        return weightedArea(cases.scores(), asPositive, asNegative);
    }

    /**
     * The area when case i counts {@code asPositive[i]} times as a positive and {@code asNegative[i]} times as a
     * negative.
     */
    public static Statistic weightedArea(double[] scores, double[] asPositive, double[] asNegative) {
        int n = scores.length;
        if (asPositive.length != n || asNegative.length != n) {
            return Statistic.undefined(Reason.LENGTH_MISMATCH, n);
        }
        if (!Arrays.stream(scores).allMatch(Double::isFinite)) {
            return Statistic.undefined(Reason.NON_FINITE_INPUT, n);
        }
        int[] order = Sorting.order(scores);
        double negativesBelow = 0;
        double totalPositive = 0;
        double pairs = 0;
        for (int start = 0, end; start < order.length; start = end) {
            double tiedPositive = 0;
            double tiedNegative = 0;
            end = start;
            while (end < order.length && scores[order[end]] == scores[order[start]]) {
                tiedPositive += asPositive[order[end]];
                tiedNegative += asNegative[order[end]];
                end++;
            }
            pairs += tiedPositive * (negativesBelow + tiedNegative / 2);
            negativesBelow += tiedNegative;
            totalPositive += tiedPositive;
        }
        double allPairs = totalPositive * negativesBelow;
        return allPairs > 0
                ? Statistic.of(pairs / allPairs, n)
                : Statistic.undefined(n == 0 ? Reason.EMPTY : Reason.ONE_CLASS, n);
    }
}
