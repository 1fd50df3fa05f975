package walnut.monitoring.control;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoublePredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import walnut.monitoring.control.SiteScenario.KnownOutcomes;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Quantile;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;
import walnut.monitoring.statistic.Streams;

/**
 * The charts that watch one model at one site, with limits found by simulation so that all of them together alarm falsely
 * in at most a stated share of two-year periods.
 *
 * <p>Four charts: missed cancers among the cancers that became known, and false flags among the men known to be free of it,
 * each as a Bernoulli CUSUM and as an EWMA (λ = .02, one-sided). They are designed for the verified stream: with 95 % of
 * AI-positive and 35 % of AI-negative cancers verified, true misses of .08 → .18 appear as .031 → .075. The budget is
 * divided equally between them; a limit is the quantile of the chart's maximum over simulated in-control two years.
 * Run r draws from stream r of {@link Streams}.
 */
public final class ChartDesign {
    /** Days of the period to which the false-alarm budget refers. */
    public static final double TWO_YEARS = 730.5;

    private static final double EWMA_LAMBDA = 0.02;
    private static final double DAYS_PER_MONTH = 365.25 / 12;
    /** In control before a change, so that charts do not start from zero. */
    private static final double WARM_UP = 365.25;

    /** The charts, in the order of limits. */
    public enum Chart {
        MISSED_CANCER_CUSUM,
        MISSED_CANCER_EWMA,
        FALSE_FLAG_CUSUM,
        FALSE_FLAG_EWMA;

        boolean takes(boolean cancer) {
            return cancer == (this == MISSED_CANCER_CUSUM || this == MISSED_CANCER_EWMA);
        }

        /** A miss for the first two, a flag for the others. */
        boolean isEvent(boolean flagged) {
            return flagged == (this == FALSE_FLAG_CUSUM || this == FALSE_FLAG_EWMA);
        }

        boolean isCusum() {
            return this == MISSED_CANCER_CUSUM || this == FALSE_FLAG_CUSUM;
        }
    }

    private final SiteScenario inControl;
    private final SiteScenario changed;
    private final double[] limits;

    private ChartDesign(SiteScenario inControl, SiteScenario changed, double[] limits) {
        this.inControl = inControl;
        this.changed = changed;
        this.limits = limits;
    }

    /**
     * {@code budget} is the tolerated probability of any false alarm in two years, over all charts. Undefined when the site
     * is no site, or when so little becomes known that an event has probability 0 or 1 and no chart can be drawn.
     */
    public static Answer<ChartDesign> find(
            SiteScenario inControl, SiteScenario changed, double budget, int runs, long seed) {
        Optional<Reason> fault = fault(inControl, changed);
        if (fault.isEmpty() && !(budget > 0 && budget < 1 && runs > 0)) {
            fault = Optional.of(Reason.INVALID_PARAMETER);
        }
        return Answer.unless(fault, () -> {
            ChartDesign open = new ChartDesign(inControl, changed, new double[Chart.values().length]);
            Arrays.fill(open.limits, Double.POSITIVE_INFINITY);
            double share = budget / Chart.values().length;
            double[][] maxima = open.maxima(runs, seed);
            double[] limits = new double[Chart.values().length];
            for (Chart chart : Chart.values()) {
                double[] sorted = Arrays.stream(maxima)
                        .mapToDouble(row -> row[chart.ordinal()])
                        .sorted()
                        .toArray();
                // Just above the quantile: charts of counts take few values, and equal ones must not all alarm.
                limits[chart.ordinal()] = Quantile.ofSorted(sorted, 1 - share) * (1 + 1e-9) + 1e-9;
            }
            return Answer.of(new ChartDesign(inControl, changed, limits));
        });
    }

    private static Optional<Reason> fault(SiteScenario inControl, SiteScenario changed) {
        for (SiteScenario site : List.of(inControl, changed)) {
            for (Statistic rate : List.of(site.missedAmongKnown(), site.flaggedAmongKnownBenign())) {
                if (rate.reason().isPresent()) {
                    return rate.reason();
                }
                if (rate.orThrow() <= 0 || rate.orThrow() >= 1) {
                    return Optional.of(Reason.NOT_IDENTIFIED);
                }
            }
        }
        return Optional.empty();
    }

    public double limit(Chart chart) {
        return limits[chart.ordinal()];
    }

    /** Mean number of charts that alarm in two years in control, over all charts, in fresh runs. */
    public Statistic falseAlarmsPerTwoYears(int runs, long seed) {
        return inControl(runs, seed, row -> alarms(row));
    }

    /** Share of two-year periods in control in which any of the charts alarms: what the budget bounds. */
    public Statistic periodsWithFalseAlarm(int runs, long seed) {
        return inControl(runs, seed, row -> Math.min(1, alarms(row)));
    }

