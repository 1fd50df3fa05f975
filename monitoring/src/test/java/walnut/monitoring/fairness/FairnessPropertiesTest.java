package walnut.monitoring.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import walnut.monitoring.accuracy.Confusion;
import walnut.monitoring.statistic.Interval;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Statistic;

/** What must hold of rates by group for any cases. */
class FairnessPropertiesTest {
    private static final Offset<Double> TINY = within(1e-12);
    /** No score falls on it, so that turning scores over turns every decision. */
    private static final double THRESHOLD = 0.55;

    private static final List<String> NAMES = List.of("A", "B", "C");

    private record Cases(boolean[] labels, double[] scores, List<String> groups) {
        static Cases draw(int n, long seed) {
            Random random = new Random(seed);
            boolean[] labels = new boolean[n];
            double[] scores = new double[n];
            List<String> groups = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                // Each group begins with a case of both classes.
                labels[i] = i < 6 ? i % 2 == 0 : random.nextBoolean();
                scores[i] = random.nextInt(11) / 10.0;
                groups.add(NAMES.get(i < 6 ? i / 2 : random.nextInt(3)));
            }
            return new Cases(labels, scores, groups);
        }

        SubgroupFairness fairness(List<String> names, String reference) {
            return SubgroupFairness.of(LabelledScores.of(labels, scores), groups, names, reference, THRESHOLD, 1, 0.95);
        }

        SubgroupFairness fairness() {
            return fairness(NAMES, "A");
        }

