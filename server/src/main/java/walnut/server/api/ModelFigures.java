package walnut.server.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a model does on the cases of this site.
 *
 * @param asOf the figures rest on what was known at this moment
 * @param completed predictions that stand
 * @param verified of these, with a label that settles whether there was significant cancer
 * @param auroc area under the ROC curve among verified cases, DeLong interval
 * @param readers what reviews of the predictions that stand say
 */
public record ModelFigures(
        String modelId,
        String modelVersion,
        Instant asOf,
        long completed,
        long notEligible,
        long failed,
        long verified,
        long verifiedPositive,
        ReportedStatistic verifiedFraction,
        ReportedStatistic auroc,
        List<AtOperatingPoint> operatingPoints,
        Replays replays,
        Rescans rescans,
        Readers readers) {
    public ModelFigures {
        operatingPoints = List.copyOf(operatingPoints);
    }

    /** How often a stored prediction was run again on the same images, by what came of it. */
    public record Replays(long bitwise, long withinTolerance, long different) {}

    /**
     * Men scanned twice with nothing done in between.
     *
     * @param withinSubjectSd of the case score, in its unit, χ² interval
     * @param repeatabilityCoefficient two scores of one man that differ by less cannot be told apart (1.96·√2·wSD)
     * @param intraclassCorrelation ICC(2,1), absolute agreement
     */
    public record Rescans(
            long pairs,
            ReportedStatistic withinSubjectSd,
            ReportedStatistic repeatabilityCoefficient,
            ReportedStatistic intraclassCorrelation,
            List<Flips> flips) {
        public Rescans {
            flips = List.copyOf(flips);
        }
    }

    /** Share of the pairs of which one study is at or above the threshold and the other is not, Wilson interval. */
    public record Flips(String operatingPoint, double threshold, ReportedStatistic fraction) {}

    /** Sensitivity and specificity among verified cases, Wilson intervals. */
    public record AtOperatingPoint(
            String operatingPoint,
            double threshold,
            ReportedStatistic sensitivity,
            ReportedStatistic specificity,
            @Nullable ReportedStatistic positiveFraction) {}

    /**
     * Agreement from reviews. Readers saw the model's answer first, so agreement with it is an upper bound.
     *
     * @param acceptedShare of reviewed predictions, accepted as they are; Wilson
     * @param modelAgreement PI-RADS 3 and above against the first operating point, share that agrees; Wilson
     * @param modelKappa Cohen's kappa of the same pairs; Wald
     * @param readersAgreement equal PI-RADS categories of two readers of one prediction, share; Wilson
     * @param readersKappa quadratically weighted kappa of the same; Wald
     */
    public record Readers(
            long reviewed,
            long accepted,
            long corrected,
            long rejected,
            ReportedStatistic acceptedShare,
            ReportedStatistic modelAgreement,
            ReportedStatistic modelKappa,
            ReportedStatistic readersAgreement,
            ReportedStatistic readersKappa) {}
}
