package walnut.monitoring.control;

import java.util.random.RandomGenerator;

/**
 * Who gets a truth, and when. A man is verified (biopsied or followed up) with a probability that depends on the AI's flag
 * and on PI-RADS, or because he was drawn for the random audit; the result is known after a delay of median six weeks with
 * a tail to twelve months (log-normal, σ = .8, cut at 365 days).
 *
 * @param flagged probability of verification of a flagged man
 * @param suspicious of a man not flagged whose PI-RADS is 3 or more
 * @param unsuspicious of a man not flagged with PI-RADS 1 or 2
 * @param audit share of men not flagged that are drawn at random and verified whatever else
 */
public record VerificationProcess(String name, double flagged, double suspicious, double unsuspicious, double audit) {
    private static final double MEDIAN_DELAY_DAYS = 42;
    private static final double DELAY_SIGMA = 0.8;
    private static final double LONGEST_DELAY_DAYS = 365;

    /** Probability that a man's truth becomes known. */
    double probability(boolean isFlagged, boolean isSuspicious) {
        if (isFlagged) {
            return flagged;
        }
        double biopsy = isSuspicious ? suspicious : unsuspicious;
        return biopsy + (1 - biopsy) * audit;
    }

    double delayDays(RandomGenerator random) {
        double delay = MEDIAN_DELAY_DAYS * StrictMath.exp(DELAY_SIGMA * random.nextGaussian());
        return Math.min(LONGEST_DELAY_DAYS, delay);
    }
}
