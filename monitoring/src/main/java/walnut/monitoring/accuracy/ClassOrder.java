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

    private ClassOrder(double[] positives, double[] negatives) {
        this.positives = positives;
        this.negatives = negatives;
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
        return sumOfPlacements() / (2.0 * positives.length * negatives.length);
    }

    /** Sum over positives of 2·(negatives below) + (negatives tied). */
    private long sumOfPlacements() {
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
        return varianceOfPlacements(positives, negatives);
    }

    /** Sample variance (n − 1) of the placements of the negatives among the positives, as proportions. */
    double varianceOfNegatives() {
        return varianceOfPlacements(negatives, positives);
    }

    /** Two passes (mean first, then squares), so that ten million placements lose no digits. */
    private static double varianceOfPlacements(double[] placed, double[] among) {
        double mean = 0;
        double squares = 0;
        for (int pass = 0; pass < 2; pass++) {
            long sum = 0;
            int below = 0;
            int notAbove = 0;
            for (double score : placed) {
                while (below < among.length && among[below] < score) {
                    below++;
                }
                while (notAbove < among.length && among[notAbove] <= score) {
                    notAbove++;
                }
                long placement = (long) below + notAbove;
                if (pass == 0) {
                    sum += placement;
                } else {
                    double off = placement - mean;
                    squares += off * off;
                }
            }
            if (pass == 0) {
                mean = (double) sum / placed.length;
            }
        }
        double scale = 2.0 * among.length;
        return squares / (placed.length - 1) / (scale * scale);
    }
}
