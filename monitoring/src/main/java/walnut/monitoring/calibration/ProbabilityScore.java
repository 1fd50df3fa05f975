package walnut.monitoring.calibration;

import java.util.Optional;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Normal;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Proper scores of probabilities, lower is better, weighted where cases have weights.
 *
 * <p>They mix discrimination and calibration and depend on prevalence: compare models on the same cases, never sites.
 * A score outside [0, 1] is undefined, never clipped.
 */
public final class ProbabilityScore {
    /** 2⁻⁵², where log loss clips certainty; scikit-learn's choice for doubles. */
    public static final double DEFAULT_EPSILON = 0x1p-52;

    private ProbabilityScore() {}

    /** Mean of (p − y)²: Brier, Mon. Weather Rev. 78 (1950) 1. Defined for one class. */
    public static Statistic brier(LabelledScores cases) {
        return mean(cases, i -> {
            double off = cases.score(i) - cases.outcome(i);
            return off * off;
        });
    }

    /** 1 − Brier / (π(1 − π)): share of the Brier score of "always the prevalence" that is removed. */
    public static Statistic brierSkill(LabelledScores cases) {
        Statistic brier = brier(cases);
        Optional<Reason> fault = brier.reason().or(cases::faultOfRanking);
        return Statistic.unless(fault, cases.n(), () -> {
            double prevalence = mean(cases, cases::outcome).orThrow();
            return Statistic.of(1 - brier.orThrow() / (prevalence * (1 - prevalence)), cases.n());
        });
    }

    /** −mean[y ln p + (1 − y) ln(1 − p)] with p clipped to [ε, 1 − ε]; one certain error costs 36 with the default ε. */
    public static Statistic logLoss(LabelledScores cases, double epsilon) {
        if (!(epsilon > 0 && epsilon < 0.5)) {
            return Statistic.undefined(Reason.INVALID_PARAMETER, cases.n());
        }
        return mean(cases, i -> {
            double p = Math.max(epsilon, Math.min(1 - epsilon, cases.score(i)));
            return -StrictMath.log(cases.label(i) ? p : 1 - p);
        });
    }

    /**
     * Spiegelhalter's test of calibration: z = Σ(y − p)(1 − 2p) / √Σ(1 − 2p)² p(1 − p); Stat. Med. 5 (1986) 421.
     * Unweighted. Undefined when every p is 0, ½ or 1.
     */
    public static Statistic spiegelhalterZ(LabelledScores cases) {
        return Statistic.unless(cases.faultOfProbabilities(), cases.n(), () -> {
            double sum = 0;
            double variance = 0;
            for (int i = 0; i < cases.n(); i++) {
                double p = cases.score(i);
                sum += (cases.outcome(i) - p) * (1 - 2 * p);
                variance += (1 - 2 * p) * (1 - 2 * p) * p * (1 - p);
            }
            return variance == 0
                    ? Statistic.undefined(Reason.ZERO_VARIANCE, cases.n())
                    : Statistic.of(sum / Math.sqrt(variance), cases.n());
        });
    }

    /** Two-sided normal p of {@link #spiegelhalterZ}. */
    public static Statistic spiegelhalterP(LabelledScores cases) {
        Statistic z = spiegelhalterZ(cases);
        return Statistic.unless(z.reason(), z.n(), () -> Statistic.of(Normal.twoSidedP(z.orThrow()), z.n()));
    }

    private interface PerCase {
        double of(int i);
    }

    private static Statistic mean(LabelledScores cases, PerCase term) {
        return Statistic.unless(cases.faultOfProbabilities(), cases.n(), () -> {
            double sum = 0;
            double weight = 0;
            for (int i = 0; i < cases.n(); i++) {
                sum += cases.weight(i) * term.of(i);
                weight += cases.weight(i);
            }
            return Statistic.of(sum / weight, cases.n());
        });
    }
}
