package walnut.monitoring.drift;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.apache.commons.statistics.inference.PValueMethod;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Sorting;
import walnut.monitoring.statistic.Statistic;

/**
 * Two-sample Kolmogorov–Smirnov: D = sup |F_ref − F_cur|; the exact two-sided p without ties for m·n ≤ 10,000, and the
 * Kolmogorov limit Q(√(mn/(m + n))·D), as in R. With ties the limit is conservative and the exact p undefined.
 *
 * <p>Never an alarm by itself: at n = 20,000 a shift of .05 SD is always "significant", and twelve features tested weekly
 * are sure to alarm falsely within a year.
 */
public record KolmogorovSmirnov(Statistic d, Statistic pAsymptotic, Statistic pExact) {
    private static final long EXACT_UP_TO = 10_000;

    public static KolmogorovSmirnov of(TwoSamples samples) {
        int n = samples.n();
        if (samples.fault().isPresent()) {
            Statistic none = Statistic.undefined(samples.fault().get(), n);
            return new KolmogorovSmirnov(none, none, none);
        }
        double[] x = samples.reference();
        double[] y = samples.current();
        double d = DistributionDistance.supremum(x, y);
        double product = (double) x.length * y.length;
        double limit = complement(Math.sqrt(product / n) * d);
        Optional<Reason> noExact = Optional.empty();
        if (product > EXACT_UP_TO) {
            noExact = Optional.of(Reason.OUT_OF_RANGE);
        } else if (hasTies(x, y)) {
            noExact = Optional.of(Reason.INVALID_PARAMETER);
        }
        Statistic exact = Statistic.unless(
                noExact, n, () -> Statistic.of(x.length == 1 || y.length == 1 ? exactOfOne(d, n - 1) : exact(x, y), n));
        return new KolmogorovSmirnov(Statistic.of(d, n), Statistic.of(limit, n), exact);
    }

    private static double exact(double[] x, double[] y) {
        return KolmogorovSmirnovTest.withDefaults()
                .with(PValueMethod.EXACT)
                .test(x, y)
                .getPValue();
    }

    /**
     * One value against m others: it is equally likely to stand at each of m + 1 places, and at place j D is the larger of
     * j/m and (m − j)/m. The library asks for two values.
     */
    private static double exactOfOne(double d, int m) {
        long observed = Math.round(d * m);
        long atLeast = IntStream.rangeClosed(0, m)
                .filter(place -> Math.max(place, m - place) >= observed)
                .count();
        return (double) atLeast / (m + 1);
    }

    private static boolean hasTies(double[] x, double[] y) {
        double[] pooled = Arrays.copyOf(x, x.length + y.length);
        System.arraycopy(y, 0, pooled, x.length, y.length);
        Sorting.sort(pooled);
        for (int i = 1; i < pooled.length; i++) {
            if (pooled[i] == pooled[i - 1]) {
                return true;
            }
        }
        return false;
    }

    /**
     * Q(λ) = 2 Σ (−1)^(k−1) exp(−2k²λ²), the complement of Kolmogorov's distribution; for small λ through Jacobi's theta
     * identity, where that series converges slowly.
     */
    static double complement(double lambda) {
        if (lambda <= 0) {
            return 1;
        }
        if (lambda < 1) {
            double sum = 0;
            for (int k = 1; k <= 20; k++) {
                double odd = 2 * k - 1;
                sum += StrictMath.exp(-odd * odd * Math.PI * Math.PI / (8 * lambda * lambda));
            }
            return 1 - Math.sqrt(2 * Math.PI) / lambda * sum;
        }
        double sum = 0;
        for (int k = 20; k >= 1; k--) {
            double term = StrictMath.exp(-2.0 * k * k * lambda * lambda);
            sum += k % 2 == 1 ? term : -term;
        }
        return Math.max(0, Math.min(1, 2 * sum));
    }
}
