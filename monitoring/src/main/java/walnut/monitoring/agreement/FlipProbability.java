package walnut.monitoring.agreement;

import java.util.Optional;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Measurements;
import walnut.monitoring.statistic.Moments;
import walnut.monitoring.statistic.Normal;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * How often a repeat scan of the same man would fall on the other side of the threshold.
 *
 * <p>With score s, population mean m and ICC ρ, the repeat is normal with mean m + ρ(s − m) and variance wSD²(1 + ρ): the
 * first score regresses to the mean, which the {@link #plain} formula Φ(−|s − t|/(√2·wSD)) ignores. Just above a threshold
 * where few men lie, at ρ = .8, the plain formula says 32 % and the truth is 47 %. Assumes normal scores of constant wSD:
 * use the logit of a probability, or fit by score band.
 *
 * <p>Fitted from at least 30 pairs of real rescans of one vendor and model; otherwise repeatability is unknown on patients.
 *
 * @param mean m, over both scans
 * @param icc ρ, the one-way ICC(1,1), at least 0 here
 * @param withinSubjectSd wSD, in units of the score
 * @param pairs how many men were rescanned
 */
public record FlipProbability(double mean, double icc, double withinSubjectSd, int pairs) {
    public static final int FEWEST_PAIRS = 30;

    public static Answer<FlipProbability> fit(Measurements rescans) {
        Optional<Reason> fault = rescans.faultBelow(FEWEST_PAIRS, 2);
        if (fault.isPresent()) {
            return Answer.undefined(fault.get());
        }
        Statistic wsd = Repeatability.of(rescans, 0.95).withinSubjectSd();
        Statistic icc = IntraclassCorrelation.of(rescans, 0.95)
                .statistic(rescans.subjects(), form -> form.oneWay().value());
        if (icc.reason().isPresent() || wsd.orThrow() == 0) {
            return Answer.undefined(icc.reason().orElse(Reason.ZERO_VARIANCE));
        }
        double mean = (Moments.mean(rescans.repeat(0)) + Moments.mean(rescans.repeat(1))) / 2;
        return Answer.of(new FlipProbability(mean, Math.max(0, icc.orThrow()), wsd.orThrow(), rescans.subjects()));
    }

    /** Probability that a repeat lands on the other side; positive iff score ≥ threshold. */
    public Statistic of(double score, double threshold) {
        if (!Double.isFinite(score) || !Double.isFinite(threshold)) {
            return Statistic.undefined(Reason.NON_FINITE_INPUT, pairs);
        }
        double expected = mean + icc * (score - mean);
        double below = Normal.cumulative((threshold - expected) / (withinSubjectSd * Math.sqrt(1 + icc)));
        return Statistic.of(score >= threshold ? below : 1 - below, pairs);
    }

    /** Φ(−|s − t|/(√2·wSD)): assumes a flat prior, so it understates flips of flagged men. 2.5 % at |s − t| = RC. */
    public static Statistic plain(double score, double threshold, double withinSubjectSd) {
        if (!Double.isFinite(score) || !Double.isFinite(threshold)) {
            return Statistic.undefined(Reason.NON_FINITE_INPUT, 1);
        }
        if (!(withinSubjectSd > 0)) {
            return Statistic.undefined(Reason.INVALID_PARAMETER, 1);
        }
        return Statistic.of(Normal.cumulative(-Math.abs(score - threshold) / (Math.sqrt(2) * withinSubjectSd)), 1);
    }
}
