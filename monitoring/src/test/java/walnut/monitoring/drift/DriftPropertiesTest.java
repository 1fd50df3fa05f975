package walnut.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import walnut.monitoring.statistic.Statistic;

/** What must hold of distances between any two samples; values come in steps, so that ties are common. */
class DriftPropertiesTest {
    private static final Offset<Double> TINY = within(1e-9);
    private static final double EPSILON = PopulationStabilityIndex.DEFAULT_EPSILON;

    private static double[] values(int n, long seed) {
        Random random = new Random(seed);
        double centre = random.nextGaussian();
        double[] values = new double[n];
        Arrays.setAll(values, i -> Math.rint(8 * (centre + random.nextGaussian())) / 8);
        return values;
    }

    private static double[][] points(int n, long seed) {
        Random random = new Random(seed);
        double centre = random.nextGaussian() / 2;
        double[][] points = new double[n][3];
        for (double[] point : points) {
            Arrays.setAll(point, d -> centre + random.nextGaussian());
        }
        return points;
    }

    private static double[] map(double[] values, Function<Double, Double> of) {
        return Arrays.stream(values).map(of::apply).toArray();
    }

    private static double[][] moved(double[][] points, double scale, double shift) {
        return Arrays.stream(points)
                .map(point -> map(point, x -> scale * x + shift))
                .toArray(double[][]::new);
    }

    private static double[] backwards(double[] values) {
        double[] other = new double[values.length];
        Arrays.setAll(other, i -> values[values.length - 1 - i]);
        return other;
    }

    private static Statistic d(double[] x, double[] y) {
        return KolmogorovSmirnov.of(TwoSamples.of(x, y)).d();
    }

    private static double w1(double[] x, double[] y) {
        return DistributionDistance.wasserstein1(TwoSamples.of(x, y)).orThrow();
    }

    private static double energy(double[] x, double[] y) {
        return DistributionDistance.energy(TwoSamples.of(x, y)).orThrow();
    }

    private static double psi(double[] x, double[] y, double... edges) {
        return PopulationStabilityIndex.withEdges(TwoSamples.of(x, y), edges, EPSILON)
                .orThrow()
                .value();
    }

    @Property(tries = 100)
    void a_sample_is_at_no_distance_from_itself(@ForAll @IntRange(min = 4, max = 60) int n, @ForAll long seed) {
        double[] x = values(n, seed);
        double[] same = backwards(x);
        assertThat(d(x, same).orThrow()).isZero();
        assertThat(w1(x, same)).isZero();
        assertThat(energy(x, same)).isZero();
        assertThat(psi(x, same, -1, 0, 1)).isZero();
        assertThat(PopulationStabilityIndex.numeric(TwoSamples.of(x, same), 5, EPSILON)
                        .orThrow()
                        .value())
                .isZero();
        double[][] cloud = points(n, seed);
        PointClouds clouds = PointClouds.of(cloud, cloud);
        assertThat(MaximumMeanDiscrepancy.of(clouds, 1).biased().orThrow()).isCloseTo(0, within(1e-7));
        // The unbiased form leaves out the pairs of a point with itself, and so falls below 0.
        assertThat(MaximumMeanDiscrepancy.of(clouds, 1).unbiased().orThrow()).isLessThan(1e-12);
        assertThat(clouds.energy().orThrow()).isCloseTo(0, TINY);
    }

    @Property(tries = 100)
    void distances_are_symmetric_bounded_and_ignore_order(
            @ForAll @IntRange(min = 2, max = 60) int m, @ForAll @IntRange(min = 2, max = 60) int n, @ForAll long seed) {
        double[] x = values(m, seed);
        double[] y = values(n, seed + 1);
        assertThat(d(y, x).orThrow())
                .isEqualTo(d(x, y).orThrow())
                .isEqualTo(d(backwards(x), y).orThrow());
        assertThat(d(x, y).orThrow()).isBetween(0.0, 1.0);
        assertThat(w1(y, x)).isCloseTo(w1(x, y), TINY).isCloseTo(w1(x, backwards(y)), TINY);
        assertThat(energy(y, x)).isCloseTo(energy(x, y), TINY);
        assertThat(psi(y, x, -1, 0, 1)).isCloseTo(psi(x, y, -1, 0, 1), TINY).isGreaterThanOrEqualTo(0);
        double[][] p = points(m, seed);
        double[][] q = points(n, seed + 1);
        MaximumMeanDiscrepancy one = MaximumMeanDiscrepancy.of(PointClouds.of(p, q), 1.5);
        MaximumMeanDiscrepancy other = MaximumMeanDiscrepancy.of(PointClouds.of(q, p), 1.5);
        assertThat(other.unbiased().orThrow()).isCloseTo(one.unbiased().orThrow(), TINY);
        assertThat(one.biased().orThrow()).isBetween(0.0, Math.sqrt(2));
    }

