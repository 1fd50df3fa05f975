package walnut.monitoring.agreement;

import java.util.Optional;
import org.apache.commons.statistics.distribution.FDistribution;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Interval;
import walnut.monitoring.statistic.IntervalMethod;
import walnut.monitoring.statistic.Measurements;
import walnut.monitoring.statistic.Normal;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Intraclass correlations of a complete subjects × raters matrix: Shrout &amp; Fleiss, Psychol. Bull. 86 (1979) 420, in
 * the notation of McGraw &amp; Wong (1996). (1,1) one-way random; (2,1) two-way random, absolute agreement; (3,1)
 * two-way mixed, consistency; (·,k) the same for the mean of k raters. Intervals by F; (2,1) with Satterthwaite's degrees
 * of freedom.
 *
 * <p>May be negative and is not clipped. All values equal: undefined. Without error (MSE or MSW = 0) the value is 1 and
 * has no interval. Depends on how much the patients differ: a high ICC in a mixed population says little about one man;
 * read it beside {@link Repeatability}.
 */
public record IntraclassCorrelation(
        double meanSquareRows,
        double meanSquareColumns,
        double meanSquareError,
        double meanSquareWithin,
        Form oneWay,
        Form twoWayRandom,
        Form twoWayMixed,
        Form oneWayMean,
        Form twoWayRandomMean,
        Form twoWayMixedMean) {

    /** One coefficient with the F test of "no correlation" that belongs to it. */
    public record Form(Statistic value, Answer<Interval> interval, Statistic f, Statistic p) {}

    public static Answer<IntraclassCorrelation> of(Measurements matrix, double level) {
        Optional<Reason> fault = matrix.faultBelow(2, 2).or(() -> Normal.faultOfLevel(level));
        if (fault.isEmpty() && matrix.allEqual()) {
            fault = Optional.of(Reason.ZERO_VARIANCE);
        }
        return Answer.unless(fault, () -> {
            Analysis analysis = new Analysis(matrix, level);
            return analysis.isFinite() ? Answer.of(analysis.result()) : Answer.undefined(Reason.OUT_OF_RANGE);
        });
    }

    /** The analysis of variance behind the six forms. */
    private static final class Analysis {
        private final int n;
        private final int k;
        private final double level;
        private final double msr;
        private final double msc;
        private final double mse;
        private final double msw;

        boolean isFinite() {
            return Double.isFinite(msr + msc + mse + msw);
        }

        Analysis(Measurements matrix, double level) {
            this.n = matrix.subjects();
            this.k = matrix.repeats();
            this.level = level;
            double grand = 0;
            double[] row = new double[n];
            double[] column = new double[k];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < k; j++) {
                    row[i] += matrix.value(i, j) / k;
                    column[j] += matrix.value(i, j) / n;
                    grand += matrix.value(i, j) / ((double) n * k);
                }
            }
            double rows = 0;
            double within = 0;
            double residual = 0;
            for (int i = 0; i < n; i++) {
                rows += k * square(row[i] - grand);
                for (int j = 0; j < k; j++) {
                    within += square(matrix.value(i, j) - row[i]);
                    residual += square(matrix.value(i, j) - row[i] - column[j] + grand);
                }
            }
            double columns = 0;
            for (double mean : column) {
                columns += n * square(mean - grand);
            }
            this.msr = rows / (n - 1);
            this.msc = columns / (k - 1);
            this.mse = residual / ((n - 1.0) * (k - 1));
            this.msw = within / (n * (k - 1.0));
        }

        IntraclassCorrelation result() {
            Form oneWay = oneWay(msw, n * (k - 1.0));
            Form mixed = oneWay(mse, (n - 1.0) * (k - 1));
            double icc2 = (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n);
            Form random = form(icc2, mse, (n - 1.0) * (k - 1), this::satterthwaite);
            double icc2k = (msr - mse) / (msr + (msc - mse) / n);
            return new IntraclassCorrelation(
                    msr,
                    msc,
                    mse,
                    msw,
                    oneWay,
                    random,
                    mixed,
                    form((msr - msw) / msr, msw, n * (k - 1.0), () -> ofMean(oneWay)),
                    form(icc2k, mse, (n - 1.0) * (k - 1), () -> ofMean(random)),
                    form((msr - mse) / msr, mse, (n - 1.0) * (k - 1), () -> ofMean(mixed)));
        }

        /** (1,1) with the mean square within, (3,1) with the mean square of error: the same algebra. */
        private Form oneWay(double noise, double df) {
            double value = (msr - noise) / (msr + (k - 1) * noise);
            return form(value, noise, df, () -> {
                double f = msr / noise;
                double low = f / quantile(n - 1.0, df);
                double high = f * quantile(df, n - 1.0);
                return new double[] {(low - 1) / (low + k - 1), (high - 1) / (high + k - 1)};
            });
        }

        private double[] satterthwaite() {
            double icc = (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n);
            double fj = msc / mse;
            double inner = n * (1 + (k - 1) * icc) - k * icc;
            double v = (k - 1.0)
                    * (n - 1)
                    * square(k * icc * fj + inner)
                    / ((n - 1.0) * k * k * icc * icc * fj * fj + square(inner));
            double upperF = quantile(n - 1.0, v);
            double lowerF = quantile(v, n - 1.0);
            double kn = (double) k * n - k - n;
            return new double[] {
                n * (msr - upperF * mse) / (upperF * (k * msc + kn * mse) + n * msr),
                n * (lowerF * msr - mse) / (k * msc + kn * mse + n * lowerF * msr)
            };
        }

        /** Spearman–Brown: the interval of one rater carried over to the mean of k. */
        private double[] ofMean(Form single) {
            Interval one = single.interval().orThrow();
            return new double[] {
                one.lower() * k / (1 + one.lower() * (k - 1)), one.upper() * k / (1 + one.upper() * (k - 1))
            };
        }

        private interface Bounds {
            double[] compute();
        }

        private Form form(double value, double noise, double df, Bounds bounds) {
            Statistic number = Statistic.of(value, n);
            if (noise == 0 || msr == 0) {
                Reason reason = Reason.ZERO_VARIANCE;
                Statistic none = Statistic.undefined(reason, n);
                // No error at all: perfect agreement, with nothing to base an interval on.
                return new Form(Double.isFinite(value) ? number : none, Answer.undefined(reason), none, none);
            }
            double[] ends = bounds.compute();
            boolean sound = Double.isFinite(ends[0]) && Double.isFinite(ends[1]) && ends[0] <= ends[1];
            Answer<Interval> interval = sound
                    ? Answer.of(new Interval(ends[0], ends[1], level, IntervalMethod.F_DISTRIBUTION))
                    : Answer.undefined(Reason.NOT_IDENTIFIED);
            double f = msr / noise;
            double p = FDistribution.of(n - 1.0, df).survivalProbability(f);
            return new Form(
                    Statistic.of(value, n, interval.result()), interval, Statistic.of(f, n), Statistic.of(p, n));
        }

        private double quantile(double df1, double df2) {
            return FDistribution.of(df1, df2).inverseSurvivalProbability((1 - level) / 2);
        }
    }

    private static double square(double x) {
        return x * x;
    }
}
