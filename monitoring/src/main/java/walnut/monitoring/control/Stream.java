package walnut.monitoring.control;

import java.util.Arrays;
import java.util.Optional;
import walnut.monitoring.statistic.Reason;

/** Checks of what is fed to a chart. A NaN makes a chart undefined; it is never skipped silently. */
final class Stream {
    private Stream() {}

    static Optional<Reason> fault(double[] x) {
        if (x.length == 0) {
            return Optional.of(Reason.EMPTY);
        }
        return Arrays.stream(x).allMatch(Double::isFinite) ? Optional.empty() : Optional.of(Reason.NON_FINITE_INPUT);
    }

    /** The in-control level and spread of a chart of measurements. */
    static Optional<Reason> faultOfDesign(double target, double sigma) {
        if (sigma == 0) {
            return Optional.of(Reason.ZERO_VARIANCE);
        }
        return Double.isFinite(target) && sigma > 0 && Double.isFinite(sigma)
                ? Optional.empty()
                : Optional.of(Reason.INVALID_PARAMETER);
    }
}
