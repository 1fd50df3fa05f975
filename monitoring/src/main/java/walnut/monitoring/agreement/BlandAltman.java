package walnut.monitoring.agreement;

import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.statistics.distribution.TDistribution;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Interval;
import walnut.monitoring.statistic.IntervalMethod;
import walnut.monitoring.statistic.Measurements;
import walnut.monitoring.statistic.Moments;
import walnut.monitoring.statistic.Normal;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Limits of agreement of two methods: d = x − y, bias = mean d, limits = bias ± 1.96·sd(d); Bland &amp; Altman, Lancet
 * 1986;1:307, intervals from Stat. Methods Med. Res. 8 (1999) 135: the bias by Student's t, each limit with
 * se = sd·√(1/n + 1.96²/(2(n − 1))). {@code slopeOnMean}, the slope of d on (x + y)/2, shows proportional bias.
 *
 * <p>n = 1 leaves a bias only; sd = 0 is defined and the limits collapse onto the bias. Assumes differences that do not
 * grow with the mean, and one pair per patient.
 */
public record BlandAltman(
        int n,
        Statistic bias,
        Statistic standardDeviation,
        Statistic lowerLimit,
        Statistic upperLimit,
        Statistic limitSe,
        Statistic slopeOnMean) {
    private static final double WIDTH = 1.96;

    public static BlandAltman of(double[] x, double[] y, double level) {
        Measurements pairs = Measurements.ofPairs(x, y);
        int n = pairs.subjects();
        Optional<Reason> fault = pairs.fault().or(() -> Normal.faultOfLevel(level));
        if (fault.isPresent()) {
            Statistic none = Statistic.undefined(fault.get(), n);
            return new BlandAltman(n, none, none, none, none, none, none);
        }
        double[] difference = new double[n];
        double[] mean = new double[n];
        Arrays.setAll(difference, i -> x[i] - y[i]);
        Arrays.setAll(mean, i -> (x[i] + y[i]) / 2);
        double bias = Moments.mean(difference);
        if (n < 2) {
            Statistic none = Statistic.undefined(Reason.TOO_FEW, n);
            return new BlandAltman(n, Statistic.of(bias, n), none, none, none, none, none);
        }
        double sd = Math.sqrt(Moments.variance(difference));
        double limitSe = sd * Math.sqrt(1.0 / n + WIDTH * WIDTH / (2.0 * (n - 1)));
        double t = TDistribution.of(n - 1).inverseSurvivalProbability((1 - level) / 2);
        Statistic slope = Moments.isConstant(mean)
                ? Statistic.undefined(Reason.ZERO_VARIANCE, n)
                : Statistic.of(Moments.products(mean, difference) / Moments.squares(mean), n);
        return new BlandAltman(
                n,
                around(bias, t * sd / Math.sqrt(n), level, n),
                Statistic.of(sd, n),
                around(bias - WIDTH * sd, t * limitSe, level, n),
                around(bias + WIDTH * sd, t * limitSe, level, n),
                Statistic.of(limitSe, n),
                slope);
    }

    private static Statistic around(double value, double half, double level, int n) {
        return Statistic.of(
                value,
                n,
                Interval.finite(value - half, value + half, level, IntervalMethod.STUDENT_T)
                        .result());
    }

    /** The interval of the bias; one pair has a bias and nothing to judge its spread by. */
    public Answer<Interval> biasInterval() {
        return bias.interval()
                .map(Answer::of)
                .orElseGet(() -> Answer.undefined(bias.reason().orElse(Reason.TOO_FEW)));
    }

    /** [lower, upper] limit. */
    public Answer<double[]> limits() {
        return Answer.unless(
                lowerLimit.reason(), () -> Answer.of(new double[] {lowerLimit.orThrow(), upperLimit.orThrow()}));
    }
}
