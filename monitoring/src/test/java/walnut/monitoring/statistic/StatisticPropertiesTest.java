package walnut.monitoring.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;

/** What must hold of adjusted p-values, proportions, quantiles and moments for any input. */
class StatisticPropertiesTest {
    private static final Offset<Double> TINY = within(1e-10);

    private static final List<Function<double[], Answer<double[]>>> ADJUSTMENTS = List.of(
            MultipleTesting::bonferroni,
            MultipleTesting::holm,
            MultipleTesting::benjaminiHochberg,
            MultipleTesting::benjaminiYekutieli);

    /** Small ones, large ones and ties. */
    private static double[] pValues(int n, long seed) {
        Random random = new Random(seed);
        double[] p = new double[n];
        Arrays.setAll(p, i -> random.nextBoolean() ? random.nextInt(20) / 400.0 : random.nextDouble());
        return p;
    }

    private static double[] backwards(double[] values) {
        double[] other = new double[values.length];
        Arrays.setAll(other, i -> values[values.length - 1 - i]);
        return other;
    }

    @Property(tries = 200)
    void adjusted_p_values_keep_order_and_bounds_wherever_they_stand(
            @ForAll @IntRange(min = 1, max = 40) int n, @ForAll long seed) {
        double[] p = pValues(n, seed);
        for (Function<double[], Answer<double[]>> adjust : ADJUSTMENTS) {
            double[] adjusted = adjust.apply(p).orThrow();
            assertThat(adjust.apply(backwards(p)).orThrow()).containsExactly(backwards(adjusted), TINY);
            for (int i = 0; i < n; i++) {
                assertThat(adjusted[i]).isBetween(p[i] - 1e-15, 1.0);
                for (int j = 0; j < n; j++) {
                    assertThat(p[i] < p[j] && adjusted[i] > adjusted[j]).isFalse();
                }
            }
        }
        assertThat(MultipleTesting.holm(new double[] {p[0]}).orThrow()).containsExactly(p[0]);
    }

    @Property(tries = 200)
    void stronger_promises_cost_more(@ForAll @IntRange(min = 1, max = 40) int n, @ForAll long seed) {
        double[] p = pValues(n, seed);
        double[] bonferroni = MultipleTesting.bonferroni(p).orThrow();
        double[] holm = MultipleTesting.holm(p).orThrow();
        double[] hochberg = MultipleTesting.benjaminiHochberg(p).orThrow();
        double[] yekutieli = MultipleTesting.benjaminiYekutieli(p).orThrow();
        for (int i = 0; i < n; i++) {
            assertThat(holm[i]).isLessThanOrEqualTo(bonferroni[i] + 1e-15);
            assertThat(hochberg[i]).isLessThanOrEqualTo(holm[i] + 1e-15);
            assertThat(hochberg[i]).isLessThanOrEqualTo(yekutieli[i] + 1e-15);
        }
    }

    @Property(tries = 200)
    void a_smaller_p_never_makes_another_adjusted_p_larger(
            @ForAll @IntRange(min = 1, max = 40) int n, @ForAll long seed) {
        double[] p = pValues(n, seed);
        double[] smaller = p.clone();
        smaller[n / 2] /= 2;
        for (Function<double[], Answer<double[]>> adjust : ADJUSTMENTS) {
            double[] before = adjust.apply(p).orThrow();
            double[] after = adjust.apply(smaller).orThrow();
            for (int i = 0; i < n; i++) {
                assertThat(after[i]).isLessThanOrEqualTo(before[i] + 1e-15);
            }
        }
    }

    /** The step-up rule itself: the largest k with p(k) ≤ kα/m, and all up to it. α lies between what p can take. */
    @Property(tries = 200)
    void benjamini_hochberg_rejects_what_its_step_up_rule_rejects(
            @ForAll @IntRange(min = 1, max = 40) int n, @ForAll long seed) {
        double alpha = 0.0503;
        double[] p = pValues(n, seed);
        double[] sorted = Arrays.stream(p).sorted().toArray();
        int rejected = 0;
        for (int k = 1; k <= n; k++) {
            rejected = sorted[k - 1] <= k * alpha / n ? k : rejected;
        }
        double[] adjusted = MultipleTesting.benjaminiHochberg(p).orThrow();
        assertThat(Arrays.stream(adjusted).filter(q -> q <= alpha).count()).isEqualTo(rejected);
    }

