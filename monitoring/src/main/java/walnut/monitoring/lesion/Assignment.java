package walnut.monitoring.lesion;

import java.util.Arrays;

/**
 * One-to-one matching of rows to columns of the greatest total weight (Kuhn–Munkres with potentials, O(n³)), where a
 * weight is a list of whole numbers compared from the first to the last. Whole numbers make ties exact: no rounding
 * decides who is matched.
 */
final class Assignment {
    private Assignment() {}

    /** {@code weights[row][column]}, all not negative; the column of each row, or −1 where the row's weight is all 0. */
    static int[] maximise(long[][][] weights, int columns) {
        int rows = weights.length;
        int[] matched = new int[rows];
        Arrays.fill(matched, -1);
        if (rows == 0 || columns == 0) {
            return matched;
        }
        int n = Math.max(rows, columns);
        int depth = weights[0][0].length;
        long[] zero = new long[depth];
        long[][] rowPotential = fill(n + 1, zero);
        long[][] columnPotential = fill(n + 1, zero);
        int[] rowOf = new int[n + 1];
        for (int row = 1; row <= n; row++) {
            int[] cameFrom = new int[n + 1];
            long[][] slack = new long[n + 1][];
            boolean[] used = new boolean[n + 1];
            rowOf[0] = row;
            int column = 0;
            do {
                used[column] = true;
                int at = rowOf[column];
                int next = -1;
                for (int j = 1; j <= n; j++) {
                    if (used[j]) {
                        continue;
                    }
                    long[] weight = at <= rows && j <= columns ? weights[at - 1][j - 1] : zero;
                    // Minimising the negative weight maximises the weight.
                    long[] reduced = minus(minus(minus(zero, weight), rowPotential[at]), columnPotential[j]);
                    if (slack[j] == null || Arrays.compare(reduced, slack[j]) < 0) {
                        slack[j] = reduced;
                        cameFrom[j] = column;
                    }
                    if (next < 0 || Arrays.compare(slack[j], slack[next]) < 0) {
                        next = j;
                    }
                }
                long[] delta = slack[next];
                for (int j = 0; j <= n; j++) {
                    if (used[j]) {
                        rowPotential[rowOf[j]] = plus(rowPotential[rowOf[j]], delta);
                        columnPotential[j] = minus(columnPotential[j], delta);
                    } else if (slack[j] != null) {
                        slack[j] = minus(slack[j], delta);
                    }
                }
                column = next;
            } while (rowOf[column] != 0);
            while (column != 0) {
                rowOf[column] = rowOf[cameFrom[column]];
                column = cameFrom[column];
            }
        }
        for (int j = 1; j <= columns; j++) {
            int row = rowOf[j] - 1;
            if (row >= 0 && row < rows && Arrays.compare(weights[row][j - 1], zero) > 0) {
                matched[row] = j - 1;
            }
        }
        return matched;
    }

    private static long[][] fill(int n, long[] value) {
        long[][] all = new long[n][];
        Arrays.fill(all, value);
        return all;
    }

    private static long[] plus(long[] a, long[] b) {
        long[] sum = new long[a.length];
        Arrays.setAll(sum, i -> a[i] + b[i]);
        return sum;
    }

    private static long[] minus(long[] a, long[] b) {
        long[] difference = new long[a.length];
        Arrays.setAll(difference, i -> a[i] - b[i]);
        return difference;
    }
}
