package walnut.monitoring.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import walnut.monitoring.accuracy.Auroc;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Statistic;

/** What must hold of calibration for any cases; risks come in steps, so that ties are common. */
class CalibrationPropertiesTest {
    private static final Offset<Double> TINY = within(1e-10);

    private record Cases(boolean[] labels, double[] risks) {
        /** Both classes occur and overlap, so that every statistic is defined. */
        static Cases draw(int n, long seed) {
            Random random = new Random(seed);
            int levels = 3 + random.nextInt(12);
            boolean[] labels = new boolean[n];
            double[] risks = new double[n];
            for (int i = 0; i < n; i++) {
                labels[i] = i < 4 ? i % 2 == 0 : random.nextBoolean();
                risks[i] = i < 4 ? 0.3 * (1 + i / 2) : (1 + random.nextInt(levels)) / (levels + 1.0);
            }
            return new Cases(labels, risks);
        }

        /** Risks that come true: of many men with risk p, a share p has cancer. */
        static Cases comingTrue(int n, long seed) {
            Random random = new Random(seed);
            boolean[] labels = new boolean[n];
            double[] risks = new double[n];
            for (int i = 0; i < n; i++) {
                risks[i] = 1 / (1 + Math.exp(0.8 - 1.3 * random.nextGaussian()));
                labels[i] = random.nextDouble() < risks[i];
            }
            return new Cases(labels, risks);
        }

        int n() {
            return risks.length;
        }

        LabelledScores scores() {
            return LabelledScores.of(labels, risks);
        }

        Cases backwards() {
            boolean[] otherLabels = new boolean[n()];
            double[] otherRisks = new double[n()];
            for (int i = 0; i < n(); i++) {
                otherLabels[i] = labels[n() - 1 - i];
                otherRisks[i] = risks[n() - 1 - i];
            }
            return new Cases(otherLabels, otherRisks);
        }

        /** The same men, with "no cancer" as the event. */
        Cases turnedOver() {
            boolean[] otherLabels = new boolean[n()];
            double[] otherRisks = new double[n()];
            for (int i = 0; i < n(); i++) {
                otherLabels[i] = !labels[i];
                otherRisks[i] = 1 - risks[i];
            }
            return new Cases(otherLabels, otherRisks);
        }

        /** The same men, with shift + stretch·logit(p) in place of logit(p). */
        Cases onLogit(double shift, double stretch) {
            return new Cases(
                    labels,
                    Arrays.stream(risks)
                            .map(p -> 1 / (1 + Math.exp(-shift - stretch * Math.log(p / (1 - p)))))
                            .toArray());
        }

        CalibrationLine line() {
            return CalibrationLine.of(scores(), 1e-10, 0.9999);
        }

        double brier() {
            return ProbabilityScore.brier(scores()).orThrow();
        }
    }

    private static void assertSame(Statistic other, Statistic one, double tolerance) {
        assertThat(other.orThrow()).isCloseTo(one.orThrow(), within(tolerance));
    }

    @Property(tries = 100)
    void order_of_the_cases_changes_nothing(@ForAll @IntRange(min = 8, max = 120) int n, @ForAll long seed) {
        Cases cases = Cases.draw(n, seed);
        LabelledScores one = cases.scores();
        LabelledScores other = cases.backwards().scores();
        assertSame(ProbabilityScore.brier(other), ProbabilityScore.brier(one), 1e-10);
        assertSame(ProbabilityScore.logLoss(other, 1e-15), ProbabilityScore.logLoss(one, 1e-15), 1e-10);
        assertSame(
                CalibrationError.equalMass(other, 5).orThrow().expected(),
                CalibrationError.equalMass(one, 5).orThrow().expected(),
                1e-10);
        assertSame(cases.backwards().line().slope(), cases.line().slope(), 1e-7);
        assertSame(cases.backwards().line().intercept(), cases.line().intercept(), 1e-7);
        double[] isotonic =
                IsotonicCalibration.fit(one).orThrow().apply(cases.risks).orThrow();
        assertThat(IsotonicCalibration.fit(other).orThrow().apply(cases.risks).orThrow())
                .containsExactly(isotonic, TINY);
    }

