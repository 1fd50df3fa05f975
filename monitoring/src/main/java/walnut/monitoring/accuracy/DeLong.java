package walnut.monitoring.accuracy;

import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.statistics.distribution.TDistribution;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Interval;
import walnut.monitoring.statistic.IntervalMethod;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Normal;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * AUROC with its variance, intervals and comparisons: DeLong, DeLong &amp; Clarke-Pearson, Biometrics 44 (1988) 837.
 * var = S₁₀/n⁺ + S₀₁/n⁻ with sample variances (n − 1) of the placements; ties count half.
 *
 * <p>An AUROC of 0 or 1, or a constant score, has variance 0 and an undefined interval: [1, 1] would be false certainty.
 * Fewer than 2 cases in a class leave the variance undefined. Assumes one exam per patient; otherwise use
 * {@link ClusterBootstrap}. Weights are not defined here.
 */
public record DeLong(Statistic auroc, Statistic variance, Answer<Interval> wald, Answer<Interval> logit) {
    /** Two correlated AUROCs on the same cases. */
    public record Paired(
            Statistic first,
            Statistic second,
            Statistic varianceOfSecond,
            Statistic covariance,
            Statistic z,
            Statistic p) {}

    /** Two independent AUROCs: normal z, and Welch's t as pROC does. */
    public record Unpaired(
            Statistic first,
            Statistic second,
            Statistic z,
            Statistic p,
            Statistic degreesOfFreedom,
            Statistic pWelch) {}

    /** The AUROC, carrying its Wald interval where that is defined. */
    public static DeLong of(LabelledScores cases, double level) {
        int n = cases.n();
        Optional<Reason> fault = cases.faultOfRanking();
        if (fault.isEmpty() && cases.isWeighted()) {
            fault = Optional.of(Reason.INVALID_PARAMETER);
        }
        if (fault.isPresent()) {
            return undefined(fault.get(), Statistic.undefined(fault.get(), n), n);
        }
        ClassOrder order = ClassOrder.of(cases);
        double area = order.area();
        if (cases.positives() < 2 || cases.negatives() < 2) {
            return undefined(Reason.TOO_FEW, Statistic.of(area, n), n);
        }
        double variance =
                order.varianceOfPositives() / cases.positives() + order.varianceOfNegatives() / cases.negatives();
        Answer<Interval> wald = waldInterval(area, variance, level);
        return new DeLong(
                Statistic.of(area, n, wald.result()),
                Statistic.of(variance, n),
                wald,
                logitInterval(area, variance, level));
    }

    private static DeLong undefined(Reason reason, Statistic auroc, int n) {
        return new DeLong(auroc, Statistic.undefined(reason, n), Answer.undefined(reason), Answer.undefined(reason));
    }

    /** area ± z·se, clipped to [0, 1]. */
    private static Answer<Interval> waldInterval(double area, double variance, double level) {
        return Answer.unless(faultOfInterval(variance, level), () -> {
            double half = Normal.twoSided(level) * Math.sqrt(variance);
            return Answer.of(new Interval(
                    Math.max(0, area - half), Math.min(1, area + half), level, IntervalMethod.DELONG_WALD));
        });
    }

    /** expit(logit(area) ± z·se/(area(1 − area))): stays inside (0, 1) and covers better near 1. */
    private static Answer<Interval> logitInterval(double area, double variance, double level) {
        return Answer.unless(faultOfInterval(variance, level), () -> {
            double centre = StrictMath.log(area / (1 - area));
            double half = Normal.twoSided(level) * Math.sqrt(variance) / (area * (1 - area));
            return Answer.of(
                    new Interval(expit(centre - half), expit(centre + half), level, IntervalMethod.DELONG_LOGIT));
        });
    }

    private static Optional<Reason> faultOfInterval(double variance, double level) {
        return variance > 0 ? Normal.faultOfLevel(level) : Optional.of(Reason.ZERO_VARIANCE);
    }

