package walnut.monitoring.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import walnut.monitoring.statistic.Statistic;

/** What must hold of control charts for any stream. */
class ChartPropertiesTest {
    private static final Offset<Double> TINY = within(1e-9);

    /** Steps of 1/8 around 2, so that sums are exact and a scale of 4 changes no rounding. */
    private static double[] stream(int n, long seed) {
        Random random = new Random(seed);
        double[] x = new double[n];
        Arrays.setAll(x, i -> 2 + Math.rint(8 * random.nextGaussian()) / 8);
        return x;
    }

    private static double[] moved(double[] x, double scale, double shift) {
        return Arrays.stream(x).map(value -> scale * value + shift).toArray();
    }

    private static Cusum cusum(double[] x, double h) {
        return Cusum.of(x, 2, 1, 0.5, h).orThrow();
    }

    private static Ewma ewma(double[] x, double width) {
        return Ewma.of(x, 2, 1, 0.25, width).orThrow();
    }

    private static int at(OptionalInt signal) {
        return signal.orElse(Integer.MAX_VALUE);
    }

    private static int[] events(int n, long seed) {
        Random random = new Random(seed);
        int[] events = new int[n];
        Arrays.setAll(events, i -> random.nextInt(5) == 0 ? 1 : 0);
        return events;
    }

    private static BernoulliCusum bernoulli(int[] events, double h) {
        double[] p0 = new double[events.length];
        double[] p1 = new double[events.length];
        Arrays.fill(p0, 0.1);
        Arrays.fill(p1, 0.25);
        return BernoulliCusum.of(events, p0, p1, h).orThrow();
    }

    /** Where a CUSUM stands at 0 it has forgotten what was before. */
    @Property(tries = 100)
    void a_cusum_back_at_zero_goes_on_like_a_new_one(@ForAll @IntRange(min = 3, max = 80) int n, @ForAll long seed) {
        double[] x = stream(n, seed);
        double[] up = cusum(x, 4).up();
        int[] events = events(n, seed);
        double[] s = bernoulli(events, 3).s();
        for (int i = 0; i + 1 < n; i++) {
            if (up[i] == 0) {
                assertThat(cusum(Arrays.copyOfRange(x, i + 1, n), 4).up())
                        .containsExactly(Arrays.copyOfRange(up, i + 1, n));
            }
            if (s[i] == 0) {
                assertThat(bernoulli(Arrays.copyOfRange(events, i + 1, n), 3).s())
                        .containsExactly(Arrays.copyOfRange(s, i + 1, n));
            }
        }
    }

    /** The past of an EWMA fades by 1 − λ a step, and never all at once. */
    @Property(tries = 100)
    void what_an_ewma_remembers_of_its_start_fades(
            @ForAll @IntRange(min = 2, max = 60) int n,
            @ForAll @IntRange(min = -16, max = 16) int step,
            @ForAll long seed) {
        double[] x = stream(n, seed);
        double[] other = x.clone();
        other[0] += step;
        double[] z = ewma(x, 3).z();
        double[] changed = ewma(other, 3).z();
        for (int i = 0; i < n; i++) {
            assertThat(changed[i] - z[i]).isCloseTo(step * 0.25 * Math.pow(0.75, i), TINY);
        }
        assertThat(Ewma.of(x, 2, 1, 1, 3).orThrow().z()).containsExactly(x);
    }

    @Property(tries = 100)
    void charts_rise_with_the_shift_and_signal_no_later(
            @ForAll @IntRange(min = 1, max = 80) int n,
            @ForAll @IntRange(min = 0, max = 16) int eighths,
            @ForAll long seed) {
        double[] x = stream(n, seed);
        double[] shifted = moved(x, 1, eighths / 8.0);
        Cusum low = cusum(x, 4);
        Cusum high = cusum(shifted, 4);
        Ewma before = ewma(x, 3);
        Ewma after = ewma(shifted, 3);
        for (int i = 0; i < n; i++) {
            assertThat(high.up()[i]).isGreaterThanOrEqualTo(low.up()[i]);
            assertThat(high.down()[i]).isLessThanOrEqualTo(low.down()[i]);
            assertThat(after.z()[i]).isGreaterThanOrEqualTo(before.z()[i] - 1e-12);
        }
        assertThat(above(high)).isLessThanOrEqualTo(above(low));
        // One event more never lowers the chart of events.
        int[] events = events(n, seed);
        int[] more = events.clone();
        more[n / 2] = 1;
        double[] s = bernoulli(events, 3).s();
        double[] raised = bernoulli(more, 3).s();
        for (int i = 0; i < n; i++) {
            assertThat(raised[i]).isGreaterThanOrEqualTo(s[i]);
        }
        assertThat(at(bernoulli(more, 3).firstSignal()))
                .isLessThanOrEqualTo(at(bernoulli(events, 3).firstSignal()));
    }