    @Property(tries = 100)
    void naming_no_cancer_the_event_turns_the_line_over(
            @ForAll @IntRange(min = 8, max = 120) int n, @ForAll long seed) {
        Cases cases = Cases.draw(n, seed);
        LabelledScores one = cases.scores();
        LabelledScores other = cases.turnedOver().scores();
        assertSame(ProbabilityScore.brier(other), ProbabilityScore.brier(one), 1e-10);
        assertSame(ProbabilityScore.logLoss(other, 1e-15), ProbabilityScore.logLoss(one, 1e-15), 1e-10);
        assertSame(ProbabilityScore.spiegelhalterZ(other), ProbabilityScore.spiegelhalterZ(one), 1e-8);
        CalibrationLine line = cases.line();
        CalibrationLine turned = cases.turnedOver().line();
        assertSame(turned.slope(), line.slope(), 1e-6);
        assertThat(turned.intercept().orThrow()).isCloseTo(-line.intercept().orThrow(), within(1e-6));
        assertThat(turned.inTheLarge().orThrow()).isCloseTo(-line.inTheLarge().orThrow(), within(1e-6));
    }

    /** Murphy, J. Appl. Meteorol. 12 (1973) 595: reliability − resolution + uncertainty, over groups of equal risk. */
    @Property(tries = 100)
    void brier_score_is_reliability_less_resolution_plus_uncertainty(
            @ForAll @IntRange(min = 8, max = 120) int n, @ForAll long seed) {
        Cases cases = Cases.draw(n, seed);
        Map<Double, double[]> groups = new HashMap<>();
        for (int i = 0; i < n; i++) {
            double[] group = groups.computeIfAbsent(cases.risks[i], risk -> new double[2]);
            group[0]++;
            group[1] += cases.labels[i] ? 1 : 0;
        }
        double prevalence = (double) cases.scores().positives() / n;
        double reliability = 0;
        double resolution = 0;
        for (Map.Entry<Double, double[]> entry : groups.entrySet()) {
            double size = entry.getValue()[0];
            double rate = entry.getValue()[1] / size;
            reliability += size / n * (entry.getKey() - rate) * (entry.getKey() - rate);
            resolution += size / n * (rate - prevalence) * (rate - prevalence);
        }
        double uncertainty = prevalence * (1 - prevalence);
        assertThat(cases.brier()).isCloseTo(reliability - resolution + uncertainty, TINY);
        assertThat(ProbabilityScore.brierSkill(cases.scores()).orThrow())
                .isCloseTo((resolution - reliability) / uncertainty, within(1e-9));
    }

    @Property(tries = 100)
    void calibration_errors_are_bounded_and_grow_as_bins_are_halved(
            @ForAll @IntRange(min = 8, max = 120) int n, @ForAll long seed) {
        LabelledScores cases = Cases.draw(n, seed).scores();
        double coarser = 0;
        for (int bins : new int[] {1, 2, 4, 8, 16}) {
            CalibrationError error = CalibrationError.equalWidth(cases, bins).orThrow();
            double expected = error.expected().orThrow();
            // Within a bin errors of opposite sign cancel; in its halves they show.
            assertThat(expected).isBetween(coarser - 1e-12, error.maximum().orThrow() + 1e-12);
            assertThat(error.maximum().orThrow()).isLessThanOrEqualTo(1);
            assertThat(error.bins().stream()
                            .mapToInt(CalibrationError.Bin::count)
                            .sum())
                    .isEqualTo(n);
            coarser = expected;
        }
    }

    /** The line fitted to risks that were moved along the logit undoes the move. */
    @Property(tries = 50)
    void line_undoes_what_was_done_to_the_risks(
            @ForAll @IntRange(min = 30, max = 120) int n,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int at) {
        Cases cases = Cases.draw(n, seed);
        double stretch = 0.25 * at;
        double shift = 0.3 * (at - 5);
        CalibrationLine line = cases.line();
        CalibrationLine moved = cases.onLogit(shift, stretch).line();
        double slope = line.slope().orThrow() / stretch;
        assertThat(moved.slope().orThrow()).isCloseTo(slope, within(1e-6));
        assertThat(moved.intercept().orThrow()).isCloseTo(line.intercept().orThrow() - slope * shift, within(1e-6));
    }

