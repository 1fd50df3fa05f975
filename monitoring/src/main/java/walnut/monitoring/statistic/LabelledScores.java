package walnut.monitoring.statistic;

import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Scores of cases with their labels (true = csPCa, ISUP ≥ 2) and, optionally, case weights, checked once.
 *
 * <p>A sample with bad arguments is made all the same and carries its {@link #fault()}: every statistic of it is then
 * undefined for that reason, and none has to look at NaN or at lengths again. Rows are never dropped here: a NaN makes
 * the whole sample faulty, and excluding (and counting) rows is the caller's visible decision.
 *
 * <p>Arrays are owned by the sample and not copied, so that ten million cases are held once.
 */
public final class LabelledScores {
    private final double[] scores;
    private final boolean[] labels;
    private final double @Nullable [] weights;
    private final Optional<Reason> fault;
    private final int positives;

    private LabelledScores(
            double[] scores, boolean[] labels, double @Nullable [] weights, Optional<Reason> fault, int positives) {
        this.scores = scores;
        this.labels = labels;
        this.weights = weights;
        this.fault = fault;
        this.positives = positives;
    }

    public static LabelledScores of(boolean[] labels, double[] scores) {
        return make(labels.length, i -> labels[i] ? 1 : 0, scores, null);
    }

    /** Labels must be 0 or 1. */
    public static LabelledScores of(int[] labels, double[] scores) {
        return make(labels.length, i -> labels[i], scores, null);
    }

    /** Labels must be 0 or 1. */
    public static LabelledScores of(double[] labels, double[] scores) {
        return make(labels.length, i -> labels[i], scores, null);
    }

    /** Labels must be 0 or 1, weights finite and not negative. */
    public static LabelledScores weighted(double[] labels, double[] scores, double[] weights) {
        return make(labels.length, i -> labels[i], scores, weights);
    }

    private static LabelledScores make(int n, IntToDoubleFunction label, double[] scores, double @Nullable [] weights) {
        if (scores.length != n || (weights != null && weights.length != n)) {
            return faulty(Reason.LENGTH_MISMATCH, scores);
        }
        if (n == 0) {
            return faulty(Reason.EMPTY, scores);
        }
        boolean[] labels = new boolean[n];
        int positives = 0;
        for (int i = 0; i < n; i++) {
            double y = label.applyAsDouble(i);
            if (!Double.isFinite(scores[i]) || Double.isNaN(y)) {
                return faulty(Reason.NON_FINITE_INPUT, scores);
            }
            if (y != 0 && y != 1) {
                return faulty(Reason.INVALID_LABEL, scores);
            }
            labels[i] = y == 1;
            positives += labels[i] ? 1 : 0;
        }
        if (weights != null) {
            double sum = 0;
            for (double weight : weights) {
                if (!(weight >= 0) || Double.isInfinite(weight)) {
                    return faulty(Reason.INVALID_WEIGHT, scores);
                }
                sum += weight;
            }
            if (sum == 0) {
                return faulty(Reason.ZERO_WEIGHT, scores);
            }
        }
        return new LabelledScores(scores, labels, weights, Optional.empty(), positives);
    }

    private static LabelledScores faulty(Reason reason, double[] scores) {
        return new LabelledScores(scores, new boolean[scores.length], null, Optional.of(reason), 0);
    }

    /** What is wrong with the arguments, if anything. One class only is not a fault in itself. */
    public Optional<Reason> fault() {
        return fault;
    }

    /** The fault, or that one class has no cases or no weight: what stops every ranking statistic. */
    public Optional<Reason> faultOfRanking() {
        if (fault.isPresent()) {
            return fault;
        }
        if (positives == 0 || negatives() == 0) {
            return Optional.of(Reason.ONE_CLASS);
        }
        if (weights != null && (weightOf(true) == 0 || weightOf(false) == 0)) {
            return Optional.of(Reason.ZERO_WEIGHT);
        }
        return Optional.empty();
    }

    /** The fault, or that a score is no probability: what stops every calibration statistic. */
    public Optional<Reason> faultOfProbabilities() {
        if (fault.isPresent()) {
            return fault;
        }
        for (double p : scores) {
            if (p < 0 || p > 1) {
                return Optional.of(Reason.OUT_OF_RANGE);
            }
        }
        return Optional.empty();
    }

    public int n() {
        return scores.length;
    }

    public int positives() {
        return positives;
    }

    public int negatives() {
        return scores.length - positives;
    }

    public double score(int i) {
        return scores[i];
    }

    public boolean label(int i) {
        return labels[i];
    }

    /** 1 for a positive case, 0 for a negative one. */
    public double outcome(int i) {
        return labels[i] ? 1 : 0;
    }

    public double weight(int i) {
        return weights == null ? 1 : weights[i];
    }

    public boolean isWeighted() {
        return weights != null;
    }

    /** A copy of the scores, in the order of the cases. */
    public double[] scores() {
        return scores.clone();
    }

    public boolean[] labels() {
        return labels.clone();
    }

    /** The scores of one class, in the order of the cases. */
    public double[] scoresOf(boolean label) {
        double[] chosen = new double[label ? positives : negatives()];
        int next = 0;
        for (int i = 0; i < scores.length; i++) {
            if (labels[i] == label) {
                chosen[next++] = scores[i];
            }
        }
        return chosen;
    }

    private double weightOf(boolean label) {
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            sum += labels[i] == label ? weight(i) : 0;
        }
        return sum;
    }
}
