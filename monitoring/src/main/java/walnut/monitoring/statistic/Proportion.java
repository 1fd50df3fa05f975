package walnut.monitoring.statistic;

import java.util.Optional;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * x successes in n independent trials, with its intervals. One exam per patient: several exams or lesions of one patient
 * are not independent and need the {@link walnut.monitoring.accuracy.ClusterBootstrap}.
 */
public record Proportion(long successes, long trials) {
    public Proportion {
        if (successes < 0 || successes > trials) {
            throw new IllegalArgumentException(successes + " successes in " + trials + " trials");
        }
    }

    /** x/n with its Wilson interval at {@code level}; undefined for n = 0. */
    public Statistic statistic(double level) {
        return Statistic.unless(
                fault(level),
                trials,
                () -> Statistic.of(
                        (double) successes / trials, trials, wilson(level).result()));
    }

    /**
     * Score interval: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209, without continuity correction. Exactly 0 at x = 0
     * and exactly 1 at x = n.
     */
    public Answer<Interval> wilson(double level) {
        return Answer.unless(fault(level), () -> {
            double n = trials;
            double p = successes / n;
            double z = Normal.twoSided(level);
            double z2 = z * z;
            double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
            double half = z / (1 + z2 / n) * Math.sqrt(p * (1 - p) / n + z2 / (4 * n * n));
            double lower = successes == 0 ? 0 : Math.max(0, centre - half);
            double upper = successes == trials ? 1 : Math.min(1, centre + half);
            return Answer.of(new Interval(lower, upper, level, IntervalMethod.WILSON));
        });
    }

    /** "Exact" interval from the beta distribution: Clopper & Pearson, Biometrika 26 (1934) 404. Conservative. */
    public Answer<Interval> clopperPearson(double level) {
        return Answer.unless(fault(level), () -> {
            double tail = (1 - level) / 2;
            double lower = successes == 0
                    ? 0
                    : BetaDistribution.of(successes, trials - successes + 1.0).inverseCumulativeProbability(tail);
            double upper = successes == trials
                    ? 1
                    : BetaDistribution.of(successes + 1.0, trials - successes).inverseSurvivalProbability(tail);
            return Answer.of(new Interval(lower, upper, level, IntervalMethod.CLOPPER_PEARSON));
        });
    }

    /**
     * Interval of {@code first − second} from independent samples: Newcombe's hybrid score method 10, Stat. Med. 17
     * (1998) 873.
     */
    public static Answer<Interval> newcombe(Proportion first, Proportion second, double level) {
        Optional<Reason> fault = first.fault(level).or(() -> second.fault(level));
        return Answer.unless(fault, () -> {
            double p1 = (double) first.successes / first.trials;
            double p2 = (double) second.successes / second.trials;
            Interval w1 = first.wilson(level).orThrow();
            Interval w2 = second.wilson(level).orThrow();
            double difference = p1 - p2;
            double lower = difference - Math.sqrt(square(p1 - w1.lower()) + square(w2.upper() - p2));
            double upper = difference + Math.sqrt(square(w1.upper() - p1) + square(p2 - w2.lower()));
            return Answer.of(new Interval(lower, upper, level, IntervalMethod.NEWCOMBE));
        });
    }

    private Optional<Reason> fault(double level) {
        if (trials == 0) {
            return Optional.of(Reason.ZERO_DENOMINATOR);
        }
        return Normal.faultOfLevel(level);
    }

    private static double square(double x) {
        return x * x;
    }
}
