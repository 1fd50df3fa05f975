package walnut.monitoring.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Shewhart chart of a proportion per period: p̄ from the first {@code baselinePeriods}, limits
 * p̄ ± 3√(p̄(1 − p̄)/nᵢ) clipped to [0, 1], a signal strictly outside. A period without cases is a gap: its point and
 * limits are undefined. Insensitive to small changes; needs about 9/p̄ cases a period.
 */
public record PChart(
        double centre, List<Statistic> points, List<Statistic> lower, List<Statistic> upper, OptionalInt firstSignal) {

    public static Answer<PChart> of(long[] events, long[] n, int baselinePeriods) {
        Optional<Reason> fault = fault(events, n, baselinePeriods);
        if (fault.isPresent()) {
            return Answer.undefined(fault.get());
        }
        long baselineEvents = 0;
        long baselineCases = 0;
        for (int i = 0; i < baselinePeriods; i++) {
            baselineEvents += events[i];
            baselineCases += n[i];
        }
        if (baselineCases == 0) {
            return Answer.undefined(Reason.ZERO_DENOMINATOR);
        }
        double centre = (double) baselineEvents / baselineCases;
        List<Statistic> points = new ArrayList<>();
        List<Statistic> lower = new ArrayList<>();
        List<Statistic> upper = new ArrayList<>();
        OptionalInt signal = OptionalInt.empty();
        for (int i = 0; i < n.length; i++) {
            if (n[i] == 0) {
                Statistic gap = Statistic.undefined(Reason.EMPTY, 0);
                points.add(gap);
                lower.add(gap);
                upper.add(gap);
                continue;
            }
            double point = (double) events[i] / n[i];
            double half = 3 * Math.sqrt(centre * (1 - centre) / n[i]);
            double low = Math.max(0, centre - half);
            double high = Math.min(1, centre + half);
            points.add(Statistic.of(point, n[i]));
            lower.add(Statistic.of(low, n[i]));
            upper.add(Statistic.of(high, n[i]));
            if (signal.isEmpty() && (point < low || point > high)) {
                signal = OptionalInt.of(i);
            }
        }
        return Answer.of(new PChart(centre, List.copyOf(points), List.copyOf(lower), List.copyOf(upper), signal));
    }

    private static Optional<Reason> fault(long[] events, long[] n, int baselinePeriods) {
        if (events.length != n.length) {
            return Optional.of(Reason.LENGTH_MISMATCH);
        }
        if (n.length == 0) {
            return Optional.of(Reason.EMPTY);
        }
        if (baselinePeriods < 1 || baselinePeriods > n.length) {
            return Optional.of(Reason.INVALID_PARAMETER);
        }
        for (int i = 0; i < n.length; i++) {
            if (n[i] < 0 || events[i] < 0 || events[i] > n[i]) {
                return Optional.of(Reason.OUT_OF_RANGE);
            }
        }
        return Optional.empty();
    }
}
