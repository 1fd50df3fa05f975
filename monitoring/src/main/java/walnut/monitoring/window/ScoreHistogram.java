package walnut.monitoring.window;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import walnut.monitoring.accuracy.Confusion;
import walnut.monitoring.drift.PopulationStabilityIndex;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Counts of scores in 4,096 bins of [0, 1] by label state: whole numbers, so adding is associative and commutative,
 * subtracting undoes adding, and the order in which labels arrive does not matter. Score s falls in bin ⌊4096·s⌋ (exact,
 * the width is a power of two), 1 in the last.
 *
 * <p>Errors against the exact values from the scores themselves, all guaranteed: AUROC
 * {@link #aurocError()} = ½ Σ p_b n_b / (P·N), about 10⁻⁴ for smooth scores (those of a bin stand in no order, so what is
 * seen of it is some 10⁻⁷ at a million cases); rates at thresholds k/4096 exact; mean scores, W1 and the terms of
 * calibration ± 1/8192 each (W1 ± 1/4096); KS falls short by at most the largest share of a bin; PSI exact for edges
 * rounded down to k/4096. Published numbers of up to 200,000 cases are computed from the scores; this is for trends and
 * live pages.
 *
 * <p>Mutable and not thread-safe; {@link #plus} and {@link #minus} return new ones.
 */
public final class ScoreHistogram {
    public static final int BINS = 4096;

    /** What is known of a case. */
    public enum LabelState {
        UNLABELLED,
        NEGATIVE,
        POSITIVE
    }

    private final long[][] counts;

    public ScoreHistogram() {
        this(new long[LabelState.values().length][BINS]);
    }

    private ScoreHistogram(long[][] counts) {
        this.counts = counts;
    }

    /** Counts a case; false, and nothing counted, for a score outside [0, 1] or NaN: the caller counts what it refuses. */
    public boolean add(double score, LabelState state) {
        return change(score, state, 1);
    }

    /** Takes back a case counted before, for instance when its label has arrived. */
    public boolean remove(double score, LabelState state) {
        return change(score, state, -1);
    }

    private boolean change(double score, LabelState state, int by) {
        if (!(score >= 0 && score <= 1)) {
            return false;
        }
        counts[state.ordinal()][bin(score)] += by;
        return true;
    }

    static int bin(double score) {
        return Math.min(BINS - 1, (int) (score * BINS));
    }

    public ScoreHistogram plus(ScoreHistogram other) {
        return combine(other, 1);
    }

    public ScoreHistogram minus(ScoreHistogram other) {
        return combine(other, -1);
    }

    private ScoreHistogram combine(ScoreHistogram other, int sign) {
        long[][] sums = new long[counts.length][BINS];
        for (int state = 0; state < counts.length; state++) {
            for (int bin = 0; bin < BINS; bin++) {
                sums[state][bin] = counts[state][bin] + sign * other.counts[state][bin];
            }
        }
        return new ScoreHistogram(sums);
    }

    public long count(LabelState state) {
        return Arrays.stream(counts[state.ordinal()]).sum();
    }

    public long n() {
        return count(LabelState.UNLABELLED) + labelled();
    }

    private long labelled() {
        return count(LabelState.NEGATIVE) + count(LabelState.POSITIVE);
    }

    private long[] negatives() {
        return counts[LabelState.NEGATIVE.ordinal()];
    }

    private long[] positives() {
        return counts[LabelState.POSITIVE.ordinal()];
    }

    private Statistic unlessOneClass(double value) {
        if (fault().isPresent()) {
            return Statistic.undefined(fault().get(), labelled());
        }
        if (labelled() == 0) {
            return Statistic.undefined(Reason.EMPTY, 0);
        }
        if (count(LabelState.NEGATIVE) == 0 || count(LabelState.POSITIVE) == 0) {
            return Statistic.undefined(Reason.ONE_CLASS, labelled());
        }
        return Statistic.of(value, labelled());
    }

    /** AUROC of the labelled cases; cases in one bin count as ties. */
    public Statistic auroc() {
        double pairs = 0;
        double negativesBelow = 0;
        for (int bin = 0; bin < BINS; bin++) {
            pairs += positives()[bin] * (negativesBelow + negatives()[bin] / 2.0);
            negativesBelow += negatives()[bin];
        }
        return unlessOneClass(pairs / (count(LabelState.POSITIVE) * negativesBelow));
    }

    /** How far {@link #auroc()} can be from the exact value: half the share of pairs that fall in one bin. */
    public Statistic aurocError() {
        double shared = 0;
        for (int bin = 0; bin < BINS; bin++) {
            shared += (double) positives()[bin] * negatives()[bin];
        }
        return unlessOneClass(shared / 2 / ((double) count(LabelState.POSITIVE) * count(LabelState.NEGATIVE)));
    }

    /** The decisions at score ≥ k/4096, k from 0 to 4,096; exact. */
    public Answer<Confusion> confusionAt(int k) {
        if (k < 0 || k > BINS) {
            return Answer.undefined(Reason.INVALID_PARAMETER);
        }
        return Answer.unless(fault(), () -> {
            long tp = 0;
            long fp = 0;
            for (int bin = k; bin < BINS; bin++) {
                tp += positives()[bin];
                fp += negatives()[bin];
            }
            return Confusion.ofCounts(tp, fp, count(LabelState.NEGATIVE) - fp, count(LabelState.POSITIVE) - tp);
        });
    }

    /** Taking back what was never counted leaves a bin below zero; nothing can be read from such counts. */
    private Optional<Reason> fault() {
        boolean negative = Arrays.stream(counts).flatMapToLong(Arrays::stream).anyMatch(count -> count < 0);
        return negative ? Optional.of(Reason.OUT_OF_RANGE) : Optional.empty();
    }

    /** Points of the ROC curve at thresholds k/4096: {false-positive rates, true-positive rates}, falling threshold. */
    public Answer<double[][]> roc() {
        return curve((tp, fp) ->
                new double[] {(double) fp / count(LabelState.NEGATIVE), (double) tp / count(LabelState.POSITIVE)});
    }

    /** Points of the precision–recall curve: {recall, precision}, falling threshold, from the first case on. */
    public Answer<double[][]> precisionRecall() {
        return curve((tp, fp) ->
                new double[] {(double) tp / count(LabelState.POSITIVE), tp + fp == 0 ? 1 : (double) tp / (tp + fp)});
    }

    private interface Point {
        double[] of(long tp, long fp);
    }

    private Answer<double[][]> curve(Point point) {
        if (unlessOneClass(0).reason().isPresent()) {
            return Answer.undefined(unlessOneClass(0).reason().get());
        }
        double[][] axes = new double[2][BINS];
        long tp = 0;
        long fp = 0;
        for (int step = 0; step < BINS; step++) {
            tp += positives()[BINS - 1 - step];
            fp += negatives()[BINS - 1 - step];
            double[] at = point.of(tp, fp);
            axes[0][step] = at[0];
            axes[1][step] = at[1];
        }
        return Answer.of(axes);
    }

    /** Expected calibration error over {@code groups} bins of equal width; groups must divide 4,096. */
    public Statistic calibrationError(int groups) {
        if (groups < 1 || groups > BINS || BINS % groups != 0) {
            return Statistic.undefined(Reason.INVALID_PARAMETER, labelled());
        }
        if (fault().isPresent()) {
            return Statistic.undefined(fault().get(), labelled());
        }
        if (labelled() == 0) {
            return Statistic.undefined(Reason.EMPTY, 0);
        }
        double error = 0;
        int width = BINS / groups;
        for (int group = 0; group < groups; group++) {
            double scores = 0;
            double events = 0;
            for (int bin = group * width; bin < (group + 1) * width; bin++) {
                scores += (positives()[bin] + negatives()[bin]) * centre(bin);
                events += positives()[bin];
            }
            error += Math.abs(events - scores);
        }
        return Statistic.of(error / labelled(), labelled());
    }

    private static double centre(int bin) {
        return (bin + 0.5) / BINS;
    }

    private long[] all() {
        long[] sum = new long[BINS];
        for (long[] state : counts) {
            for (int bin = 0; bin < BINS; bin++) {
                sum[bin] += state[bin];
            }
        }
        return sum;
    }

    /** Kolmogorov–Smirnov D of all cases against a reference. */
    public Statistic kolmogorovSmirnov(ScoreHistogram reference) {
        return compare(reference, (largest, sum) -> largest);
    }

    /** Wasserstein-1 of all cases against a reference, in units of the score. */
    public Statistic wasserstein1(ScoreHistogram reference) {
        return compare(reference, (largest, sum) -> sum / BINS);
    }

    private interface Gap {
        double of(double largest, double sum);
    }

    private Statistic compare(ScoreHistogram reference, Gap gap) {
        Optional<Reason> fault = fault().or(reference::fault);
        if (fault.isPresent()) {
            return Statistic.undefined(fault.get(), n() + reference.n());
        }
        if (n() == 0 || reference.n() == 0) {
            return Statistic.undefined(Reason.EMPTY, n() + reference.n());
        }
        long[] here = all();
        long[] there = reference.all();
        double f = 0;
        double g = 0;
        double largest = 0;
        double sum = 0;
        for (int bin = 0; bin < BINS; bin++) {
            f += here[bin];
            g += there[bin];
            double difference = Math.abs(f / n() - g / reference.n());
            largest = Math.max(largest, difference);
            sum += difference;
        }
        return Statistic.of(gap.of(largest, sum), n() + reference.n());
    }

    /**
     * PSI of all cases against a reference, over {@code groups} groups of nearly equal reference mass; groups that would
     * have the same edge are one. Equals the PSI of the scores for the edges that it reports, which are whole k/4096.
     */
    public Answer<PopulationStabilityIndex> populationStability(ScoreHistogram reference, int groups, double epsilon) {
        Optional<Reason> fault = fault().or(reference::fault);
        if (fault.isEmpty() && groups < 1) {
            fault = Optional.of(Reason.INVALID_PARAMETER);
        }
        if (fault.isEmpty() && (n() == 0 || reference.n() == 0)) {
            fault = Optional.of(Reason.EMPTY);
        }
        return Answer.unless(fault, () -> {
            long[] there = reference.all();
            int[] edges = edges(there, reference.n(), groups);
            double[] scores =
                    Arrays.stream(edges).mapToDouble(bin -> (double) bin / BINS).toArray();
            return PopulationStabilityIndex.ofBins(scores, perGroup(there, edges), perGroup(all(), edges), epsilon);
        });
    }

    /** The first bin of each group but the first. */
    private static int[] edges(long[] counts, long total, int groups) {
        IntStream.Builder edges = IntStream.builder();
        long below = 0;
        int next = 1;
        for (int bin = 0; bin < BINS; bin++) {
            int before = next;
            while (next < groups && below * groups >= next * total) {
                next++;
            }
            if (next > before && bin > 0) {
                edges.add(bin);
            }
            below += counts[bin];
        }
        return edges.build().toArray();
    }

    private static long[] perGroup(long[] counts, int[] edges) {
        long[] sums = new long[edges.length + 1];
        for (int bin = 0, group = 0; bin < BINS; bin++) {
            if (group < edges.length && bin == edges[group]) {
                group++;
            }
            sums[group] += counts[bin];
        }
        return sums;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScoreHistogram histogram && Arrays.deepEquals(counts, histogram.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(counts);
    }
}
