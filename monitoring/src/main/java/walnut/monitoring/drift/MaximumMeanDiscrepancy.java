package walnut.monitoring.drift;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import walnut.monitoring.statistic.Quantile;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Maximum mean discrepancy of two clouds of points under the kernel exp(−‖a − b‖²/(2σ²)): the unbiased MMD² and the
 * biased MMD of Gretton et al., J. Mach. Learn. Res. 13 (2012) 723, equations 3 and 5. MMD² may be negative and is not
 * clipped. Time is quadratic: sample large windows down to 2,000 with a stored seed.
 *
 * <p>The permutation p is (1 + #{permuted ≥ observed − 10⁻¹²})/(1 + P) over given permutations, whose first m indices form
 * the reference; the exhaustive p is #{split ≥ observed − 10⁻¹²}/C(m + n, m) over all splits.
 */
public final class MaximumMeanDiscrepancy {
    private static final double SLACK = 1e-12;
    private static final long SPLITS_AT_MOST = 1_000_000;
    /** A kernel matrix is kept for permutations up to this many points (128 MB); above it only the sums are. */
    private static final int KEPT_UP_TO = 4_000;

    private final PointClouds clouds;
    private final double sigma;
    private final Optional<Reason> fault;

    private MaximumMeanDiscrepancy(PointClouds clouds, double sigma, Optional<Reason> fault) {
        this.clouds = clouds;
        this.sigma = sigma;
        this.fault = fault;
    }

    /** With a kernel width given in the units of the points. */
    public static MaximumMeanDiscrepancy of(PointClouds clouds, double sigma) {
        Optional<Reason> fault = fault(clouds);
        if (fault.isEmpty() && !(sigma > 0 && Double.isFinite(sigma))) {
            fault = Optional.of(Reason.INVALID_PARAMETER);
        }
        return new MaximumMeanDiscrepancy(clouds, sigma, fault);
    }

    /** With σ = the median Euclidean distance over all pairs of the pooled points. */
    public static MaximumMeanDiscrepancy ofMedianDistance(PointClouds clouds) {
        Optional<Reason> fault = fault(clouds);
        if (fault.isPresent()) {
            return new MaximumMeanDiscrepancy(clouds, Double.NaN, fault);
        }
        int n = clouds.n();
        double[] distances = new double[n * (n - 1) / 2];
        int next = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                distances[next++] = Math.sqrt(clouds.squaredDistance(i, j));
            }
        }
        double median = Quantile.of(distances, 0.5);
        return new MaximumMeanDiscrepancy(
                clouds, median, median == 0 ? Optional.of(Reason.ZERO_VARIANCE) : Optional.empty());
    }

    private static Optional<Reason> fault(PointClouds clouds) {
        if (clouds.fault().isPresent()) {
            return clouds.fault();
        }
        boolean few = clouds.references() < 2 || clouds.n() - clouds.references() < 2;
        return few ? Optional.of(Reason.TOO_FEW) : Optional.empty();
    }

    public Statistic sigma() {
        return Statistic.unless(fault, clouds.n(), () -> Statistic.of(sigma, clouds.n()));
    }

    /** MMD², unbiased. */
    public Statistic unbiased() {
        return Statistic.unless(fault, clouds.n(), () -> Statistic.of(sums().unbiased(), clouds.n()));
    }

    /** MMD (not squared), biased: the root of the V-statistic. */
    public Statistic biased() {
        return Statistic.unless(
                fault, clouds.n(), () -> Statistic.of(Math.sqrt(Math.max(0, sums().biased())), clouds.n()));
    }

    /** Each permutation holds all indices of the pooled points; those first in it, as many as references, are reference. */
    public Statistic permutationP(List<int[]> permutations) {
        Optional<Reason> fault = faultOfKernel();
        if (fault.isEmpty() && !permutations.stream().allMatch(this::isPermutation)) {
            fault = Optional.of(Reason.INVALID_PARAMETER);
        }
        return Statistic.unless(fault, clouds.n(), () -> {
            double[][] kernel = kernel();
            double observed = sums().unbiased();
            boolean[] reference = new boolean[clouds.n()];
            int atLeast = 0;
            for (int[] permutation : permutations) {
                Arrays.fill(reference, false);
                for (int k = 0; k < clouds.references(); k++) {
                    reference[permutation[k]] = true;
                }
                atLeast += sums(kernel, reference).unbiased() >= observed - SLACK ? 1 : 0;
            }
            return Statistic.of((1.0 + atLeast) / (1.0 + permutations.size()), clouds.n());
        });
    }

    private boolean isPermutation(int[] indices) {
        return Arrays.equals(
                Arrays.stream(indices).sorted().toArray(),
                IntStream.range(0, clouds.n()).toArray());
    }

    /** Over all C(m + n, m) splits, at most a million. */
    public Statistic exhaustiveP() {
        Optional<Reason> no = faultOfKernel();
        if (no.isEmpty() && splits(clouds.n(), clouds.references()) > SPLITS_AT_MOST) {
            no = Optional.of(Reason.OUT_OF_RANGE);
        }
        return Statistic.unless(no, clouds.n(), () -> {
            double[][] kernel = kernel();
            double observed = sums().unbiased();
            boolean[] reference = new boolean[clouds.n()];
            long[] tally = new long[2];
            split(kernel, reference, 0, clouds.references(), observed, tally);
            return Statistic.of((double) tally[1] / tally[0], clouds.n());
        });
    }

    /** C(n, m), as far as it matters here. */
    private static double splits(int n, int m) {
        double splits = 1;
        for (int i = 1; i <= m; i++) {
            splits = splits * (n - m + i) / i;
        }
        return splits;
    }

    private void split(double[][] kernel, boolean[] reference, int from, int left, double observed, long[] tally) {
        if (left == 0) {
            tally[0]++;
            tally[1] += sums(kernel, reference).unbiased() >= observed - SLACK ? 1 : 0;
            return;
        }
        for (int i = from; i <= reference.length - left; i++) {
            reference[i] = true;
            split(kernel, reference, i + 1, left - 1, observed, tally);
            reference[i] = false;
        }
    }

    private Optional<Reason> faultOfKernel() {
        return fault.isEmpty() && clouds.n() > KEPT_UP_TO ? Optional.of(Reason.OUT_OF_RANGE) : fault;
    }

    private double kernel(int i, int j) {
        return StrictMath.exp(-clouds.squaredDistance(i, j) / (2 * sigma * sigma));
    }

    private double[][] kernel() {
        int n = clouds.n();
        double[][] kernel = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                kernel[i][j] = kernel(i, j);
            }
        }
        return kernel;
    }

    /** Sums of the kernel over unordered pairs: within the m references, within the k current points, between them. */
    private record Sums(double reference, double current, double between, double m, double k) {
        double unbiased() {
            return 2 * reference / (m * (m - 1)) + 2 * current / (k * (k - 1)) - 2 * between / (m * k);
        }

        double biased() {
            return (2 * reference + m) / (m * m) + (2 * current + k) / (k * k) - 2 * between / (m * k);
        }
    }

    private Sums sums() {
        int m = clouds.references();
        int n = clouds.n();
        double reference = 0;
        double current = 0;
        double between = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                double value = kernel(i, j);
                if (j < m) {
                    reference += value;
                } else if (i >= m) {
                    current += value;
                } else {
                    between += value;
                }
            }
        }
        return new Sums(reference, current, between, m, n - m);
    }

    private Sums sums(double[][] kernel, boolean[] isReference) {
        int n = clouds.n();
        double reference = 0;
        double current = 0;
        double between = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                if (isReference[i] && isReference[j]) {
                    reference += kernel[i][j];
                } else if (!isReference[i] && !isReference[j]) {
                    current += kernel[i][j];
                } else {
                    between += kernel[i][j];
                }
            }
        }
        return new Sums(reference, current, between, clouds.references(), n - clouds.references());
    }
}
