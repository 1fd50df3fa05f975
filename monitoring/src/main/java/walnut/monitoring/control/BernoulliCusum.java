package walnut.monitoring.control;

import java.util.Optional;
import java.util.OptionalInt;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Reason;

/**
 * CUSUM of yes/no outcomes, one at a time: S = max(0, S + ln LR), a signal when S ≥ h. LR compares the probability of the
 * event gone bad with that in control. Risk-adjusted when each case has its own in-control probability p₀ and the
 * alternative is an odds ratio: Steiner et al., Biostatistics 1 (2000) 441.
 *
 * <p>Needs no window, so it is the default alarm for missed cancers. Feed it in the order in which results became known,
 * and replay it after a late correction. Design it for the verified stream of the site: see {@link ChartDesign}.
 */
public record BernoulliCusum(double[] s, OptionalInt firstSignal) {

    /** Each case i has in-control probability {@code p0[i]}; the alternative multiplies its odds by {@code oddsRatio}. */
    public static Answer<BernoulliCusum> riskAdjusted(int[] events, double[] p0, double oddsRatio, double h) {
        double[] p1 = new double[p0.length];
        for (int i = 0; i < p0.length; i++) {
            p1[i] = oddsRatio * p0[i] / (1 - p0[i] + oddsRatio * p0[i]);
        }
        return oddsRatio > 0 && oddsRatio != 1 ? of(events, p0, p1, h) : Answer.undefined(Reason.INVALID_PARAMETER);
    }

    /** Case i has probability {@code p0[i]} in control and {@code p1[i]} out of it. */
    public static Answer<BernoulliCusum> of(int[] events, double[] p0, double[] p1, double h) {
        return Answer.unless(fault(events, p0, p1, h), () -> {
            double[] s = new double[events.length];
            OptionalInt signal = OptionalInt.empty();
            double sum = 0;
            for (int i = 0; i < events.length; i++) {
                sum = Math.max(0, sum + logLikelihoodRatio(events[i] == 1, p0[i], p1[i]));
                s[i] = sum;
                if (signal.isEmpty() && sum >= h) {
                    signal = OptionalInt.of(i);
                }
            }
            return Answer.of(new BernoulliCusum(s, signal));
        });
    }

    /** The step of one case: ln(p₁/p₀) for an event, ln((1 − p₁)/(1 − p₀)) otherwise. */
    static double logLikelihoodRatio(boolean event, double p0, double p1) {
        return event ? StrictMath.log(p1 / p0) : StrictMath.log((1 - p1) / (1 - p0));
    }

    private static Optional<Reason> fault(int[] events, double[] p0, double[] p1, double h) {
        if (events.length != p0.length || events.length != p1.length) {
            return Optional.of(Reason.LENGTH_MISMATCH);
        }
        Optional<Reason> fault = Stream.fault(p0).or(() -> Stream.fault(p1));
        if (fault.isPresent()) {
            return fault;
        }
        if (!(h > 0 && Double.isFinite(h))) {
            return Optional.of(Reason.INVALID_PARAMETER);
        }
        for (int i = 0; i < events.length; i++) {
            if (events[i] != 0 && events[i] != 1) {
                return Optional.of(Reason.INVALID_LABEL);
            }
            if (!(p0[i] > 0 && p0[i] < 1 && p1[i] > 0 && p1[i] < 1)) {
                return Optional.of(Reason.OUT_OF_RANGE);
            }
        }
        return Optional.empty();
    }
}
