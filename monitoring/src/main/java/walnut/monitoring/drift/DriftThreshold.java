package walnut.monitoring.drift;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Quantile;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;
import walnut.monitoring.statistic.Streams;

/**
 * When a distance counts as drift: above the larger of an effect worth knowing and the quantile that the distance has for
 * these numbers of cases when nothing has changed. Never a bare p &lt; .05, and nothing below 200 current cases: with 10
 * bins and 50 cases PSI exceeds .1 in 86 % of windows without any drift.
 *
 * @param effect the smallest distance that matters, in units of the distance
 * @param nullQuantile what the distance exceeds by chance with probability 1 − {@code level}
 * @param fewest current cases below which nothing is said: those the quantile was found for, and never below 200
 */
public record DriftThreshold(double effect, double nullQuantile, double level, int fewest) {
    public static final int FEWEST_CASES = 200;

    public DriftThreshold {
        fewest = Math.max(FEWEST_CASES, fewest);
    }

    /**
     * The threshold for windows of {@code currentCases}. A smaller window scatters more than its quantile says and is not
     * judged by it; a larger one scatters less, so it is judged strictly.
     */
    public static Answer<DriftThreshold> of(
            double[] reference,
            int currentCases,
            Function<TwoSamples, Statistic> distance,
            double effect,
            double level,
            int runs,
            long seed) {
        if (!(effect >= 0 && Double.isFinite(effect))) {
            return Answer.undefined(Reason.INVALID_PARAMETER);
        }
        Statistic quantile = nullQuantile(reference, currentCases, distance, level, runs, seed);
        return Answer.unless(
                quantile.reason(),
                () -> Answer.of(new DriftThreshold(effect, quantile.orThrow(), level, currentCases)));
    }

    public enum State {
        /** Fewer than {@code fewest} current cases: nothing can be said. */
        INSUFFICIENT,
        OK,
        DRIFT,
        UNDEFINED
    }

    /** A judged distance: its state, and the n it needs when that is insufficient. */
    public record Verdict(State state, Statistic distance, double threshold, int n, int needed) {}

    /**
     * The null quantile by simulation: both samples are drawn with replacement from the reference, so that its own
     * sampling noise counts too. Run r draws from stream r of {@link Streams}.
     */
    public static Statistic nullQuantile(
            double[] reference,
            int currentCases,
            Function<TwoSamples, Statistic> distance,
            double level,
            int runs,
            long seed) {
        if (reference.length == 0 || currentCases < 1) {
            return Statistic.undefined(Reason.EMPTY, 0);
        }
        if (!(level > 0 && level < 1) || runs < 1) {
            return Statistic.undefined(Reason.INVALID_PARAMETER, reference.length);
        }
        if (!Arrays.stream(reference).allMatch(Double::isFinite)) {
            return Statistic.undefined(Reason.NON_FINITE_INPUT, reference.length);
        }
        double[] null0 = IntStream.range(0, runs)
                .parallel()
                .mapToObj(run -> {
                    SplittableRandom random = Streams.of(seed, run);
                    return distance.apply(TwoSamples.of(
                            resample(reference, reference.length, random), resample(reference, currentCases, random)));
                })
                .filter(Statistic::isDefined)
                .mapToDouble(Statistic::orThrow)
                .sorted()
                .toArray();
        return null0.length == 0
                ? Statistic.undefined(Reason.NOT_IDENTIFIED, reference.length)
                : Statistic.of(Quantile.ofSorted(null0, level), runs);
    }

    private static double[] resample(double[] from, int n, SplittableRandom random) {
        double[] drawn = new double[n];
        Arrays.setAll(drawn, i -> from[random.nextInt(from.length)]);
        return drawn;
    }

    public Verdict judge(Statistic distance, int currentCases) {
        double threshold = Math.max(effect, nullQuantile);
        State state;
        if (currentCases < fewest) {
            state = State.INSUFFICIENT;
        } else if (!distance.isDefined() || Double.isNaN(threshold)) {
            state = State.UNDEFINED;
        } else {
            state = distance.orThrow() > threshold ? State.DRIFT : State.OK;
        }
        return new Verdict(state, distance, threshold, currentCases, fewest);
    }
}