    @Property(tries = 100)
    void kolmogorov_smirnov_and_psi_by_quantiles_ignore_monotone_transforms(
            @ForAll @IntRange(min = 10, max = 60) int m,
            @ForAll @IntRange(min = 2, max = 60) int n,
            @ForAll long seed) {
        double[] x = values(m, seed);
        double[] y = values(n, seed + 1);
        double[] cubedX = map(x, v -> 4 * v * v * v - 9);
        double[] cubedY = map(y, v -> 4 * v * v * v - 9);
        assertThat(d(cubedX, cubedY).orThrow()).isEqualTo(d(x, y).orThrow());
        // Turned round, the gaps are those between the tails.
        assertThat(d(map(x, v -> -v), map(y, v -> -v)).orThrow()).isEqualTo(d(x, y).orThrow());
        assertThat(psi(map(x, v -> 4 * v - 9), map(y, v -> 4 * v - 9), -13, -9, -5))
                .isCloseTo(psi(x, y, -1, 0, 1), TINY);
        assertThat(psi(cubedX, cubedY, -13, -9, -5)).isCloseTo(psi(x, y, -1, 0, 1), TINY);
    }

    @Property(tries = 100)
    void wasserstein_and_energy_scale_with_the_units(
            @ForAll @IntRange(min = 2, max = 60) int m,
            @ForAll @IntRange(min = 2, max = 60) int n,
            @ForAll @IntRange(min = 1, max = 40) int factor,
            @ForAll long seed) {
        double[] x = values(m, seed);
        double[] y = values(n, seed + 1);
        double c = factor / 8.0;
        double[] scaledX = map(x, v -> 5 - c * v);
        double[] scaledY = map(y, v -> 5 - c * v);
        assertThat(w1(scaledX, scaledY)).isCloseTo(c * w1(x, y), TINY);
        assertThat(energy(scaledX, scaledY)).isCloseTo(Math.sqrt(c) * energy(x, y), TINY);
        // A shift of all values is its own Wasserstein distance.
        assertThat(w1(x, map(x, v -> v + c))).isCloseTo(c, TINY);
        assertThat(w1(x, y)).isGreaterThanOrEqualTo(Math.abs(mean(x) - mean(y)) - 1e-9);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    @Property(tries = 100)
    void wasserstein_obeys_the_triangle_inequality(
            @ForAll @IntRange(min = 2, max = 40) int m, @ForAll @IntRange(min = 2, max = 40) int n, @ForAll long seed) {
        double[] x = values(m, seed);
        double[] y = values(n, seed + 1);
        double[] z = values(n, seed + 2);
        assertThat(w1(x, z)).isLessThanOrEqualTo(w1(x, y) + w1(y, z) + 1e-9);
        assertThat(d(x, z).orThrow()).isLessThanOrEqualTo(d(x, y).orThrow() + d(y, z).orThrow() + 1e-12);
    }

    /** Of equal sizes the cheapest way pairs the k-th smallest with the k-th smallest. */
    @Property(tries = 100)
    void wasserstein_of_equal_sizes_is_the_mean_gap_of_sorted_values(
            @ForAll @IntRange(min = 1, max = 60) int n, @ForAll long seed) {
        double[] x = Arrays.stream(values(n, seed)).sorted().toArray();
        double[] y = Arrays.stream(values(n, seed + 1)).sorted().toArray();
        double gaps = 0;
        for (int i = 0; i < n; i++) {
            gaps += Math.abs(x[i] - y[i]) / n;
        }
        assertThat(w1(backwards(x), y)).isCloseTo(gaps, TINY);
    }

    /** Energy by pairs of values agrees with energy by the gap of the curves. */
    @Property(tries = 50)
    void two_formulations_of_energy_agree(
            @ForAll @IntRange(min = 2, max = 30) int m, @ForAll @IntRange(min = 2, max = 30) int n, @ForAll long seed) {
        double[] x = values(m, seed);
        double[] y = values(n, seed + 1);
        double[][] columnX = Arrays.stream(x).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
        double[][] columnY = Arrays.stream(y).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
        double curves = energy(x, y);
        assertThat(PointClouds.of(columnX, columnY).energy().orThrow()).isCloseTo(curves * curves, TINY);
    }

    @Property(tries = 50)
    void discrepancy_ignores_shifts_and_units_that_the_kernel_shares(
            @ForAll @IntRange(min = 2, max = 30) int m, @ForAll @IntRange(min = 2, max = 30) int n, @ForAll long seed) {
        double[][] p = points(m, seed);
        double[][] q = points(n, seed + 1);
        MaximumMeanDiscrepancy one = MaximumMeanDiscrepancy.ofMedianDistance(PointClouds.of(p, q));
        MaximumMeanDiscrepancy other =
                MaximumMeanDiscrepancy.ofMedianDistance(PointClouds.of(moved(p, 6, 20), moved(q, 6, 20)));
        assertThat(other.sigma().orThrow()).isCloseTo(6 * one.sigma().orThrow(), within(1e-7));
        assertThat(other.unbiased().orThrow()).isCloseTo(one.unbiased().orThrow(), within(1e-8));
        assertThat(other.biased().orThrow()).isCloseTo(one.biased().orThrow(), within(1e-6));
    }

    @Property(tries = 100)
    void jensen_shannon_is_a_bounded_symmetric_distance_of_shares(
            @ForAll @IntRange(min = 2, max = 12) int categories, @ForAll long seed) {
        Random random = new Random(seed);
        double[] p = new double[categories];
        double[] q = new double[categories];
        Arrays.setAll(p, i -> i == 0 ? 1 : random.nextInt(20));
        Arrays.setAll(q, i -> i == 0 ? 1 : random.nextInt(20));
        double distance = DistributionDistance.jensenShannonDistance(p, q).orThrow();
        assertThat(distance).isBetween(0.0, 1.0);
        assertThat(DistributionDistance.jensenShannonDistance(q, p).orThrow()).isCloseTo(distance, TINY);
        assertThat(DistributionDistance.jensenShannonDistance(map(p, x -> 7 * x), q)
                        .orThrow())
                .isCloseTo(distance, within(1e-7));
        assertThat(DistributionDistance.jensenShannonDivergence(p, p).orThrow()).isCloseTo(0, within(1e-14));
    }

    @Property(tries = 100)
    void chi_square_ignores_order_and_grows_with_the_counts(
            @ForAll @IntRange(min = 2, max = 5) int rows,
            @ForAll @IntRange(min = 2, max = 5) int columns,
            @ForAll long seed) {
        Random random = new Random(seed);
        long[][] table = new long[rows][columns];
        long[][] turned = new long[columns][rows];
        long[][] triple = new long[rows][columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                table[i][j] = 1 + random.nextInt(30);
                turned[columns - 1 - j][rows - 1 - i] = table[i][j];
                triple[i][j] = 3 * table[i][j];
            }
        }
        ChiSquareTest one = ChiSquareTest.of(table, false).orThrow();
        ChiSquareTest other = ChiSquareTest.of(turned, false).orThrow();
        ChiSquareTest more = ChiSquareTest.of(triple, false).orThrow();
        assertThat(other.chiSquare()).isCloseTo(one.chiSquare(), within(1e-8));
        assertThat(other.p()).isCloseTo(one.p(), within(1e-8));
        assertThat(more.chiSquare()).isCloseTo(3 * one.chiSquare(), within(1e-7));
        assertThat(more.cramersV()).isCloseTo(one.cramersV(), within(1e-8));
        assertThat(one.cramersV()).isBetween(0.0, 1.0);
        assertThat(more.p()).isLessThanOrEqualTo(one.p() + 1e-12);
    }
}
