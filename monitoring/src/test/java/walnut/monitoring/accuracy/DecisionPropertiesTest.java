package walnut.monitoring.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import walnut.monitoring.accuracy.VerificationBias.Stratum;
import walnut.monitoring.statistic.LabelledScores;

/** What must hold of decisions at a threshold, for any counts. */
class DecisionPropertiesTest {
    private static final Offset<Double> TINY = within(1e-10);

    /** Both classes occur; risks are k/10, so that many fall on a threshold. */
    private static LabelledScores cases(int n, long seed, boolean backwards) {
        Random random = new Random(seed);
        boolean[] labels = new boolean[n];
        double[] risks = new double[n];
        for (int k = 0; k < n; k++) {
            int i = backwards ? n - 1 - k : k;
            labels[i] = k < 2 ? k == 0 : random.nextBoolean();
            risks[i] = random.nextInt(11) / 10.0;
        }
        return LabelledScores.of(labels, risks);
    }

    @Property(tries = 100)
    void net_benefit_by_counts_is_net_benefit_by_rates(
            @ForAll @IntRange(min = 2, max = 80) int n,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 99) int percent) {
        LabelledScores cases = cases(n, seed, false);
        double threshold = percent / 100.0;
        NetBenefit benefit = NetBenefit.at(threshold, cases);
        Confusion table = Confusion.at(threshold, cases).orThrow();
        double prevalence = (double) cases.positives() / n;
        double odds = threshold / (1 - threshold);
        double sensitivity = (double) table.truePositives() / table.positives();
        double specificity = (double) table.trueNegatives() / table.negatives();
        assertThat(benefit.netBenefit().orThrow())
                .isCloseTo(prevalence * sensitivity - (1 - prevalence) * (1 - specificity) * odds, TINY)
                .isBetween(-(1 - prevalence) * odds - 1e-12, prevalence + 1e-12);
        assertThat(benefit.standardised().orThrow() * prevalence)
                .isCloseTo(benefit.netBenefit().orThrow(), TINY);
        // Men spared a biopsy, less those whose cancer is then missed, weighed by what a missed cancer costs.
        assertThat(benefit.interventionsAvoidedPer100().orThrow())
                .isCloseTo(100.0 * (table.trueNegatives() - table.falseNegatives() / odds) / n, within(1e-7));
        assertThat(NetBenefit.at(threshold, cases(n, seed, true)).netBenefit()).isEqualTo(benefit.netBenefit());
    }

    @Property(tries = 100)
    void flagging_all_or_none_has_the_net_benefit_of_treating_all_or_none(
            @ForAll @IntRange(min = 2, max = 80) int n,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 99) int percent) {
        LabelledScores cases = cases(n, seed, false);
        double threshold = percent / 100.0;
        boolean[] labels = cases.labels();
        double[] all = new double[n];
        Arrays.fill(all, 1);
        NetBenefit everyone = NetBenefit.at(threshold, LabelledScores.of(labels, all));
        NetBenefit nobody = NetBenefit.at(threshold, LabelledScores.of(labels, new double[n]));
        assertThat(everyone.netBenefit().orThrow())
                .isCloseTo(everyone.treatAll().orThrow(), TINY);
        assertThat(everyone.interventionsAvoidedPer100().orThrow()).isCloseTo(0, within(1e-8));
        assertThat(nobody.netBenefit().orThrow())
                .isEqualTo(nobody.treatNone().orThrow())
                .isZero();
        assertThat(nobody.treatAll()).isEqualTo(everyone.treatAll());
    }

    /** Selection that has nothing to do with the decision leaves nothing to correct. */
    @Property(tries = 100)
    void verification_at_random_needs_no_correction(
            @ForAll @IntRange(min = 1, max = 60) int a,
            @ForAll @IntRange(min = 1, max = 60) int b,
            @ForAll @IntRange(min = 1, max = 60) int c,
            @ForAll @IntRange(min = 1, max = 60) int d,
            @ForAll @IntRange(min = 0, max = 5) int unverifiedPerVerified) {
        VerificationBias bias = VerificationBias.of(
                new Stratum(a, b, (long) unverifiedPerVerified * (a + b)),
                new Stratum(c, d, (long) unverifiedPerVerified * (c + d)));
        assertThat(bias.sensitivityCorrected().orThrow())
                .isCloseTo(bias.sensitivityNaive().orThrow(), TINY);
        assertThat(bias.specificityCorrected().orThrow())
                .isCloseTo(bias.specificityNaive().orThrow(), TINY);
        assertThat(bias.prevalenceCorrected().orThrow()).isCloseTo((a + c) / (double) (a + b + c + d), TINY);
    }

    @Property(tries = 100)
    void unverified_men_below_the_threshold_lower_sensitivity_and_raise_specificity(
            @ForAll @IntRange(min = 1, max = 60) int a,
            @ForAll @IntRange(min = 1, max = 60) int b,
            @ForAll @IntRange(min = 1, max = 60) int c,
            @ForAll @IntRange(min = 1, max = 60) int d,
            @ForAll @IntRange(min = 1, max = 500) int unverified) {
        VerificationBias bias = VerificationBias.of(new Stratum(a, b, 0), new Stratum(c, d, unverified));
        VerificationBias more = VerificationBias.of(new Stratum(a, b, 0), new Stratum(c, d, unverified + 1L));
        double sensitivity = bias.sensitivityCorrected().orThrow();
        assertThat(sensitivity).isLessThan(bias.sensitivityNaive().orThrow());
        assertThat(bias.specificityCorrected().orThrow())
                .isGreaterThan(bias.specificityNaive().orThrow());
        assertThat(more.sensitivityCorrected().orThrow()).isLessThan(sensitivity);
        // The other formulation: each verified man stands for as many as there are of his kind.
        double weight = bias.weightTestNegative().orThrow();
        assertThat(weight).isCloseTo((c + d + unverified) / (double) (c + d), TINY);
        assertThat(sensitivity).isCloseTo(a / (a + c * weight), TINY);
    }

    @Property(tries = 100)
    void naming_no_cancer_the_event_swaps_sensitivity_with_specificity(
            @ForAll @IntRange(min = 1, max = 60) int tp,
            @ForAll @IntRange(min = 1, max = 60) int fp,
            @ForAll @IntRange(min = 1, max = 60) int tn,
            @ForAll @IntRange(min = 1, max = 60) int fn) {
        Confusion one = new Confusion(tp, fp, tn, fn);
        Confusion other = new Confusion(tn, fn, tp, fp);
        assertThat(other.sensitivity()).isEqualTo(one.specificity());
        assertThat(other.ppv()).isEqualTo(one.npv());
        assertThat(other.matthews().orThrow()).isCloseTo(one.matthews().orThrow(), TINY);
        assertThat(other.youden().orThrow()).isCloseTo(one.youden().orThrow(), TINY);
        assertThat(other.balancedAccuracy().orThrow())
                .isCloseTo(one.balancedAccuracy().orThrow(), TINY);
        assertThat(one.matthews().orThrow()).isBetween(-1.0, 1.0);
        // Bayes at the prevalence of the table itself gives the table's own predictive values.
        double prevalence = one.positives() / (double) one.n();
        assertThat(one.ppvAt(prevalence).orThrow()).isCloseTo(tp / (double) (tp + fp), TINY);
        assertThat(one.npvAt(prevalence).orThrow()).isCloseTo(tn / (double) (tn + fn), TINY);
    }

    @Property(tries = 100)
    void mcnemar_is_symmetric_and_falls_with_imbalance(
            @ForAll @IntRange(min = 1, max = 80) int b, @ForAll @IntRange(min = 0, max = 80) int c) {
        McNemar one = McNemar.of(b, c);
        assertThat(McNemar.of(c, b)).isEqualTo(one);
        assertThat(one.pExact().orThrow()).isBetween(0.0, 1.0);
        assertThat(one.chiSquareCorrected().orThrow())
                .isLessThanOrEqualTo(one.chiSquare().orThrow() + (b == c ? 1.0 / (b + c) : 0));
        if (b > c && c > 0) {
            // As many disagreements, less evenly shared.
            assertThat(McNemar.of(b + 1L, c - 1L).pExact().orThrow())
                    .isLessThan(one.pExact().orThrow());
        }
    }

    @Property(tries = 100)
    void more_cases_are_needed_for_smaller_falls_and_smaller_errors(
            @ForAll @IntRange(min = 60, max = 95) int before, @ForAll @IntRange(min = 2, max = 20) int fall) {
        double p0 = before / 100.0;
        double p1 = p0 - fall / 100.0;
        double nearer = p0 - (fall - 1) / 100.0;
        double needed = SampleSize.twoWindows(p0, p1, 0.05, 0.8).orThrow();
        assertThat(SampleSize.twoWindows(p1, p0, 0.05, 0.8).orThrow()).isCloseTo(needed, within(1e-6));
        assertThat(SampleSize.twoWindows(p0, nearer, 0.05, 0.8).orThrow()).isGreaterThan(needed);
        assertThat(SampleSize.twoWindows(p0, p1, 0.01, 0.8).orThrow()).isGreaterThan(needed);
        assertThat(SampleSize.twoWindows(p0, p1, 0.05, 0.9).orThrow()).isGreaterThan(needed);
        assertThat(SampleSize.forHalfWidth(p0, 0.05, 0.05).orThrow())
                .isCloseTo(4 * SampleSize.forHalfWidth(p0, 0.1, 0.05).orThrow(), within(1e-6));
        assertThat(SampleSize.hanleyMcNeil(p0, 30, 70).orThrow())
                .isGreaterThan(SampleSize.hanleyMcNeil(p0, 31, 70).orThrow());
    }
}
