package walnut.monitoring.statistic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import walnut.monitoring.accuracy.Auroc;
import walnut.monitoring.accuracy.Confusion;
import walnut.monitoring.accuracy.DeLong;
import walnut.monitoring.accuracy.NetBenefit;
import walnut.monitoring.accuracy.PrecisionRecallCurve;
import walnut.monitoring.accuracy.RocCurve;
import walnut.monitoring.agreement.BlandAltman;
import walnut.monitoring.agreement.IntraclassCorrelation;
import walnut.monitoring.agreement.LinConcordance;
import walnut.monitoring.agreement.Repeatability;
import walnut.monitoring.calibration.CalibrationError;
import walnut.monitoring.calibration.CalibrationLine;
import walnut.monitoring.calibration.IntegratedCalibrationIndex;
import walnut.monitoring.calibration.IsotonicCalibration;
import walnut.monitoring.calibration.PlattCalibration;
import walnut.monitoring.calibration.ProbabilityScore;
import walnut.monitoring.drift.DistributionDistance;
import walnut.monitoring.drift.KolmogorovSmirnov;
import walnut.monitoring.drift.PopulationStabilityIndex;
import walnut.monitoring.drift.TwoSamples;

/** Every statistic of cases, of pairs and of two samples, against every kind of bad argument: a reason, never a throw. */
class BadInputTest {
    private static final Map<String, Function<LabelledScores, Set<Reason>>> OF_CASES = new LinkedHashMap<>();
    private static final Map<String, Function<double[][], Set<Reason>>> OF_PAIRS = new LinkedHashMap<>();

    static {
        OF_CASES.put("Auroc", cases -> reasons(Auroc.of(cases)));
        OF_CASES.put(
                "DeLong",
                cases -> reasons(
                        DeLong.of(cases, 0.95).auroc(), DeLong.of(cases, 0.95).variance()));
        OF_CASES.put("RocCurve", cases -> reasons(RocCurve.of(cases)));
        OF_CASES.put("PrecisionRecallCurve", cases -> reasons(PrecisionRecallCurve.of(cases)));
        OF_CASES.put("Confusion", cases -> reasons(Confusion.at(0.5, cases)));
        OF_CASES.put("NetBenefit", cases -> reasons(NetBenefit.at(0.2, cases).netBenefit()));
        OF_CASES.put("Brier", cases -> reasons(ProbabilityScore.brier(cases)));
        OF_CASES.put("LogLoss", cases -> reasons(ProbabilityScore.logLoss(cases, 1e-15)));
        OF_CASES.put("Spiegelhalter", cases -> reasons(ProbabilityScore.spiegelhalterZ(cases)));
        OF_CASES.put("CalibrationError", cases -> reasons(CalibrationError.equalMass(cases, 10)));
        OF_CASES.put(
                "CalibrationLine",
                cases -> reasons(CalibrationLine.of(cases, 1e-10, 0.95).slope()));
        OF_CASES.put("ICI", cases -> reasons(IntegratedCalibrationIndex.of(cases, 2.0 / 3)));
        OF_CASES.put("Isotonic", cases -> reasons(IsotonicCalibration.fit(cases)));
        OF_CASES.put("Platt", cases -> reasons(PlattCalibration.fit(cases)));

        OF_PAIRS.put(
                "BlandAltman", p -> reasons(BlandAltman.of(p[0], p[1], 0.95).bias()));
        OF_PAIRS.put(
                "LinConcordance",
                p -> reasons(LinConcordance.of(p[0], p[1], 0.95).lin1989()));
        OF_PAIRS.put("ICC", p -> reasons(IntraclassCorrelation.of(Measurements.ofPairs(p[0], p[1]), 0.95)));
        OF_PAIRS.put(
                "Repeatability",
                p -> reasons(
                        Repeatability.of(Measurements.ofPairs(p[0], p[1]), 0.95).withinSubjectSd()));
    }

    private static Set<Reason> reasons(Statistic... statistics) {
        Set<Reason> reasons = new HashSet<>();
        for (Statistic statistic : statistics) {
            statistic.reason().ifPresent(reasons::add);
            statistic.value().ifPresent(value -> assertThat(value).isFinite());
        }
        return reasons;
    }

    private static Set<Reason> reasons(Answer<?> answer) {
        return answer.reason().map(Set::of).orElse(Set.of());
    }

    private static void everyStatistic(LabelledScores cases, Reason... expected) {
        OF_CASES.forEach((name, statistic) ->
                assertThat(statistic.apply(cases)).as(name).isNotEmpty().isSubsetOf(expected));
    }