    @Property(tries = 200)
    void intervals_of_a_proportion_mirror_those_of_its_complement(
            @ForAll @IntRange(min = 1, max = 300) int trials, @ForAll @IntRange(min = 0, max = 300) int draw) {
        int successes = draw % (trials + 1);
        Proportion one = new Proportion(successes, trials);
        Proportion other = new Proportion(trials - successes, trials);
        List<Function<Proportion, Interval>> methods = List.of(
                proportion -> proportion.wilson(0.95).orThrow(),
                proportion -> proportion.clopperPearson(0.95).orThrow());
        double share = (double) successes / trials;
        for (Function<Proportion, Interval> method : methods) {
            Interval interval = method.apply(one);
            assertThat(interval.lower()).isCloseTo(1 - method.apply(other).upper(), within(1e-9));
            assertThat(interval.lower()).isBetween(0.0, share + 1e-12);
            assertThat(interval.upper()).isBetween(share - 1e-12, 1.0);
        }
        Interval narrow = one.wilson(0.8).orThrow();
        Interval wide = one.wilson(0.99).orThrow();
        assertThat(narrow.lower()).isGreaterThanOrEqualTo(wide.lower() - 1e-15);
        assertThat(narrow.upper()).isLessThanOrEqualTo(wide.upper() + 1e-15);
        // Ten times as many cases say the same more surely.
        Interval more =
                new Proportion(10L * successes, 10L * trials).wilson(0.95).orThrow();
        assertThat(more.upper() - more.lower())
                .isLessThan(one.wilson(0.95).orThrow().upper()
                        - one.wilson(0.95).orThrow().lower());
    }

    @Property(tries = 200)
    void interval_of_a_difference_turns_over_with_the_groups(
            @ForAll @IntRange(min = 1, max = 100) int m,
            @ForAll @IntRange(min = 1, max = 100) int n,
            @ForAll @IntRange(min = 0, max = 100) int a,
            @ForAll @IntRange(min = 0, max = 100) int b) {
        Proportion first = new Proportion(a % (m + 1), m);
        Proportion second = new Proportion(b % (n + 1), n);
        Interval one = Proportion.newcombe(first, second, 0.95).orThrow();
        Interval other = Proportion.newcombe(second, first, 0.95).orThrow();
        assertThat(other.lower()).isCloseTo(-one.upper(), TINY);
        assertThat(other.upper()).isCloseTo(-one.lower(), TINY);
        double difference = (double) first.successes() / m - (double) second.successes() / n;
        assertThat(difference).isBetween(one.lower() - 1e-12, one.upper() + 1e-12);
        assertThat(one.lower()).isGreaterThanOrEqualTo(-1 - 1e-12);
        assertThat(one.upper()).isLessThanOrEqualTo(1 + 1e-12);
    }

    @Property(tries = 200)
    void quantiles_rise_move_with_the_units_and_mirror(
            @ForAll @IntRange(min = 1, max = 60) int n,
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 99) int percent) {
        double[] values = pValues(n, seed);
        double p = percent / 100.0;
        double quantile = Quantile.of(values, p);
        assertThat(Quantile.of(values, p + 0.01)).isGreaterThanOrEqualTo(quantile);
        assertThat(Quantile.of(backwards(values), p)).isEqualTo(quantile);
        double[] moved = Arrays.stream(values).map(x -> 7 - 3 * x).toArray();
        assertThat(Quantile.of(moved, 1 - p)).isCloseTo(7 - 3 * quantile, TINY);
    }

    @Property(tries = 200)
    void correlation_is_symmetric_bounded_and_free_of_units(
            @ForAll @IntRange(min = 3, max = 60) int n, @ForAll long seed) {
        double[] x = pValues(n, seed);
        double[] y = pValues(n, seed + 1);
        x[0] = 2;
        y[1] = 2;
        double r = Moments.pearson(x, y).orThrow();
        assertThat(r).isBetween(-1.0, 1.0);
        assertThat(Moments.pearson(y, x).orThrow()).isCloseTo(r, TINY);
        double[] moved = Arrays.stream(x).map(value -> 4 - 3 * value).toArray();
        assertThat(Moments.pearson(moved, y).orThrow()).isCloseTo(-r, TINY);
    }
}
