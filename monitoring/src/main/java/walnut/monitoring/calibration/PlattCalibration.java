package walnut.monitoring.calibration;

import java.util.Arrays;
import java.util.Optional;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Sigmoid calibration P = 1 / (1 + exp(a·score + b)) on the score as given, with Platt's smoothed targets
 * (N⁺ + 1)/(N⁺ + 2) and 1/(N⁻ + 2): Platt, Advances in Large Margin Classifiers (1999) 61. The smoothing keeps the fit
 * finite for separated classes. Undefined with one class and for constant scores. a is negative for a useful score.
 */
public record PlattCalibration(double a, double b) {
    public static Answer<PlattCalibration> fit(LabelledScores cases) {
        return Answer.unless(fault(cases), () -> {
            double target1 = (cases.positives() + 1.0) / (cases.positives() + 2.0);
            double target0 = 1.0 / (cases.negatives() + 2.0);
            double[] targets = new double[cases.n()];
            Arrays.setAll(targets, i -> cases.label(i) ? target1 : target0);
            return LogisticFit.interceptAndSlope(cases.scores(), targets)
                    .map(fit -> Answer.of(new PlattCalibration(-fit.slope(), -fit.intercept())))
                    .orElseGet(() -> Answer.undefined(Reason.NO_CONVERGENCE));
        });
    }

    private static Optional<Reason> fault(LabelledScores cases) {
        Optional<Reason> fault = cases.faultOfRanking();
        if (fault.isPresent()) {
            return fault;
        }
        for (int i = 1; i < cases.n(); i++) {
            if (cases.score(i) != cases.score(0)) {
                return Optional.empty();
            }
        }
        return Optional.of(Reason.ZERO_VARIANCE);
    }

    /** The calibrated probability of a score; a score that is no finite number has none. */
    public Statistic apply(double score) {
        return Double.isFinite(score)
                ? Statistic.of(sigmoid(score), 1)
                : Statistic.undefined(Reason.NON_FINITE_INPUT, 1);
    }

    /** The calibrated probabilities of scores, in their order; one bad score leaves all undefined. */
    public Answer<double[]> apply(double[] scores) {
        return Arrays.stream(scores).allMatch(Double::isFinite)
                ? Answer.of(Arrays.stream(scores).map(this::sigmoid).toArray())
                : Answer.undefined(Reason.NON_FINITE_INPUT);
    }

    private double sigmoid(double score) {
        return LogisticFit.expit(-(a * score + b));
    }
}
