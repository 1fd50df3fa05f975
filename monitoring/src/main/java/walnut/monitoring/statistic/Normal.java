package walnut.monitoring.statistic;

import java.util.Optional;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** The standard normal distribution, in the words of tests and intervals. */
public final class Normal {
    private static final NormalDistribution STANDARD = NormalDistribution.of(0, 1);

    private Normal() {}

    /** z with P(|Z| ≤ z) = level: 1.96 for 0.95. */
    public static double twoSided(double level) {
        return STANDARD.inverseSurvivalProbability((1 - level) / 2);
    }

    /** z with P(Z ≤ z) = p. */
    public static double quantile(double p) {
        return STANDARD.inverseCumulativeProbability(p);
    }

    /** P(Z ≤ z). */
    public static double cumulative(double z) {
        return STANDARD.cumulativeProbability(z);
    }

    /** P(|Z| ≥ |z|). */
    public static double twoSidedP(double z) {
        return Math.min(1, 2 * STANDARD.survivalProbability(Math.abs(z)));
    }

    /** A confidence level lies strictly between 0 and 1. */
    public static Optional<Reason> faultOfLevel(double level) {
        return level > 0 && level < 1 ? Optional.empty() : Optional.of(Reason.INVALID_PARAMETER);
    }
}
