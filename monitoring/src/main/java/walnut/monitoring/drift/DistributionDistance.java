package walnut.monitoring.drift;

import java.util.Arrays;
import java.util.Optional;
import walnut.monitoring.statistic.Moments;
import walnut.monitoring.statistic.Quantile;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Sorting;
import walnut.monitoring.statistic.Statistic;

/**
 * Distances between two one-dimensional samples, read from their cumulative distributions F (reference) and G (current).
 * Sizes of an effect, not tests: a distance is judged against its null quantile for the n at hand
 * ({@link DriftThreshold}).
 */
public final class DistributionDistance {
    private DistributionDistance() {}

    /** Wasserstein-1 (earth mover's): ∫ |F − G|, in the units of the feature. */
    public static Statistic wasserstein1(TwoSamples samples) {
        return Statistic.unless(samples.fault(), samples.n(), () -> Statistic.of(integral(samples, 1), samples.n()));
    }

    /** Wasserstein-1 in standard deviations (n − 1) of the reference, unweighted. */
    public static Statistic wasserstein1Normalised(TwoSamples samples) {
        Statistic distance = wasserstein1(samples);
        Optional<Reason> fault = distance.reason();
        if (fault.isEmpty() && samples.isWeighted()) {
            fault = Optional.of(Reason.INVALID_PARAMETER);
        }
        if (fault.isEmpty() && samples.reference().length < 2) {
            fault = Optional.of(Reason.TOO_FEW);
        }
        if (fault.isEmpty() && Moments.isConstant(samples.reference())) {
            fault = Optional.of(Reason.ZERO_VARIANCE);
        }
        return Statistic.unless(
                fault,
                samples.n(),
                () -> Statistic.of(distance.orThrow() / Math.sqrt(Moments.variance(samples.reference())), samples.n()));
    }

    /** √(2 E|X−Y| − E|X−X′| − E|Y−Y′|) = √(2 ∫ (F − G)²): Székely &amp; Rizzo, J. Stat. Plan. Inference 143 (2013) 1249. */
    public static Statistic energy(TwoSamples samples) {
        return Statistic.unless(
                samples.fault(), samples.n(), () -> Statistic.of(Math.sqrt(2 * integral(samples, 2)), samples.n()));
    }

    /** Kolmogorov–Smirnov D = sup |F − G|, unweighted. */
    static double supremum(double[] reference, double[] current) {
        double[] x = reference.clone();
        double[] y = current.clone();
        Sorting.sort(x);
        Sorting.sort(y);
        double largest = 0;
        for (int i = 0, j = 0; i < x.length && j < y.length; ) {
            double at = Math.min(x[i], y[j]);
            while (i < x.length && x[i] <= at) {
                i++;
            }
            while (j < y.length && y[j] <= at) {
                j++;
            }
            // As whole numbers, so that equal shares differ by exactly 0.
            long gap = Math.abs((long) i * y.length - (long) j * x.length);
            largest = Math.max(largest, (double) gap / ((double) x.length * y.length));
        }
        return largest;
    }

    /** ∫ |F − G|^power. */
    private static double integral(TwoSamples samples, int power) {
        int m = samples.reference().length;
        double[] pooled = Arrays.copyOf(samples.reference(), samples.n());
        System.arraycopy(samples.current(), 0, pooled, m, samples.current().length);
        double totalF = 0;
        double totalG = 0;
        for (int i = 0; i < m; i++) {
            totalF += samples.referenceWeight(i);
        }
        for (int i = m; i < pooled.length; i++) {
            totalG += samples.currentWeight(i - m);
        }
        int[] order = Sorting.order(pooled);
        double f = 0;
        double g = 0;
        double sum = 0;
        for (int rank = 0; rank + 1 < order.length; rank++) {
            int i = order[rank];
            if (i < m) {
                f += samples.referenceWeight(i);
            } else {
                g += samples.currentWeight(i - m);
            }
            double gap = Math.abs(f / totalF - g / totalG);
            sum += (power == 1 ? gap : gap * gap) * (pooled[order[rank + 1]] - pooled[i]);
        }
        return sum;
    }

    /**
     * Jensen–Shannon divergence, base 2 (0 … 1), of two vectors of counts or probabilities over the same categories,
     * normalised first: Lin, IEEE Trans. Inf. Theory 37 (1991) 145.
     */
    public static Statistic jensenShannonDivergence(double[] p, double[] q) {
        Optional<Reason> fault = faultOfMasses(p, q);
        return Statistic.unless(fault, p.length, () -> {
            double sumP = Arrays.stream(p).sum();
            double sumQ = Arrays.stream(q).sum();
            double divergence = 0;
            for (int i = 0; i < p.length; i++) {
                double a = p[i] / sumP;
                double b = q[i] / sumQ;
                double middle = (a + b) / 2;
                divergence += (relative(a, middle) + relative(b, middle)) / 2;
            }
            double bits = divergence / StrictMath.log(2);
            return Statistic.of(Math.max(0, Math.min(1, bits)), p.length);
        });
    }

    /** Root of the divergence: a metric. */
    public static Statistic jensenShannonDistance(double[] p, double[] q) {
        Statistic divergence = jensenShannonDivergence(p, q);
        return Statistic.unless(
                divergence.reason(), p.length, () -> Statistic.of(Math.sqrt(divergence.orThrow()), p.length));
    }

    private static double relative(double mass, double middle) {
        return mass == 0 ? 0 : mass * StrictMath.log(mass / middle);
    }

    private static Optional<Reason> faultOfMasses(double[] p, double[] q) {
        if (p.length != q.length) {
            return Optional.of(Reason.LENGTH_MISMATCH);
        }
        if (p.length == 0) {
            return Optional.of(Reason.EMPTY);
        }
        for (double[] masses : new double[][] {p, q}) {
            for (double mass : masses) {
                if (!Double.isFinite(mass)) {
                    return Optional.of(Reason.NON_FINITE_INPUT);
                }
                if (mass < 0) {
                    return Optional.of(Reason.OUT_OF_RANGE);
                }
            }
            if (Arrays.stream(masses).sum() == 0) {
                return Optional.of(Reason.ZERO_DENOMINATOR);
            }
        }
        return Optional.empty();
    }

    /** Counts of values per bin of {@link Quantile#bin}. */
    static long[] histogram(double[] values, double[] edges) {
        long[] counts = new long[edges.length + 1];
        for (double value : values) {
            counts[Quantile.bin(edges, value)]++;
        }
        return counts;
    }
}