    private Statistic inControl(int runs, long seed, ToDoubleFunction<double[]> count) {
        return runs < 1
                ? Statistic.undefined(Reason.INVALID_PARAMETER, 0)
                : Statistic.of(
                        Arrays.stream(maxima(runs, seed))
                                .mapToDouble(count)
                                .average()
                                .orElse(0),
                        runs);
    }

    private double alarms(double[] maxima) {
        return Arrays.stream(Chart.values())
                .filter(chart -> maxima[chart.ordinal()] >= limit(chart))
                .count();
    }

    /**
     * The largest value of each chart in two years in control, run by run. The charts have run for a year before, as they
     * have at a site: results of exams of that year still arrive, and no chart starts from zero.
     */
    private double[][] maxima(int runs, long seed) {
        return IntStream.range(0, runs)
                .parallel()
                .mapToObj(run -> maxima(
                        inControl.run(inControl, WARM_UP + TWO_YEARS, WARM_UP + TWO_YEARS, Streams.of(seed, run))))
                .toArray(double[][]::new);
    }

    /**
     * Time from the change to the first alarm.
     *
     * @param medianMonths empty when fewer than half of the runs alarm within two years: NOT_DETECTABLE_WITHIN_2_YEARS
     */
    public record Detection(OptionalDouble medianMonths, double shareWithinTwoYears) {
        public String months() {
            return medianMonths.isPresent()
                    ? String.format(Locale.ROOT, "%.1f", medianMonths.getAsDouble())
                    : "NOT_DETECTABLE_WITHIN_2_YEARS";
        }
    }

    /**
     * Detection by one of these charts when, after a year in control, the site becomes {@code after}; runs that alarm
     * before the change are left out.
     */
    public Answer<Detection> detect(List<Chart> charts, SiteScenario after, int runs, long seed) {
        Optional<Reason> fault = after.fault();
        if (fault.isEmpty() && runs < 1) {
            fault = Optional.of(Reason.INVALID_PARAMETER);
        }
        return Answer.unless(fault, () -> Answer.of(detection(charts, after, runs, seed)));
    }

    private Detection detection(List<Chart> charts, SiteScenario after, int runs, long seed) {
        double[] months = IntStream.range(0, runs)
                .parallel()
                .mapToObj(run -> inControl.run(after, WARM_UP, WARM_UP + TWO_YEARS, Streams.of(seed, run)))
                .mapToDouble(known -> charts.stream()
                        .mapToDouble(chart -> firstAlarm(chart, known))
                        .min()
                        .orElse(Double.POSITIVE_INFINITY))
                .filter(day -> day >= WARM_UP)
                .map(day -> (day - WARM_UP) / DAYS_PER_MONTH)
                .sorted()
                .toArray();
        long found = Arrays.stream(months).filter(Double::isFinite).count();
        double share = months.length == 0 ? 0 : (double) found / months.length;
        double median = months.length == 0 ? Double.POSITIVE_INFINITY : months[months.length / 2];
        return new Detection(Double.isFinite(median) ? OptionalDouble.of(median) : OptionalDouble.empty(), share);
    }

    private double[] maxima(KnownOutcomes known) {
        double[] maxima = new double[Chart.values().length];
        for (Chart chart : Chart.values()) {
            double[] largest = new double[1];
            run(chart, known, WARM_UP, value -> {
                largest[0] = Math.max(largest[0], value);
                return false;
            });
            maxima[chart.ordinal()] = largest[0];
        }
        return maxima;
    }

    private double firstAlarm(Chart chart, KnownOutcomes known) {
        return run(chart, known, 0, value -> value >= limit(chart));
    }

    /** Feeds the chart; returns the day, at or after {@code from}, at which {@code watcher} first says yes, else +∞. */
    private double run(Chart chart, KnownOutcomes known, double from, DoublePredicate watcher) {
        boolean missed = chart.takes(true);
        double p0 = missed
                ? inControl.missedAmongKnown().orThrow()
                : inControl.flaggedAmongKnownBenign().orThrow();
        double p1 = missed
                ? changed.missedAmongKnown().orThrow()
                : changed.flaggedAmongKnownBenign().orThrow();
        double up = BernoulliCusum.logLikelihoodRatio(true, p0, p1);
        double down = BernoulliCusum.logLikelihoodRatio(false, p0, p1);
        double spread = Math.sqrt(p0 * (1 - p0) * EWMA_LAMBDA / (2 - EWMA_LAMBDA));
        double s = 0;
        double z = p0;
        for (int i = 0; i < known.day().length; i++) {
            if (!chart.takes(known.cancer()[i])) {
                continue;
            }
            boolean event = chart.isEvent(known.flagged()[i]);
            s = Math.max(0, s + (event ? up : down));
            z += EWMA_LAMBDA * ((event ? 1 : 0) - z);
            if (known.day()[i] >= from && watcher.test(chart.isCusum() ? s : (z - p0) / spread)) {
                return known.day()[i];
            }
        }
        return Double.POSITIVE_INFINITY;
    }
}
