package walnut.monitoring.fairness;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import walnut.monitoring.accuracy.Confusion;
import walnut.monitoring.statistic.Interval;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Proportion;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Rates per group at one operating point, their differences from a reference group with Newcombe's interval, and the gaps
 * over groups: equal opportunity = range of the true-positive rate; equalised odds = the larger of the ranges of the true-
 * and false-positive rates (Hardt et al., NeurIPS 2016); demographic parity = range of the rate of flags.
 *
 * <p>A rate is evaluable when its denominator is at least {@code fewest}; a gap needs two evaluable groups. Gaps are
 * biased upwards when groups are small, so an alarm asks that the interval of a difference exclude the tolerated gap.
 * Parity of flags is not a goal where prevalence differs.
 */
public record SubgroupFairness(
        Map<String, Group> groups,
        Map<String, Differences> differences,
        Statistic equalOpportunityGap,
        Statistic equalisedOddsGap,
        Statistic demographicParityGap) {

    public record Group(
            String name,
            Confusion counts,
            Statistic truePositiveRate,
            Statistic falsePositiveRate,
            Statistic selectionRate,
            Statistic ppv) {}

    /** Group minus reference; defined ones carry Newcombe's interval. */
    public record Differences(Statistic truePositiveRate, Statistic falsePositiveRate) {}

    /** {@code group[i]} names the group of case i; {@code names} lists the groups to report, also those without cases. */
    public static SubgroupFairness of(
            LabelledScores cases,
            List<String> group,
            List<String> names,
            String referenceGroup,
            double threshold,
            int fewest,
            double level) {
        Optional<Reason> fault = cases.fault();
        if (fault.isEmpty() && group.size() != cases.n()) {
            fault = Optional.of(Reason.LENGTH_MISMATCH);
        }
        if (fault.isEmpty() && (Double.isNaN(threshold) || !names.contains(referenceGroup))) {
            fault = Optional.of(Reason.INVALID_PARAMETER);
        }
        Map<String, Group> groups = new LinkedHashMap<>();
        for (String name : names) {
            Confusion counts = fault.isPresent() ? new Confusion(0, 0, 0, 0) : count(cases, group, name, threshold);
            groups.put(name, group(name, counts, fault, fewest, level));
        }
        Map<String, Differences> differences = new LinkedHashMap<>();
        Optional<Group> reference = Optional.ofNullable(groups.get(referenceGroup));
        for (Group one : groups.values()) {
            if (!one.name().equals(referenceGroup)) {
                differences.put(one.name(), differences(one, reference.orElse(one), level));
            }
        }
        Statistic opportunity = gap(groups, Group::truePositiveRate, fault, cases.n());
        Statistic falsePositives = gap(groups, Group::falsePositiveRate, fault, cases.n());
        Optional<Reason> noOdds = opportunity.reason().or(falsePositives::reason);
        return new SubgroupFairness(
                groups,
                differences,
                opportunity,
                Statistic.unless(
                        noOdds,
                        cases.n(),
                        () -> Statistic.of(Math.max(opportunity.orThrow(), falsePositives.orThrow()), cases.n())),
                gap(groups, Group::selectionRate, fault, cases.n()));
    }

    private static Confusion count(LabelledScores cases, List<String> group, String name, double threshold) {
        long[][] counts = new long[2][2];
        for (int i = 0; i < cases.n(); i++) {
            if (name.equals(group.get(i))) {
                counts[cases.label(i) ? 1 : 0][cases.score(i) >= threshold ? 1 : 0]++;
            }
        }
        return new Confusion(counts[1][1], counts[0][1], counts[0][0], counts[1][0]);
    }

    private static Group group(String name, Confusion counts, Optional<Reason> fault, int fewest, double level) {
        long flagged = counts.truePositives() + counts.falsePositives();
        return new Group(
                name,
                counts,
                rate(counts.sensitivity(), fault, fewest, level),
                rate(new Proportion(counts.falsePositives(), counts.negatives()), fault, fewest, level),
                rate(new Proportion(flagged, counts.n()), fault, fewest, level),
                rate(counts.ppv(), fault, fewest, level));
    }

    private static Statistic rate(Proportion proportion, Optional<Reason> fault, int fewest, double level) {
        Optional<Reason> reason = fault;
        if (reason.isEmpty() && proportion.trials() == 0) {
            reason = Optional.of(Reason.EMPTY);
        }
        if (reason.isEmpty() && proportion.trials() < fewest) {
            reason = Optional.of(Reason.TOO_FEW);
        }
        return Statistic.unless(reason, proportion.trials(), () -> proportion.statistic(level));
    }

    private static Differences differences(Group one, Group reference, double level) {
        return new Differences(
                difference(
                        one.truePositiveRate(),
                        reference.truePositiveRate(),
                        one.counts().sensitivity(),
                        reference.counts().sensitivity(),
                        level),
                difference(
                        one.falsePositiveRate(),
                        reference.falsePositiveRate(),
                        falsePositives(one.counts()),
                        falsePositives(reference.counts()),
                        level));
    }

    private static Proportion falsePositives(Confusion counts) {
        return new Proportion(counts.falsePositives(), counts.negatives());
    }

    private static Statistic difference(
            Statistic one, Statistic reference, Proportion ofOne, Proportion ofReference, double level) {
        long n = one.n() + reference.n();
        return Statistic.unless(one.reason().or(reference::reason), n, () -> {
            Optional<Interval> interval =
                    Proportion.newcombe(ofOne, ofReference, level).result();
            return Statistic.of(one.orThrow() - reference.orThrow(), n, interval);
        });
    }

    private static Statistic gap(
            Map<String, Group> groups, Function<Group, Statistic> rate, Optional<Reason> fault, long n) {
        if (fault.isPresent()) {
            return Statistic.undefined(fault.get(), n);
        }
        double[] rates = groups.values().stream()
                .map(rate)
                .filter(Statistic::isDefined)
                .mapToDouble(Statistic::orThrow)
                .sorted()
                .toArray();
        return rates.length < 2
                ? Statistic.undefined(Reason.TOO_FEW, n)
                : Statistic.of(rates[rates.length - 1] - rates[0], n);
    }
}
