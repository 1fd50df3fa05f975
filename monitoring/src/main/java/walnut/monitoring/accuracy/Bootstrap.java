package walnut.monitoring.accuracy;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Interval;
import walnut.monitoring.statistic.IntervalMethod;
import walnut.monitoring.statistic.Normal;
import walnut.monitoring.statistic.Quantile;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Percentile bootstrap over given resamples (Efron &amp; Tibshirani 1993, chapter 13): the statistic of every resample,
 * type-7 quantiles over the replicates where it is defined. Replicates with one class are undefined; they are counted,
 * not replaced.
 *
 * <p>{@code standardError} is the standard deviation (n − 1) of the defined replicates.
 */
public record Bootstrap(Answer<Interval> interval, Statistic standardError, int defined, int undefined) {

    /** Each row of {@code resamples} holds 0-based indices of cases, with repeats. */
    public static Bootstrap of(List<int[]> resamples, Function<int[], Statistic> statistic, double level) {
        double[] replicates = resamples.stream()
                .map(statistic)
                .filter(Statistic::isDefined)
                .mapToDouble(Statistic::orThrow)
                .toArray();
        return ofReplicates(replicates, resamples.size(), level, IntervalMethod.PERCENTILE_BOOTSTRAP);
    }

    /** From the defined values among {@code drawn} replicates. */
    static Bootstrap ofReplicates(double[] replicates, int drawn, double level, IntervalMethod method) {
        int defined = replicates.length;
        int undefined = drawn - defined;
        if (defined < 2) {
            Reason reason = drawn == 0 ? Reason.EMPTY : Reason.TOO_FEW;
            return new Bootstrap(Answer.undefined(reason), Statistic.undefined(reason, defined), defined, undefined);
        }
        double[] sorted = replicates.clone();
        Arrays.sort(sorted);
        double tail = (1 - level) / 2;
        Answer<Interval> interval = Answer.unless(
                Normal.faultOfLevel(level),
                () -> Answer.of(new Interval(
                        Quantile.ofSorted(sorted, tail), Quantile.ofSorted(sorted, 1 - tail), level, method)));
        double mean = Arrays.stream(sorted).average().orElseThrow();
        double squares = Arrays.stream(sorted).map(x -> (x - mean) * (x - mean)).sum();
        return new Bootstrap(interval, Statistic.of(Math.sqrt(squares / (defined - 1)), defined), defined, undefined);
    }
}
