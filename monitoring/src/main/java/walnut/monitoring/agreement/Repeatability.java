package walnut.monitoring.agreement;

import java.util.Optional;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Interval;
import walnut.monitoring.statistic.IntervalMethod;
import walnut.monitoring.statistic.Measurements;
import walnut.monitoring.statistic.Moments;
import walnut.monitoring.statistic.Normal;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Test–retest repeatability of a subjects × repeats matrix, in the terms of QIBA (Raunig et al., Stat. Methods Med. Res.
 * 24 (2015) 27): within-subject variance = mean of the subjects' variances (n − 1), wSD its root,
 * RC = 1.96·√2·wSD, intervals by χ² with n(k − 1) degrees of freedom. wCV as root mean square of sd/mean, and from
 * logarithms √(exp(mean var of ln) − 1); undefined when a value is ≤ 0.
 *
 * <p>Units are those of the measurement. Two results of one man that differ by less than RC cannot be told apart. Needs
 * real rescans; replaying stored images or perturbing them measures something else.
 */
public record Repeatability(
        Statistic withinSubjectSd,
        Statistic repeatabilityCoefficient,
        Statistic coefficientOfVariation,
        Statistic logCoefficientOfVariation,
        Answer<Interval> sdInterval,
        Answer<Interval> coefficientInterval,
        long degreesOfFreedom) {
    private static final double RC_OVER_WSD = 1.96 * Math.sqrt(2);

    public static Repeatability of(Measurements matrix, double level) {
        int n = matrix.subjects();
        int k = matrix.repeats();
        Optional<Reason> fault = matrix.faultBelow(1, 2).or(() -> Normal.faultOfLevel(level));
        if (fault.isPresent()) {
            return undefined(fault.get(), n);
        }
        double variance = 0;
        double relative = 0;
        double logarithmic = 0;
        boolean positive = true;
        for (int i = 0; i < n; i++) {
            double[] repeats = matrix.subject(i);
            double mean = Moments.mean(repeats);
            double own = Moments.variance(repeats);
            variance += own / n;
            relative += own / (mean * mean) / n;
            double[] logs = new double[k];
            for (int j = 0; j < k; j++) {
                positive &= repeats[j] > 0;
                logs[j] = StrictMath.log(repeats[j]);
            }
            logarithmic += Moments.variance(logs) / n;
        }
        double wsd = Math.sqrt(variance);
        long df = (long) n * (k - 1);
        if (!Double.isFinite(wsd)) {
            return undefined(Reason.OUT_OF_RANGE, n);
        }
        Answer<Interval> sdInterval = wsd == 0 ? Answer.undefined(Reason.ZERO_VARIANCE) : interval(wsd, df, level);
        Answer<Interval> rcInterval = sdInterval.then(sd ->
                Interval.finite(RC_OVER_WSD * sd.lower(), RC_OVER_WSD * sd.upper(), level, IntervalMethod.CHI_SQUARE));
        Statistic outOfRange = Statistic.undefined(Reason.OUT_OF_RANGE, n);
        return new Repeatability(
                Statistic.of(wsd, n, sdInterval.result()),
                Statistic.of(RC_OVER_WSD * wsd, n, rcInterval.result()),
                positive ? Statistic.of(Math.sqrt(relative), n) : outOfRange,
                positive ? Statistic.of(Math.sqrt(StrictMath.expm1(logarithmic)), n) : outOfRange,
                sdInterval,
                rcInterval,
                df);
    }

    private static Repeatability undefined(Reason reason, int n) {
        Statistic none = Statistic.undefined(reason, n);
        return new Repeatability(none, none, none, none, Answer.undefined(reason), Answer.undefined(reason), 0);
    }

    private static Answer<Interval> interval(double wsd, long df, double level) {
        ChiSquaredDistribution chi = ChiSquaredDistribution.of(df);
        double tail = (1 - level) / 2;
        return Interval.finite(
                wsd * Math.sqrt(df / chi.inverseSurvivalProbability(tail)),
                wsd * Math.sqrt(df / chi.inverseCumulativeProbability(tail)),
                level,
                IntervalMethod.CHI_SQUARE);
    }
}