    /** Both samples must hold the same cases in the same order: equal labels. */
    public static Paired paired(LabelledScores first, LabelledScores second) {
        DeLong one = of(first, 0.95);
        DeLong two = of(second, 0.95);
        int n = first.n();
        Optional<Reason> fault = one.variance.reason().or(two.variance::reason);
        if (fault.isEmpty() && !Arrays.equals(first.labels(), second.labels())) {
            fault = Optional.of(first.n() == second.n() ? Reason.INVALID_LABEL : Reason.LENGTH_MISMATCH);
        }
        if (fault.isPresent()) {
            Statistic none = Statistic.undefined(fault.get(), n);
            return new Paired(one.auroc, two.auroc, two.variance, none, none, none);
        }
        double covariance = covariance(placements(first, true), placements(second, true)) / first.positives()
                + covariance(placements(first, false), placements(second, false)) / first.negatives();
        double variance = one.variance.orThrow() + two.variance.orThrow() - 2 * covariance;
        // Equal models differ by rounding only: compare with the size of what was subtracted.
        boolean zero = variance <= 1e-14 * (one.variance.orThrow() + two.variance.orThrow());
        Statistic z = zero
                ? Statistic.undefined(Reason.ZERO_VARIANCE, n)
                : Statistic.of((one.auroc.orThrow() - two.auroc.orThrow()) / Math.sqrt(variance), n);
        return new Paired(one.auroc, two.auroc, two.variance, Statistic.of(covariance, n), z, twoSidedP(z));
    }

    /** Two windows, models or sites with different cases. */
    public static Unpaired unpaired(LabelledScores first, LabelledScores second) {
        DeLong one = of(first, 0.95);
        DeLong two = of(second, 0.95);
        int n = first.n() + second.n();
        Optional<Reason> fault = one.variance.reason().or(two.variance::reason);
        if (fault.isEmpty() && one.variance.orThrow() + two.variance.orThrow() == 0) {
            fault = Optional.of(Reason.ZERO_VARIANCE);
        }
        if (fault.isPresent()) {
            Statistic none = Statistic.undefined(fault.get(), n);
            return new Unpaired(one.auroc, two.auroc, none, none, none, none);
        }
        double v1 = one.variance.orThrow();
        double v2 = two.variance.orThrow();
        double z = (one.auroc.orThrow() - two.auroc.orThrow()) / Math.sqrt(v1 + v2);
        double df = (v1 + v2) * (v1 + v2) / (v1 * v1 / (first.n() - 1) + v2 * v2 / (second.n() - 1));
        double pWelch = Math.min(1, 2 * TDistribution.of(df).survivalProbability(Math.abs(z)));
        Statistic zStatistic = Statistic.of(z, n);
        return new Unpaired(
                one.auroc, two.auroc, zStatistic, twoSidedP(zStatistic), Statistic.of(df, n), Statistic.of(pWelch, n));
    }

    private static Statistic twoSidedP(Statistic z) {
        return Statistic.unless(z.reason(), z.n(), () -> Statistic.of(Normal.twoSidedP(z.orThrow()), z.n()));
    }

    /** Per case of one class, in case order: share of the other class below it, ties half. */
    private static double[] placements(LabelledScores cases, boolean label) {
        double[] other = cases.scoresOf(!label);
        Arrays.sort(other);
        double[] placed = cases.scoresOf(label);
        for (int i = 0; i < placed.length; i++) {
            double score = placed[i];
            placed[i] = (countBelow(other, score, false) + countBelow(other, score, true)) / (2.0 * other.length);
        }
        return placed;
    }

    /** How many of the sorted values are below the limit, or not above it. */
    private static int countBelow(double[] sorted, double limit, boolean orEqual) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < limit || (orEqual && sorted[middle] == limit)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static double covariance(double[] x, double[] y) {
        double meanX = Arrays.stream(x).average().orElseThrow();
        double meanY = Arrays.stream(y).average().orElseThrow();
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - meanX) * (y[i] - meanY);
        }
        return sum / (x.length - 1);
    }

    private static double expit(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }
}
