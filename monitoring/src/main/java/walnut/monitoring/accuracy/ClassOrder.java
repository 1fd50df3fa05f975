package walnut.monitoring.accuracy;

import java.util.concurrent.CompletableFuture;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Sorting;

/**
 * The scores of both classes, each ascending: everything that the AUROC and its DeLong variance need, by one merge.
 *
 * <p>The placement of a positive is twice the number of negatives below it plus the number tied with it, a whole number,
 * so the area is exact up to one division.
 */
final class ClassOrder {
    private static final int PARALLEL_FROM = 1 << 17;

    private final double[] positives;
    private final double[] negatives;
    /** Over positives, 2·(negatives below) + (negatives tied). */
    private final long sum;

    private ClassOrder(double[] positives, double[] negatives) {
        this.positives = positives;
        this.negatives = negatives;
        this.sum = sumOfPlacements(positives, negatives);
    }

    static ClassOrder of(LabelledScores cases) {
        double[] positives = cases.scoresOf(true);
        double[] negatives = cases.scoresOf(false);
        if (cases.n() < PARALLEL_FROM) {
            Sorting.sort(positives);
            Sorting.sort(negatives);
        } else {
            CompletableFuture<Void> first = CompletableFuture.runAsync(() -> Sorting.sort(positives));
            Sorting.sort(negatives);
            first.join();
        }
        return new ClassOrder(positives, negatives);
    }

    double area() {
        return sum / (2.0 * positives.length * negatives.length);
    }

    private static long sumOfPlacements(double[] positives, double[] negatives) {
        long sum = 0;
        int below = 0;
        int notAbove = 0;
        for (double score : positives) {
            while (below < negatives.length && negatives[below] < score) {
                below++;
            }
            while (notAbove < negatives.length && negatives[notAbove] <= score) {
                notAbove++;
            }
            sum += (long) below + notAbove;
        }
        return sum;
    }

    /** Sample variance (n − 1) of the placements of the positives among the negatives, as proportions. */
    double varianceOfPositives() {
        return varianceOfPlacements(positives, negatives, (double) sum / positives.length);
    }

    /** Sample variance (n − 1) of the placements of the negatives among the positives, as proportions. */
    double varianceOfNegatives() {
        long mirrored = 2L * positives.length * negatives.length - sum;
        return varianceOfPlacements(negatives, positives, (double) mirrored / negatives.length);
    }

    /** The exact mean is known from the area, so squares are taken around it and ten million lose no digits. */
    private static double varianceOfPlacements(double[] placed, double[] among, double mean) {
        double squares = 0;
        int below = 0;
        int notAbove = 0;
        for (double score : placed) {
            while (below < among.length && among[below] < score) {
                below++;
            }
            while (notAbove < among.length && among[notAbove] <= score) {
                notAbove++;
            }
            double off = (double) below + notAbove - mean;
            squares += off * off;
        }
        double scale = 2.0 * among.length;
        return squares / (placed.length - 1) / (scale * scale);
    }
}
