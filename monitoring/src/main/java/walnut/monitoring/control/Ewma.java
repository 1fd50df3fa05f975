package walnut.monitoring.control;

import java.util.Optional;
import java.util.OptionalInt;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Reason;

/**
 * Exponentially weighted moving average (Roberts, Technometrics 1 (1959) 239): z₀ = μ, z = λx + (1 − λ)z, with the
 * time-varying limits μ ± Lσ√(λ/(2 − λ)·(1 − (1 − λ)^2i)); a signal strictly outside. Sees slow drifts sooner than
 * single points do.
 */
public record Ewma(double[] z, double[] lower, double[] upper, OptionalInt firstSignal) {
    public static Answer<Ewma> of(double[] x, double target, double sigma, double lambda, double width) {
        Optional<Reason> fault = Stream.fault(x).or(() -> Stream.faultOfDesign(target, sigma));
        if (fault.isEmpty() && !(lambda > 0 && lambda <= 1 && width > 0 && Double.isFinite(width))) {
            fault = Optional.of(Reason.INVALID_PARAMETER);
        }
        return Answer.unless(fault, () -> {
            double[] z = new double[x.length];
            double[] lower = new double[x.length];
            double[] upper = new double[x.length];
            OptionalInt signal = OptionalInt.empty();
            double average = target;
            double decay = 1;
            for (int i = 0; i < x.length; i++) {
                average = lambda * x[i] + (1 - lambda) * average;
                decay *= (1 - lambda) * (1 - lambda);
                double half = width * sigma * Math.sqrt(lambda / (2 - lambda) * (1 - decay));
                z[i] = average;
                lower[i] = target - half;
                upper[i] = target + half;
                if (signal.isEmpty() && (average > upper[i] || average < lower[i])) {
                    signal = OptionalInt.of(i);
                }
            }
            return Stream.fault(z)
                            .or(() -> Stream.fault(lower))
                            .or(() -> Stream.fault(upper))
                            .isPresent()
                    ? Answer.undefined(Reason.OUT_OF_RANGE)
                    : Answer.of(new Ewma(z, lower, upper, signal));
        });
    }
}
