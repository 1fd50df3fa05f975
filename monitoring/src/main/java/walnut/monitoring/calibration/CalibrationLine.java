package walnut.monitoring.calibration;

import java.util.Optional;
import walnut.monitoring.statistic.Interval;
import walnut.monitoring.statistic.IntervalMethod;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Normal;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Logistic recalibration: logit P(y = 1) = intercept + slope·logit(p) (Cox, Biometrika 45 (1958) 562). A slope below 1
 * means scores too extreme; calibration in the large is the intercept with the slope fixed at 1, below 0 when risks are
 * too high. O/E is Σy / Σp. Wald intervals from the information at the maximum.
 *
 * <p>p is clipped to [clip, 1 − clip] before the logit. Perfect separation leaves slope and intercept undefined;
 * constant p leaves them undefined but not calibration in the large; one class leaves only O/E.
 */
public record CalibrationLine(
        Statistic intercept,
        Statistic interceptSe,
        Statistic slope,
        Statistic slopeSe,
        Statistic inTheLarge,
        Statistic inTheLargeSe,
        Statistic observedToExpected) {

    public static final double DEFAULT_CLIP = 1e-10;

    public static CalibrationLine of(LabelledScores cases, double clip, double level) {
        int n = cases.n();
        Optional<Reason> fault = cases.faultOfProbabilities();
        if (fault.isEmpty() && !(clip > 0 && clip < 0.5)) {
            fault = Optional.of(Reason.INVALID_PARAMETER);
        }
        if (fault.isEmpty()) {
            fault = Normal.faultOfLevel(level);
        }
        if (fault.isPresent()) {
            Statistic none = Statistic.undefined(fault.get(), n);
            return new CalibrationLine(none, none, none, none, none, none, none);
        }
        Statistic observedToExpected = observedToExpected(cases);
        if (cases.positives() == 0 || cases.negatives() == 0) {
            Statistic none = Statistic.undefined(Reason.ONE_CLASS, n);
            return new CalibrationLine(none, none, none, none, none, none, observedToExpected);
        }
        double[] logits = new double[n];
        double[] outcomes = new double[n];
        for (int i = 0; i < n; i++) {
            double p = Math.max(clip, Math.min(1 - clip, cases.score(i)));
            logits[i] = StrictMath.log(p / (1 - p));
            outcomes[i] = cases.outcome(i);
        }
        Optional<LogisticFit> level1 = LogisticFit.interceptOnly(logits, outcomes);
        Statistic inTheLarge = estimate(level1, LogisticFit::intercept, LogisticFit::interceptVariance, level, n);
        Statistic inTheLargeSe = standardError(level1, LogisticFit::interceptVariance, n);

        Optional<Reason> noLine = faultOfLine(logits, outcomes);
        Optional<LogisticFit> line =
                noLine.isPresent() ? Optional.empty() : LogisticFit.interceptAndSlope(logits, outcomes);
        if (line.isEmpty()) {
            Statistic none = Statistic.undefined(noLine.orElse(Reason.NO_CONVERGENCE), n);
            return new CalibrationLine(none, none, none, none, inTheLarge, inTheLargeSe, observedToExpected);
        }
        return new CalibrationLine(
                estimate(line, LogisticFit::intercept, LogisticFit::interceptVariance, level, n),
                standardError(line, LogisticFit::interceptVariance, n),
                estimate(line, LogisticFit::slope, LogisticFit::slopeVariance, level, n),
                standardError(line, LogisticFit::slopeVariance, n),
                inTheLarge,
                inTheLargeSe,
                observedToExpected);
    }

    private static Statistic observedToExpected(LabelledScores cases) {
        double expected = 0;
        for (int i = 0; i < cases.n(); i++) {
            expected += cases.score(i);
        }
        return Statistic.ratio(cases.positives(), expected, cases.n());
    }

    /** Constant scores, or classes whose scores do not overlap (touching in one value counts as not overlapping). */
    private static Optional<Reason> faultOfLine(double[] x, double[] y) {
        double[] low = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        double[] high = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (int i = 0; i < x.length; i++) {
            int label = (int) y[i];
            low[label] = Math.min(low[label], x[i]);
            high[label] = Math.max(high[label], x[i]);
        }
        if (Math.min(low[0], low[1]) == Math.max(high[0], high[1])) {
            return Optional.of(Reason.ZERO_VARIANCE);
        }
        if (high[0] <= low[1] || high[1] <= low[0]) {
            return Optional.of(Reason.SEPARATION);
        }
        return Optional.empty();
    }

    private interface Part {
        double of(LogisticFit fit);
    }

    private static Statistic estimate(Optional<LogisticFit> fit, Part value, Part variance, double level, int n) {
        return fit.map(found -> {
                    double half = Normal.twoSided(level) * Math.sqrt(variance.of(found));
                    Interval wald =
                            new Interval(value.of(found) - half, value.of(found) + half, level, IntervalMethod.WALD);
                    return Statistic.of(value.of(found), n, Optional.of(wald));
                })
                .orElseGet(() -> Statistic.undefined(Reason.NO_CONVERGENCE, n));
    }

    private static Statistic standardError(Optional<LogisticFit> fit, Part variance, int n) {
        return fit.map(found -> Statistic.of(Math.sqrt(variance.of(found)), n))
                .orElseGet(() -> Statistic.undefined(Reason.NO_CONVERGENCE, n));
    }
}
