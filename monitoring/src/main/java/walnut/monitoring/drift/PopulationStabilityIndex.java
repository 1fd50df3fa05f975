package walnut.monitoring.drift;

import java.util.Arrays;
import java.util.Optional;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Quantile;
import walnut.monitoring.statistic.Reason;

/**
 * PSI = Σ (c_b − r_b)·ln(c_b / r_b) over bin proportions of current and reference; a proportion of 0 becomes ε without
 * renormalising. Numeric features: inner edges are type-7 quantiles of the reference, duplicates dropped, bin = number of
 * edges ≤ x, outer bins open. Bins empty on both sides are dropped.
 *
 * <p>PSI is not one number: other tools bin otherwise, and a value without its binning is not comparable. Without any
 * drift it is about (bins − 1)(1/n_ref + 1/n_cur), {@code nullExpectation}: .18 for 10 bins and 50 cases. The folk limits
 * .1 and .25 are therefore not used; see {@link DriftThreshold}.
 */
public record PopulationStabilityIndex(
        double value, double[] innerEdges, long[] referenceCounts, long[] currentCounts, double nullExpectation) {
    public static final double DEFAULT_EPSILON = 1e-4;

    /** With bins of equal mass in the reference. */
    public static Answer<PopulationStabilityIndex> numeric(TwoSamples samples, int bins, double epsilon) {
        if (bins < 1) {
            return Answer.undefined(Reason.INVALID_PARAMETER);
        }
        return Answer.unless(
                samples.fault(), () -> withEdges(samples, Quantile.innerEdges(samples.reference(), bins), epsilon));
    }

    /** With inner edges given, ascending. */
    public static Answer<PopulationStabilityIndex> withEdges(TwoSamples samples, double[] edges, double epsilon) {
        Optional<Reason> fault = samples.fault();
        if (fault.isEmpty() && !isAscending(edges)) {
            fault = Optional.of(Reason.INVALID_PARAMETER);
        }
        return Answer.unless(
                fault,
                () -> of(
                        edges,
                        DistributionDistance.histogram(samples.reference(), edges),
                        DistributionDistance.histogram(samples.current(), edges),
                        epsilon));
    }

    private static boolean isAscending(double[] edges) {
        for (int k = 0; k < edges.length; k++) {
            if (!Double.isFinite(edges[k]) || (k > 0 && edges[k] <= edges[k - 1])) {
                return false;
            }
        }
        return true;
    }

    /** Categories, or bins counted already; both arrays over the union of categories, in the same order. */
    public static Answer<PopulationStabilityIndex> ofCounts(long[] reference, long[] current, double epsilon) {
        return of(new double[0], reference, current, epsilon);
    }

    /** Values counted already in the bins between these inner edges: one count more than there are edges. */
    public static Answer<PopulationStabilityIndex> ofBins(
            double[] edges, long[] reference, long[] current, double epsilon) {
        if (!isAscending(edges)) {
            return Answer.undefined(Reason.INVALID_PARAMETER);
        }
        return reference.length == edges.length + 1
                ? of(edges, reference, current, epsilon)
                : Answer.undefined(Reason.LENGTH_MISMATCH);
    }

    private static Answer<PopulationStabilityIndex> of(
            double[] edges, long[] reference, long[] current, double epsilon) {
        return Answer.unless(fault(reference, current, epsilon), () -> {
            double totalReference = Arrays.stream(reference).asDoubleStream().sum();
            double totalCurrent = Arrays.stream(current).asDoubleStream().sum();
            double sum = 0;
            int occupied = 0;
            for (int b = 0; b < reference.length; b++) {
                if (reference[b] == 0 && current[b] == 0) {
                    continue;
                }
                occupied++;
                double r = reference[b] == 0 ? epsilon : reference[b] / totalReference;
                double c = current[b] == 0 ? epsilon : current[b] / totalCurrent;
                sum += (c - r) * StrictMath.log(c / r);
            }
            int bins = edges.length == 0 ? occupied : edges.length + 1;
            double expectation = (bins - 1) * (1 / totalReference + 1 / totalCurrent);
            return Answer.of(new PopulationStabilityIndex(sum, edges, reference, current, expectation));
        });
    }

    private static Optional<Reason> fault(long[] reference, long[] current, double epsilon) {
        if (reference.length != current.length) {
            return Optional.of(Reason.LENGTH_MISMATCH);
        }
        if (!(epsilon > 0 && epsilon < 1)) {
            return Optional.of(Reason.INVALID_PARAMETER);
        }
        if (Arrays.stream(reference).anyMatch(count -> count < 0)
                || Arrays.stream(current).anyMatch(count -> count < 0)) {
            return Optional.of(Reason.OUT_OF_RANGE);
        }
        boolean empty = Arrays.stream(reference).allMatch(count -> count == 0)
                || Arrays.stream(current).allMatch(count -> count == 0);
        return empty ? Optional.of(Reason.EMPTY) : Optional.empty();
    }
}
