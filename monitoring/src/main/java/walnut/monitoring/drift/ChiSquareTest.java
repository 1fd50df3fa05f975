package walnut.monitoring.drift;

import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Reason;

/**
 * Pearson's test that the rows of a count table share one distribution; rows and columns without counts are dropped
 * first. {@code cramersV} = √(χ²/(n·(min(r, c) − 1))) is the size of the effect; {@code lowExpected} warns that an
 * expected count is below 5 and p is rough. With Yates' correction (2×2 only) |O − E| shrinks by at most ½.
 */
public record ChiSquareTest(double chiSquare, int degreesOfFreedom, double p, double cramersV, boolean lowExpected) {
    public static Answer<ChiSquareTest> of(long[][] table, boolean yates) {
        Optional<Reason> fault = fault(table);
        if (fault.isPresent()) {
            return Answer.undefined(fault.get());
        }
        long[][] counts = occupied(table);
        if (counts.length < 2 || counts[0].length < 2) {
            return Answer.undefined(Reason.TOO_FEW);
        }
        int rows = counts.length;
        int columns = counts[0].length;
        double[] row = new double[rows];
        double[] column = new double[columns];
        double total = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                row[i] += counts[i][j];
                column[j] += counts[i][j];
                total += counts[i][j];
            }
        }
        boolean correct = yates && rows == 2 && columns == 2;
        double chiSquare = 0;
        boolean low = false;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double expected = row[i] * column[j] / total;
                double off = Math.abs(counts[i][j] - expected);
                off -= correct ? Math.min(0.5, off) : 0;
                chiSquare += off * off / expected;
                low |= expected < 5;
            }
        }
        int df = (rows - 1) * (columns - 1);
        return Answer.of(new ChiSquareTest(
                chiSquare,
                df,
                ChiSquaredDistribution.of(df).survivalProbability(chiSquare),
                Math.sqrt(chiSquare / (total * (Math.min(rows, columns) - 1))),
                low));
    }

    private static Optional<Reason> fault(long[][] table) {
        if (table.length == 0) {
            return Optional.of(Reason.EMPTY);
        }
        for (long[] row : table) {
            if (row.length != table[0].length) {
                return Optional.of(Reason.LENGTH_MISMATCH);
            }
            if (Arrays.stream(row).anyMatch(count -> count < 0)) {
                return Optional.of(Reason.OUT_OF_RANGE);
            }
        }
        return Optional.empty();
    }

    private static long[][] occupied(long[][] table) {
        boolean[] used = new boolean[table[0].length];
        for (long[] row : table) {
            for (int j = 0; j < row.length; j++) {
                used[j] |= row[j] > 0;
            }
        }
        return Arrays.stream(table)
                .filter(row -> Arrays.stream(row).sum() > 0)
                .map(row -> {
                    long[] kept = new long[row.length];
                    int next = 0;
                    for (int j = 0; j < row.length; j++) {
                        if (used[j]) {
                            kept[next++] = row[j];
                        }
                    }
                    return Arrays.copyOf(kept, next);
                })
                .toArray(long[][]::new);
    }
}
