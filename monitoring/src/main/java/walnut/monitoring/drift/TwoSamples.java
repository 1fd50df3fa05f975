package walnut.monitoring.drift;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import walnut.monitoring.statistic.Reason;

/**
 * A reference sample and a current one of the same feature, checked once; like other samples it carries its fault.
 * Weights are relative within their sample. Arrays are owned, not copied.
 */
public final class TwoSamples {
    private final double[] reference;
    private final double[] current;
    private final double @Nullable [] referenceWeights;
    private final double @Nullable [] currentWeights;
    private final Optional<Reason> fault;

    private TwoSamples(
            double[] reference,
            double @Nullable [] referenceWeights,
            double[] current,
            double @Nullable [] currentWeights) {
        this.reference = reference;
        this.current = current;
        this.referenceWeights = referenceWeights;
        this.currentWeights = currentWeights;
        this.fault = fault(reference, referenceWeights).or(() -> fault(current, currentWeights));
    }

    public static TwoSamples of(double[] reference, double[] current) {
        return new TwoSamples(reference, null, current, null);
    }

    public static TwoSamples weighted(
            double[] reference, double[] referenceWeights, double[] current, double[] currentWeights) {
        return new TwoSamples(reference, referenceWeights, current, currentWeights);
    }

    private static Optional<Reason> fault(double[] values, double @Nullable [] weights) {
        if (values.length == 0) {
            return Optional.of(Reason.EMPTY);
        }
        if (!Arrays.stream(values).allMatch(Double::isFinite)) {
            return Optional.of(Reason.NON_FINITE_INPUT);
        }
        if (weights == null) {
            return Optional.empty();
        }
        if (weights.length != values.length) {
            return Optional.of(Reason.LENGTH_MISMATCH);
        }
        if (!Arrays.stream(weights).allMatch(w -> w >= 0 && Double.isFinite(w))) {
            return Optional.of(Reason.INVALID_WEIGHT);
        }
        return Arrays.stream(weights).sum() == 0 ? Optional.of(Reason.ZERO_WEIGHT) : Optional.empty();
    }

    public Optional<Reason> fault() {
        return fault;
    }

    public int n() {
        return reference.length + current.length;
    }

    double[] reference() {
        return reference;
    }

    double[] current() {
        return current;
    }

    double referenceWeight(int i) {
        return referenceWeights == null ? 1 : referenceWeights[i];
    }

    double currentWeight(int i) {
        return currentWeights == null ? 1 : currentWeights[i];
    }

    boolean isWeighted() {
        return referenceWeights != null || currentWeights != null;
    }
}