    @Test
    void bad_cases_leave_every_statistic_undefined_for_their_reason() {
        double nan = Double.NaN;
        double infinite = Double.POSITIVE_INFINITY;
        everyStatistic(LabelledScores.of(new int[0], new double[0]), Reason.EMPTY);
        everyStatistic(LabelledScores.of(new int[] {0, 1}, new double[] {0.2}), Reason.LENGTH_MISMATCH);
        everyStatistic(LabelledScores.of(new int[] {0, 1}, new double[] {0.2, nan}), Reason.NON_FINITE_INPUT);
        everyStatistic(LabelledScores.of(new int[] {0, 1}, new double[] {-infinite, 1}), Reason.NON_FINITE_INPUT);
        everyStatistic(LabelledScores.of(new int[] {0, 2}, new double[] {0.2, 0.3}), Reason.INVALID_LABEL);
        everyStatistic(LabelledScores.of(new int[] {0, -1}, new double[] {0.2, 0.3}), Reason.INVALID_LABEL);
        everyStatistic(
                LabelledScores.weighted(new double[] {0, 1}, new double[] {0.2, 0.3}, new double[] {1, nan}),
                Reason.INVALID_WEIGHT);
        everyStatistic(
                LabelledScores.weighted(new double[] {0, 1}, new double[] {0.2, 0.3}, new double[] {0, 0}),
                Reason.ZERO_WEIGHT);
    }

    /** One class, one case, constant and tied scores, certainty: whatever comes is finite or has a reason. */
    @Test
    void degenerate_cases_never_throw_and_never_yield_nan() {
        List<LabelledScores> degenerate = List.of(
                LabelledScores.of(new int[] {1}, new double[] {0.3}),
                LabelledScores.of(new int[] {0, 0, 0}, new double[] {0.1, 0.2, 0.3}),
                LabelledScores.of(new int[] {0, 1, 0, 1}, new double[] {0.5, 0.5, 0.5, 0.5}),
                LabelledScores.of(new int[] {0, 1, 0, 1}, new double[] {0, 1, 0, 1}),
                LabelledScores.of(new int[] {1, 0, 1, 0}, new double[] {0, 1, 0, 1}),
                LabelledScores.of(new int[] {0, 1}, new double[] {-1e308, 1e308}));
        for (LabelledScores cases : degenerate) {
            OF_CASES.forEach((name, statistic) ->
                    assertThat(statistic.apply(cases)).as(name).doesNotContainNull());
        }
    }

    @Test
    void a_probability_outside_the_unit_interval_is_not_clipped() {
        LabelledScores cases = LabelledScores.of(new int[] {0, 1}, new double[] {0.2, 1.2});
        for (String name : List.of("Brier", "LogLoss", "Spiegelhalter", "CalibrationError", "CalibrationLine", "ICI")) {
            Function<LabelledScores, Set<Reason>> statistic = OF_CASES.getOrDefault(name, ignored -> Set.of());
            assertThat(statistic.apply(cases)).as(name).containsExactly(Reason.OUT_OF_RANGE);
        }
    }

    @Test
    void bad_pairs_leave_agreement_undefined() {
        OF_PAIRS.forEach((name, statistic) -> {
            assertThat(statistic.apply(new double[][] {{}, {}})).as(name).containsExactly(Reason.EMPTY);
            assertThat(statistic.apply(new double[][] {{1, 2}, {1}})).as(name).containsExactly(Reason.LENGTH_MISMATCH);
            assertThat(statistic.apply(new double[][] {{1, Double.NaN}, {1, 2}}))
                    .as(name)
                    .containsExactly(Reason.NON_FINITE_INPUT);
        });
    }

    @Test
    void bad_samples_leave_distances_undefined() {
        TwoSamples empty = TwoSamples.of(new double[] {1, 2}, new double[0]);
        TwoSamples infinite = TwoSamples.of(new double[] {1, Double.NEGATIVE_INFINITY}, new double[] {1});
        for (TwoSamples samples : List.of(empty, infinite)) {
            Reason expected = samples.fault().orElseThrow();
            assertThat(reasons(
                            DistributionDistance.wasserstein1(samples),
                            DistributionDistance.energy(samples),
                            KolmogorovSmirnov.of(samples).d(),
                            KolmogorovSmirnov.of(samples).pExact()))
                    .containsExactly(expected);
            assertThat(PopulationStabilityIndex.numeric(samples, 10, 1e-4).reason())
                    .contains(expected);
        }
    }
}
