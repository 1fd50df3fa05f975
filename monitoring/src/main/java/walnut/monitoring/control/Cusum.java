package walnut.monitoring.control;

import java.util.Optional;
import java.util.OptionalInt;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Reason;

/**
 * Tabular two-sided CUSUM of measurements (Page, Biometrika 41 (1954) 100; Montgomery, Introduction to Statistical
 * Quality Control, 9): C⁺ = max(0, C⁺ + x − (μ + kσ)), C⁻ = max(0, C⁻ + (μ − kσ) − x), both from 0; a signal when either
 * exceeds hσ. No reset after a signal. The index of the first signal counts from 0.
 */
public record Cusum(double[] up, double[] down, OptionalInt firstSignal) {
    /** k: half the shift to be found, h: the limit, both in units of σ. */
    public static Answer<Cusum> of(double[] x, double target, double sigma, double k, double h) {
        Optional<Reason> fault = Stream.fault(x).or(() -> Stream.faultOfDesign(target, sigma));
        if (fault.isEmpty() && !(k >= 0 && Double.isFinite(k) && h > 0 && Double.isFinite(h))) {
            fault = Optional.of(Reason.INVALID_PARAMETER);
        }
        return Answer.unless(fault, () -> {
            double[] up = new double[x.length];
            double[] down = new double[x.length];
            OptionalInt signal = OptionalInt.empty();
            double c = 0;
            double d = 0;
            for (int i = 0; i < x.length; i++) {
                c = Math.max(0, c + x[i] - (target + k * sigma));
                d = Math.max(0, d + (target - k * sigma) - x[i]);
                up[i] = c;
                down[i] = d;
                if (signal.isEmpty() && (c > h * sigma || d > h * sigma)) {
                    signal = OptionalInt.of(i);
                }
            }
            return Stream.fault(up).or(() -> Stream.fault(down)).isPresent()
                    ? Answer.undefined(Reason.OUT_OF_RANGE)
                    : Answer.of(new Cusum(up, down, signal));
        });
    }
}