        Cases backwards() {
            int n = labels.length;
            boolean[] otherLabels = new boolean[n];
            double[] otherScores = new double[n];
            List<String> otherGroups = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                otherLabels[i] = labels[n - 1 - i];
                otherScores[i] = scores[n - 1 - i];
                otherGroups.add(groups.get(n - 1 - i));
            }
            return new Cases(otherLabels, otherScores, otherGroups);
        }

        /** "No cancer" as the event, flagged where cancer was not. */
        Cases turnedOver() {
            boolean[] otherLabels = new boolean[labels.length];
            for (int i = 0; i < labels.length; i++) {
                otherLabels[i] = !labels[i];
            }
            double[] otherScores =
                    Arrays.stream(scores).map(s -> 2 * THRESHOLD - s).toArray();
            return new Cases(otherLabels, otherScores, groups);
        }
    }

    @Property(tries = 100)
    void order_of_cases_and_of_groups_changes_nothing(@ForAll @IntRange(min = 6, max = 120) int n, @ForAll long seed) {
        Cases cases = Cases.draw(n, seed);
        SubgroupFairness one = cases.fairness();
        SubgroupFairness other = cases.backwards().fairness(List.of("C", "A", "B"), "A");
        assertThat(other.groups()).isEqualTo(one.groups());
        assertThat(other.differences()).isEqualTo(one.differences());
        assertThat(other.equalOpportunityGap()).isEqualTo(one.equalOpportunityGap());
        assertThat(other.equalisedOddsGap()).isEqualTo(one.equalisedOddsGap());
        assertThat(other.demographicParityGap()).isEqualTo(one.demographicParityGap());
    }

    @Property(tries = 100)
    void names_of_groups_mean_nothing(@ForAll @IntRange(min = 6, max = 120) int n, @ForAll long seed) {
        Cases cases = Cases.draw(n, seed);
        List<String> renamed = cases.groups.stream()
                .map(name -> NAMES.get(2 - NAMES.indexOf(name)))
                .toList();
        SubgroupFairness one = cases.fairness();
        SubgroupFairness other = new Cases(cases.labels, cases.scores, renamed).fairness(NAMES, "C");
        assertThat(other.equalOpportunityGap()).isEqualTo(one.equalOpportunityGap());
        assertThat(other.equalisedOddsGap()).isEqualTo(one.equalisedOddsGap());
        assertThat(other.differences().get("A")).isEqualTo(one.differences().get("C"));
        assertThat(other.differences().get("B")).isEqualTo(one.differences().get("B"));
    }

    @Property(tries = 100)
    void swapping_the_reference_turns_a_difference_over(
            @ForAll @IntRange(min = 6, max = 120) int n, @ForAll long seed) {
        Cases cases = Cases.draw(n, seed);
        Statistic there = cases.fairness(NAMES, "A").differences().get("B").truePositiveRate();
        Statistic back = cases.fairness(NAMES, "B").differences().get("A").truePositiveRate();
        assertThat(back.orThrow()).isCloseTo(-there.orThrow(), TINY);
        Interval one = there.interval().orElseThrow();
        Interval other = back.interval().orElseThrow();
        assertThat(other.lower()).isCloseTo(-one.upper(), TINY);
        assertThat(other.upper()).isCloseTo(-one.lower(), TINY);
        assertThat(one.contains(there.orThrow())).isTrue();
    }

    @Property(tries = 100)
    void swapping_the_labels_swaps_the_rates(@ForAll @IntRange(min = 6, max = 120) int n, @ForAll long seed) {
        Cases cases = Cases.draw(n, seed);
        SubgroupFairness one = cases.fairness();
        SubgroupFairness other = cases.turnedOver().fairness();
        for (String name : NAMES) {
            assertThat(other.groups().get(name).truePositiveRate().orThrow())
                    .isCloseTo(1 - one.groups().get(name).falsePositiveRate().orThrow(), TINY);
            assertThat(other.groups().get(name).selectionRate().orThrow())
                    .isCloseTo(1 - one.groups().get(name).selectionRate().orThrow(), TINY);
        }
        assertThat(other.equalisedOddsGap().orThrow())
                .isCloseTo(one.equalisedOddsGap().orThrow(), TINY);
        assertThat(other.demographicParityGap().orThrow())
                .isCloseTo(one.demographicParityGap().orThrow(), TINY);
    }

    @Property(tries = 100)
    void gaps_are_the_largest_of_the_differences_between_groups(
            @ForAll @IntRange(min = 6, max = 120) int n, @ForAll long seed) {
        Cases cases = Cases.draw(n, seed);
        SubgroupFairness one = cases.fairness();
        double largest = 0;
        long counted = 0;
        for (String reference : NAMES) {
            for (SubgroupFairness.Differences difference :
                    cases.fairness(NAMES, reference).differences().values()) {
                largest = Math.max(largest, difference.truePositiveRate().orThrow());
            }
            Confusion counts = one.groups().get(reference).counts();
            counted += counts.n();
        }
        assertThat(one.equalOpportunityGap().orThrow()).isCloseTo(largest, TINY).isBetween(0.0, 1.0);
        assertThat(one.equalisedOddsGap().orThrow())
                .isGreaterThanOrEqualTo(one.equalOpportunityGap().orThrow());
        assertThat(counted).isEqualTo(n);
    }

    /** The same men once in each group: nothing can differ. */
    @Property(tries = 50)
    void equal_groups_have_no_gap(@ForAll @IntRange(min = 6, max = 60) int n, @ForAll long seed) {
        Cases cases = Cases.draw(n, seed);
        boolean[] labels = new boolean[2 * n];
        double[] scores = new double[2 * n];
        for (int i = 0; i < 2 * n; i++) {
            labels[i] = cases.labels[i % n];
            scores[i] = cases.scores[i % n];
        }
        List<String> groups =
                IntStream.range(0, 2 * n).mapToObj(i -> i < n ? "A" : "B").toList();
        SubgroupFairness fairness = new Cases(labels, scores, groups).fairness(List.of("A", "B"), "A");
        assertThat(fairness.equalOpportunityGap().orThrow()).isZero();
        assertThat(fairness.equalisedOddsGap().orThrow()).isZero();
        assertThat(fairness.demographicParityGap().orThrow()).isZero();
    }
}
