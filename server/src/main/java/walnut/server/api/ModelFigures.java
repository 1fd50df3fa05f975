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
        List<AtOperatingPoint> operatingPoints) {
    public ModelFigures {
        operatingPoints = List.copyOf(operatingPoints);
    }

    /** Sensitivity and specificity among verified cases, Wilson intervals. */
    public record AtOperatingPoint(
            String operatingPoint,
            double threshold,
            ReportedStatistic sensitivity,
            ReportedStatistic specificity,
            @Nullable ReportedStatistic positiveFraction) {}
}
