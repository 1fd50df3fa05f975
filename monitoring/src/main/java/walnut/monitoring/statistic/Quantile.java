package walnut.monitoring.statistic;

import java.util.Arrays;

/**
 * Sample quantiles of type 7 (linear between order statistics, numpy's and R's default): Hyndman &amp; Fan, Am. Stat. 50
 * (1996) 361.
 */
public final class Quantile {
    private Quantile() {}

    /** The quantile of values sorted ascending, at least one; {@code p} in [0, 1]. */
    public static double ofSorted(double[] sorted, double p) {
        double position = p * (sorted.length - 1);
        int below = (int) Math.floor(position);
        int above = Math.min(below + 1, sorted.length - 1);
        double share = position - below;
        double step = sorted[above] - sorted[below];
        // From the nearer end, as numpy does, so that both ends are hit exactly.
        return share >= 0.5 ? sorted[above] - step * (1 - share) : sorted[below] + step * share;
    }

    public static double of(double[] values, double p) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return ofSorted(sorted, p);
    }

    /** Distinct inner edges at k/bins, k = 1 … bins − 1: the edges of bins of equal mass. */
    public static double[] innerEdges(double[] values, int bins) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] edges = new double[Math.max(0, bins - 1)];
        for (int k = 1; k < bins; k++) {
            edges[k - 1] = ofSorted(sorted, (double) k / bins);
        }
        return Arrays.stream(edges).distinct().toArray();
    }

    /** The bin of x: how many of the ascending edges are ≤ x. */
    public static int bin(double[] edges, double x) {
        int low = 0;
        int high = edges.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (edges[middle] <= x) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
