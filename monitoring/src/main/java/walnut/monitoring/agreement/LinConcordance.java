package walnut.monitoring.agreement;

import java.util.Optional;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Interval;
import walnut.monitoring.statistic.IntervalMethod;
import walnut.monitoring.statistic.Measurements;
import walnut.monitoring.statistic.Moments;
import walnut.monitoring.statistic.Normal;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Concordance with the line of identity: 2 s_xy / (s_x² + s_y² + (x̄ − ȳ)²), Lin, Biometrics 45 (1989) 255, with moments
 * over n and its interval by the z transform (as epiR does); {@code unbiased} takes moments over n − 1.
 * {@code biasCorrection} C_b = ccc / r: how far the best line is from identity.
 *
 * <p>0 when one is constant; undefined when both are constant and equal.
 */
public record LinConcordance(
        Statistic lin1989, Statistic unbiased, Statistic pearson, Statistic biasCorrection, Answer<Interval> interval) {

    public static LinConcordance of(double[] x, double[] y, double level) {
        int n = Math.min(x.length, y.length);
        Optional<Reason> fault = Measurements.ofPairs(x, y).faultBelow(2, 2).or(() -> Normal.faultOfLevel(level));
        if (fault.isPresent()) {
            Statistic none = Statistic.undefined(fault.get(), n);
            return new LinConcordance(none, none, none, none, Answer.undefined(fault.get()));
        }
        double shift = Moments.mean(x) - Moments.mean(y);
        double sxx = Moments.squares(x);
        double syy = Moments.squares(y);
        double sxy = Moments.products(x, y);
        Statistic lin = concordance(sxx / n, syy / n, sxy / n, shift, n);
        double m = n - 1.0;
        Statistic unbiased = concordance(sxx / m, syy / m, sxy / m, shift, n);
        Statistic pearson = Moments.pearson(x, y);
        Optional<Reason> none = lin.reason().or(pearson::reason);
        if (none.isEmpty() && pearson.orThrow() == 0) {
            none = Optional.of(Reason.ZERO_DENOMINATOR);
        }
        Statistic bias = Statistic.unless(none, n, () -> Statistic.of(lin.orThrow() / pearson.orThrow(), n));
        double location = shift * shift / Math.sqrt(sxx / n * syy / n);
        Answer<Interval> interval =
                Answer.unless(none, () -> zInterval(lin.orThrow(), pearson.orThrow(), location, n, level));
        return new LinConcordance(
                Statistic.unless(lin.reason(), n, () -> Statistic.of(lin.orThrow(), n, interval.result())),
                unbiased,
                pearson,
                bias,
                interval);
    }

    private static Statistic concordance(double varX, double varY, double cov, double shift, int n) {
        double denominator = varX + varY + shift * shift;
        return denominator == 0 ? Statistic.undefined(Reason.ZERO_VARIANCE, n) : Statistic.of(2 * cov / denominator, n);
    }

    /** Lin 1989 (2000 erratum): {@code u2} is the squared location shift relative to the scale. */
    private static Answer<Interval> zInterval(double ccc, double r, double u2, int n, double level) {
        if (n < 3) {
            return Answer.undefined(Reason.TOO_FEW);
        }
        if (Math.abs(ccc) >= 1 || Math.abs(r) >= 1) {
            return Answer.undefined(Reason.ZERO_VARIANCE);
        }
        double c2 = ccc * ccc;
        double variance = ((1 - r * r) * c2 * (1 - c2) / (r * r)
                        + 2 * c2 * ccc * (1 - ccc) * u2 / r
                        - c2 * c2 * u2 * u2 / (2 * r * r))
                / (n - 2);
        if (!(variance > 0)) {
            return Answer.undefined(Reason.NOT_IDENTIFIED);
        }
        double z = StrictMath.log((1 + ccc) / (1 - ccc)) / 2;
        double half = Normal.twoSided(level) * Math.sqrt(variance) / (1 - c2);
        return Answer.of(
                new Interval(StrictMath.tanh(z - half), StrictMath.tanh(z + half), level, IntervalMethod.FISHER_Z));
    }
}
