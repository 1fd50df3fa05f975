package walnut.monitoring.agreement;

import java.util.Arrays;
import java.util.Optional;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Interval;
import walnut.monitoring.statistic.IntervalMethod;
import walnut.monitoring.statistic.Moments;
import walnut.monitoring.statistic.Normal;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Agreement of ordered grades (ISUP 0–5, PI-RADS 1–5) over a fixed list of categories: Cohen's kappa, unweighted, with
 * linear and with quadratic weights, asymptotic standard errors of Fleiss, Cohen &amp; Everitt (Psychol. Bull. 72 (1969)
 * 323) and Wald intervals; rank correlations; errors in grades, signed as predicted − true.
 *
 * <p>Kappa is undefined when no disagreement is to be expected (both raters constant on one grade); one constant rater
 * gives a true 0. A grade outside the list makes everything undefined. Kappa depends on the mix of grades: never compare
 * it between sites with different case mixes. {@code matrix[i][j]} counts true category i, predicted j.
 */
public record OrdinalAgreement(
        int[][] matrix,
        Kappa unweighted,
        Kappa linear,
        Kappa quadratic,
        Statistic accuracy,
        Statistic withinOne,
        Statistic meanAbsoluteError,
        Statistic meanSignedError,
        Statistic spearman,
        Statistic kendallTauB) {

    /** A kappa with its standard error; the interval travels with the value. */
    public record Kappa(Statistic value, Statistic standardError, Answer<Interval> interval) {
        static Kappa undefined(Reason reason, int n) {
            return new Kappa(Statistic.undefined(reason, n), Statistic.undefined(reason, n), Answer.undefined(reason));
        }
    }

    private enum Weights {
        UNWEIGHTED,
        LINEAR,
        QUADRATIC;

        /** Share of full agreement that categories {@code gap} apart count for. */
        double agreement(int gap, int categories) {
            double relative = (double) gap / (categories - 1);
            return switch (this) {
                case UNWEIGHTED -> gap == 0 ? 1 : 0;
                case LINEAR -> 1 - relative;
                case QUADRATIC -> 1 - relative * relative;
            };
        }
    }

    /** Categories are in rising order; distances of weights are between positions in that list. */
    public static OrdinalAgreement of(int[] truth, int[] predicted, int[] categories, double level) {
        int n = Math.min(truth.length, predicted.length);
        int[][] matrix = new int[categories.length][categories.length];
        Optional<Reason> fault = count(truth, predicted, categories, matrix).or(() -> Normal.faultOfLevel(level));
        if (fault.isPresent()) {
            Reason reason = fault.get();
            Statistic none = Statistic.undefined(reason, n);
            Kappa noKappa = Kappa.undefined(reason, n);
            return new OrdinalAgreement(matrix, noKappa, noKappa, noKappa, none, none, none, none, none, none);
        }
        double equal = 0;
        double near = 0;
        double absolute = 0;
        double signed = 0;
        for (int i = 0; i < n; i++) {
            int off = predicted[i] - truth[i];
            equal += off == 0 ? 1 : 0;
            near += Math.abs(off) <= 1 ? 1 : 0;
            absolute += Math.abs(off);
            signed += off;
        }
        double[] x = Arrays.stream(truth).asDoubleStream().toArray();
        double[] y = Arrays.stream(predicted).asDoubleStream().toArray();
        return new OrdinalAgreement(
                matrix,
                kappa(matrix, n, Weights.UNWEIGHTED, level),
                kappa(matrix, n, Weights.LINEAR, level),
                kappa(matrix, n, Weights.QUADRATIC, level),
                Statistic.of(equal / n, n),
                Statistic.of(near / n, n),
                Statistic.of(absolute / n, n),
                Statistic.of(signed / n, n),
                Moments.pearson(Moments.midRanks(x), Moments.midRanks(y)),
                kendallTauB(matrix, n));
    }

    private static Optional<Reason> count(int[] truth, int[] predicted, int[] categories, int[][] matrix) {
        if (truth.length != predicted.length) {
            return Optional.of(Reason.LENGTH_MISMATCH);
        }
        if (truth.length == 0) {
            return Optional.of(Reason.EMPTY);
        }
        if (categories.length < 2) {
            return Optional.of(Reason.INVALID_PARAMETER);
        }
        for (int i = 0; i < truth.length; i++) {
            int row = position(truth[i], categories);
            int column = position(predicted[i], categories);
            if (row < 0 || column < 0) {
                return Optional.of(Reason.INVALID_LABEL);
            }
            matrix[row][column]++;
        }
        return Optional.empty();
    }

    private static int position(int grade, int[] categories) {
        for (int c = 0; c < categories.length; c++) {
            if (categories[c] == grade) {
                return c;
            }
        }
        return -1;
    }

    private static Kappa kappa(int[][] matrix, int n, Weights weights, double level) {
        int size = matrix.length;
        double[] row = new double[size];
        double[] column = new double[size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                row[i] += (double) matrix[i][j] / n;
                column[j] += (double) matrix[i][j] / n;
            }
        }
        double observed = 0;
        double expected = 0;
        double[] rowMean = new double[size];
        double[] columnMean = new double[size];
        double expectedDisagreement = 0;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                double w = weights.agreement(Math.abs(i - j), size);
                observed += w * matrix[i][j] / n;
                expected += w * row[i] * column[j];
                expectedDisagreement += (1 - w) * row[i] * column[j];
                rowMean[i] += w * column[j];
                columnMean[j] += w * row[i];
            }
        }
        if (expectedDisagreement == 0) {
            return Kappa.undefined(Reason.ZERO_DENOMINATOR, n);
        }
        // The weights of men who agree add up to 1 but for rounding; no two raters agree more than wholly.
        double kappa = 1 - Math.max(0, 1 - observed) / expectedDisagreement;
        if (n < 2) {
            return new Kappa(
                    Statistic.of(kappa, n), Statistic.undefined(Reason.TOO_FEW, n), Answer.undefined(Reason.TOO_FEW));
        }
        double sum = 0;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                double w = weights.agreement(Math.abs(i - j), size);
                double term = w - (rowMean[i] + columnMean[j]) * (1 - kappa);
                sum += term * term * matrix[i][j] / n;
            }
        }
        double centre = kappa - expected * (1 - kappa);
        double variance = Math.max(0, sum - centre * centre) / (n * expectedDisagreement * expectedDisagreement);
        double se = Math.sqrt(variance);
        double half = Normal.twoSided(level) * se;
        Interval wald = new Interval(kappa - half, kappa + half, level, IntervalMethod.WALD);
        return new Kappa(Statistic.of(kappa, n, Optional.of(wald)), Statistic.of(se, n), Answer.of(wald));
    }

    /** (concordant − discordant) / √(pairs untied in x · pairs untied in y), from the table: no pair is visited. */
    private static Statistic kendallTauB(int[][] matrix, int n) {
        int size = matrix.length;
        double balance = 0;
        double tiedRows = 0;
        double tiedColumns = 0;
        for (int i = 0; i < size; i++) {
            long row = 0;
            long column = 0;
            for (int j = 0; j < size; j++) {
                row += matrix[i][j];
                column += matrix[j][i];
                for (int k = i + 1; k < size; k++) {
                    for (int l = 0; l < size; l++) {
                        balance += (double) Integer.signum(l - j) * matrix[i][j] * matrix[k][l];
                    }
                }
            }
            tiedRows += row * (row - 1) / 2.0;
            tiedColumns += column * (column - 1) / 2.0;
        }
        double pairs = n * (n - 1.0) / 2;
        double denominator = Math.sqrt(pairs - tiedRows) * Math.sqrt(pairs - tiedColumns);
        return denominator == 0 ? Statistic.undefined(Reason.ZERO_VARIANCE, n) : Statistic.of(balance / denominator, n);
    }
}
