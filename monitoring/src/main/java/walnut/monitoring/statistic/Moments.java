package walnut.monitoring.statistic;

import java.util.Arrays;

/** Means and sums of squares in two passes; arrays are not empty and of equal length. */
public final class Moments {
    private Moments() {}

    public static double mean(double[] x) {
        return Arrays.stream(x).sum() / x.length;
    }

    /** Σ (x − mean)². */
    public static double squares(double[] x) {
        return products(x, x);
    }

    /** Σ (x − mean x)(y − mean y). */
    public static double products(double[] x, double[] y) {
        double meanX = mean(x);
        double meanY = mean(y);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - meanX) * (y[i] - meanY);
        }
        return sum;
    }

    /** Sample variance, n − 1; at least two values. */
    public static double variance(double[] x) {
        return squares(x) / (x.length - 1);
    }

    public static boolean isConstant(double[] x) {
        return Arrays.stream(x).allMatch(value -> value == x[0]);
    }

    /** Pearson correlation; undefined when either is constant. */
    public static Statistic pearson(double[] x, double[] y) {
        if (isConstant(x) || isConstant(y)) {
            return Statistic.undefined(Reason.ZERO_VARIANCE, x.length);
        }
        double r = products(x, y) / Math.sqrt(squares(x) * squares(y));
        return Statistic.of(Math.max(-1, Math.min(1, r)), x.length);
    }

    /** Ranks from 1, ties share their mean rank. */
    public static double[] midRanks(double[] x) {
        int[] order = Sorting.order(x);
        double[] ranks = new double[x.length];
        for (int start = 0, end; start < order.length; start = end) {
            end = start;
            while (end < order.length && x[order[end]] == x[order[start]]) {
                end++;
            }
            for (int k = start; k < end; k++) {
                ranks[order[k]] = (start + 1 + end) / 2.0;
            }
        }
        return ranks;
    }
}