    /** When the upper side signals. */
    private static int above(Cusum chart) {
        for (int i = 0; i < chart.up().length; i++) {
            if (chart.up()[i] > 4) {
                return i;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Property(tries = 100)
    void wider_limits_signal_no_earlier(@ForAll @IntRange(min = 1, max = 80) int n, @ForAll long seed) {
        double[] x = stream(n, seed);
        int[] events = events(n, seed);
        for (int limit = 1; limit < 6; limit++) {
            assertThat(at(cusum(x, limit).firstSignal()))
                    .isLessThanOrEqualTo(at(cusum(x, limit + 1).firstSignal()));
            assertThat(at(ewma(x, limit).firstSignal()))
                    .isLessThanOrEqualTo(at(ewma(x, limit + 1).firstSignal()));
            assertThat(at(bernoulli(events, limit).firstSignal()))
                    .isLessThanOrEqualTo(at(bernoulli(events, limit + 1).firstSignal()));
        }
    }

    @Property(tries = 100)
    void charts_do_not_depend_on_units_and_turn_over_with_the_sign(
            @ForAll @IntRange(min = 1, max = 80) int n, @ForAll long seed) {
        double[] x = stream(n, seed);
        Cusum one = cusum(x, 4);
        Cusum scaled = Cusum.of(moved(x, 4, 0), 8, 4, 0.5, 4).orThrow();
        Cusum mirrored = Cusum.of(moved(x, -1, 0), -2, 1, 0.5, 4).orThrow();
        assertThat(scaled.up()).containsExactly(moved(one.up(), 4, 0));
        assertThat(scaled.firstSignal()).isEqualTo(one.firstSignal());
        assertThat(mirrored.up()).containsExactly(one.down());
        assertThat(mirrored.firstSignal()).isEqualTo(one.firstSignal());
        Ewma average = ewma(x, 3);
        Ewma scaledAverage = Ewma.of(moved(x, 4, 0), 8, 4, 0.25, 3).orThrow();
        assertThat(scaledAverage.z()).containsExactly(moved(average.z(), 4, 0), TINY);
        assertThat(scaledAverage.firstSignal()).isEqualTo(average.firstSignal());
    }

    @Property(tries = 50)
    void a_stream_at_its_target_never_signals(@ForAll @IntRange(min = 1, max = 80) int n) {
        double[] x = new double[n];
        Arrays.fill(x, 2);
        assertThat(cusum(x, 1e-6).firstSignal()).isEmpty();
        assertThat(ewma(x, 1e-6).firstSignal()).isEmpty();
        assertThat(ewma(x, 3).z()).containsExactly(x);
    }

    /** The log of the likelihood ratio of the whole stream, as long as the chart has not touched 0. */
    @Property(tries = 100)
    void sum_of_an_untouched_cusum_is_the_likelihood_ratio(@ForAll @IntRange(min = 1, max = 20) int n) {
        int[] events = new int[n];
        Arrays.fill(events, 1);
        assertThat(bernoulli(events, 3).s()[n - 1]).isCloseTo(Math.log(Math.pow(0.25 / 0.1, n)), within(1e-8));
        double[] p0 = new double[n];
        Arrays.setAll(p0, i -> 0.05 + 0.03 * (i % 5));
        double expected = 0;
        for (double p : p0) {
            expected += Math.log(3 / (1 - p + 3 * p));
        }
        assertThat(BernoulliCusum.riskAdjusted(events, p0, 3, 3).orThrow().s()[n - 1])
                .isCloseTo(expected, within(1e-8));
    }

    @Property(tries = 100)
    void p_chart_of_what_did_not_happen_is_the_mirror_image(
            @ForAll @IntRange(min = 2, max = 30) int periods, @ForAll long seed) {
        Random random = new Random(seed);
        long[] n = new long[periods];
        long[] events = new long[periods];
        long[] others = new long[periods];
        for (int i = 0; i < periods; i++) {
            n[i] = 1 + random.nextInt(60);
            events[i] = random.nextInt((int) n[i] + 1);
            others[i] = n[i] - events[i];
        }
        PChart one = PChart.of(events, n, 2).orThrow();
        PChart other = PChart.of(others, n, 2).orThrow();
        assertThat(other.centre()).isCloseTo(1 - one.centre(), TINY);
        for (int i = 0; i < periods; i++) {
            assertThat(mirror(other.points().get(i)))
                    .isCloseTo(one.points().get(i).orThrow(), TINY);
            assertThat(mirror(other.upper().get(i)))
                    .isCloseTo(one.lower().get(i).orThrow(), TINY);
            assertThat(one.lower().get(i).orThrow()).isBetween(0.0, one.centre());
            assertThat(one.upper().get(i).orThrow()).isBetween(one.centre(), 1.0);
        }
    }

    private static double mirror(Statistic proportion) {
        return 1 - proportion.orThrow();
    }
}