    @Property(tries = 100)
    void isotonic_map_rises_and_keeps_the_number_of_events(
            @ForAll @IntRange(min = 8, max = 120) int n, @ForAll long seed) {
        Cases cases = Cases.draw(n, seed);
        IsotonicCalibration map = IsotonicCalibration.fit(cases.scores()).orThrow();
        Cases calibrated = new Cases(cases.labels, map.apply(cases.risks).orThrow());
        assertThat(Arrays.stream(calibrated.risks).sum())
                .isCloseTo(cases.scores().positives(), within(1e-9));
        double[] rising =
                map.apply(Arrays.stream(cases.risks).sorted().toArray()).orThrow();
        assertThat(rising).isSorted();
        assertThat(rising[0]).isGreaterThanOrEqualTo(0);
        assertThat(rising[n - 1]).isLessThanOrEqualTo(1);
        // To leave the risks alone is a rising map too: the best one is no farther from the truth.
        assertThat(calibrated.brier()).isLessThanOrEqualTo(cases.brier() + 1e-12);
        // What is fitted stays as it is.
        assertThat(IsotonicCalibration.fit(calibrated.scores())
                        .orThrow()
                        .apply(calibrated.risks)
                        .orThrow())
                .containsExactly(calibrated.risks, TINY);
    }

    @Property(tries = 100)
    void platt_map_does_not_depend_on_the_units_of_the_score(
            @ForAll @IntRange(min = 8, max = 120) int n, @ForAll long seed) {
        Cases cases = Cases.draw(n, seed);
        double[] scores = Arrays.stream(cases.risks).map(s -> 20 * s - 7).toArray();
        double[] one = PlattCalibration.fit(cases.scores())
                .orThrow()
                .apply(cases.risks)
                .orThrow();
        double[] other = PlattCalibration.fit(LabelledScores.of(cases.labels, scores))
                .orThrow()
                .apply(scores)
                .orThrow();
        assertThat(other).containsExactly(one, within(1e-6));
    }

    /** Risks of 0 and 1 are labels: what is estimated is then what is measured. */
    @Property(tries = 100)
    void estimated_performance_of_certain_risks_is_the_measured_one(
            @ForAll @IntRange(min = 8, max = 120) int n, @ForAll long seed) {
        Cases cases = Cases.draw(n, seed);
        double[] certain = new double[n];
        Arrays.setAll(certain, i -> cases.labels[i] ? 1 : 0);
        EstimatedPerformance estimated = EstimatedPerformance.of(cases.risks, certain, 0.5);
        assertSame(estimated.auroc(), Auroc.of(cases.scores()), 1e-10);
        assertSame(estimated.brier(), ProbabilityScore.brier(cases.scores()), 1e-10);
        assertThat(estimated.truePositives().orThrow()
                        + estimated.falseNegatives().orThrow())
                .isEqualTo(cases.scores().positives());
    }

    @Test
    void risks_that_come_true_have_slope_one_and_intercept_zero() {
        Cases cases = Cases.comingTrue(100_000, 3);
        CalibrationLine line = cases.line();
        assertThat(line.slope().interval().orElseThrow().contains(1)).isTrue();
        assertThat(line.slope().orThrow()).isCloseTo(1, within(0.04));
        assertThat(line.intercept().interval().orElseThrow().contains(0)).isTrue();
        assertThat(line.intercept().orThrow()).isCloseTo(0, within(0.04));
        assertThat(line.inTheLarge().orThrow()).isCloseTo(0, within(0.04));
        assertThat(line.observedToExpected().orThrow()).isCloseTo(1, within(0.02));
        assertThat(CalibrationError.equalMass(cases.scores(), 10)
                        .orThrow()
                        .expected()
                        .orThrow())
                .isLessThan(0.015);
        assertThat(ProbabilityScore.spiegelhalterZ(cases.scores()).orThrow()).isBetween(-4.0, 4.0);
        assertSame(EstimatedPerformance.of(cases.risks, cases.risks, 0.3).auroc(), Auroc.of(cases.scores()), 0.008);
    }

    @Test
    void smooth_curve_of_risks_that_come_true_lies_near_the_diagonal() {
        Cases cases = Cases.comingTrue(1_500, 4);
        double well =
                IntegratedCalibrationIndex.of(cases.scores(), 2.0 / 3).orThrow().mean();
        double tooExtreme = IntegratedCalibrationIndex.of(cases.onLogit(0, 3).scores(), 2.0 / 3)
                .orThrow()
                .mean();
        assertThat(well).isLessThan(0.04);
        assertThat(tooExtreme).isGreaterThan(2 * well);
    }
}
