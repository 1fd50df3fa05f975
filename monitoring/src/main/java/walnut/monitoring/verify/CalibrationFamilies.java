package walnut.monitoring.verify;

import java.util.LinkedHashMap;
import java.util.Map;
import walnut.monitoring.calibration.CalibrationError;
import walnut.monitoring.calibration.CalibrationLine;
import walnut.monitoring.calibration.EstimatedPerformance;
import walnut.monitoring.calibration.IntegratedCalibrationIndex;
import walnut.monitoring.calibration.IsotonicCalibration;
import walnut.monitoring.calibration.PlattCalibration;
import walnut.monitoring.calibration.ProbabilityScore;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Statistic;

/** Golden families of {@code walnut.monitoring.calibration}. */
final class CalibrationFamilies {
    private CalibrationFamilies() {}

    static void addTo(Map<String, Family> families) {
        families.put("brier_logloss", CalibrationFamilies::brierLogLoss);
        families.put("calibration_slope_intercept", CalibrationFamilies::calibrationLine);
        families.put("cbpe", CalibrationFamilies::cbpe);
        families.put("ece", CalibrationFamilies::ece);
        families.put("ici", CalibrationFamilies::ici);
        families.put("isotonic_platt", CalibrationFamilies::isotonicPlatt);
    }

    private static Map<String, ?> brierLogLoss(Inputs in) {
        LabelledScores cases = AccuracyFamilies.cases(in);
        return Map.of(
                "brier", ProbabilityScore.brier(cases),
                "log_loss", ProbabilityScore.logLoss(cases, in.param("eps", ProbabilityScore.DEFAULT_EPSILON)),
                "spiegelhalter_z", ProbabilityScore.spiegelhalterZ(cases),
                "spiegelhalter_p", ProbabilityScore.spiegelhalterP(cases),
                "brier_skill", ProbabilityScore.brierSkill(cases));
    }

    private static Map<String, ?> calibrationLine(Inputs in) {
        CalibrationLine line = CalibrationLine.of(
                AccuracyFamilies.cases(in), in.param("clip", CalibrationLine.DEFAULT_CLIP), in.param("level", 0.95));
        return Map.of(
                "intercept", line.intercept(),
                "intercept_se", line.interceptSe(),
                "slope", line.slope(),
                "slope_se", line.slopeSe(),
                "slope_ci95", interval(line.slope()),
                "citl", line.inTheLarge(),
                "citl_se", line.inTheLargeSe(),
                "citl_ci95", interval(line.inTheLarge()),
                "oe_ratio", line.observedToExpected());
    }

    private static Object interval(Statistic statistic) {
        return statistic.reason().isPresent() ? statistic : statistic.interval().orElseThrow();
    }

    private static Map<String, ?> cbpe(Inputs in) {
        double[] scores = in.doubles("score");
        Map<String, Object> result = new LinkedHashMap<>();
        double[] calibrated;
        if (in.has("calibrated")) {
            calibrated = in.doubles("calibrated");
        } else {
            Answer<IsotonicCalibration> map = IsotonicCalibration.fit(
                    LabelledScores.of(in.doubles("reference_y_true"), in.doubles("reference_score")));
            if (map.reason().isPresent()) {
                in.asked().fieldNames().forEachRemaining(name -> result.put(name, map));
                return result;
            }
            Answer<double[]> applied = map.orThrow().apply(scores);
            if (applied.reason().isPresent()) {
                in.asked().fieldNames().forEachRemaining(name -> result.put(name, applied));
                return result;
            }
            calibrated = applied.orThrow();
            result.put("calibrated", calibrated);
        }
        EstimatedPerformance estimate = EstimatedPerformance.of(scores, calibrated, in.param("threshold"));
        result.put("auroc_estimated", estimate.auroc());
        result.put("tp", estimate.truePositives());
        result.put("fp", estimate.falsePositives());
        result.put("fn", estimate.falseNegatives());
        result.put("tn", estimate.trueNegatives());
        result.put("sensitivity", estimate.sensitivity());
        result.put("specificity", estimate.specificity());
        result.put("ppv", estimate.ppv());
        result.put("npv", estimate.npv());
        result.put("accuracy", estimate.accuracy());
        result.put("brier_expected", estimate.brier());
        return result;
    }

    private static Map<String, ?> ece(Inputs in) {
        LabelledScores cases = AccuracyFamilies.cases(in);
        int bins = (int) in.param("bins");
        Answer<CalibrationError> error = in.paramNode("binning").asText().equals("equal_mass")
                ? CalibrationError.equalMass(cases, bins)
                : CalibrationError.equalWidth(cases, bins);
        return Map.of(
                "ece", error.map(CalibrationError::expected),
                "mce", error.map(CalibrationError::maximum),
                "edges", error.map(CalibrationError::innerEdges),
                "bin_count",
                        error.map(e -> e.bins().stream()
                                .mapToInt(CalibrationError.Bin::count)
                                .toArray()),
                "bin_mean_score",
                        error.map(e -> e.bins().stream()
                                .map(CalibrationError.Bin::meanScore)
                                .toList()),
                "bin_positive_rate",
                        error.map(e -> e.bins().stream()
                                .map(CalibrationError.Bin::positiveRate)
                                .toList()));
    }

    private static Map<String, ?> ici(Inputs in) {
        Answer<IntegratedCalibrationIndex> index = IntegratedCalibrationIndex.of(
                AccuracyFamilies.cases(in), in.param("span", IntegratedCalibrationIndex.DEFAULT_SPAN));
        return Map.of(
                "ici", index.map(IntegratedCalibrationIndex::mean),
                "e50", index.map(IntegratedCalibrationIndex::median),
                "e90", index.map(IntegratedCalibrationIndex::percentile90),
                "emax", index.map(IntegratedCalibrationIndex::maximum),
                "smooth", index.map(IntegratedCalibrationIndex::smooth));
    }

    private static Map<String, ?> isotonicPlatt(Inputs in) {
        LabelledScores cases = AccuracyFamilies.cases(in);
        double[] fresh = in.doubles("score_new");
        Answer<IsotonicCalibration> isotonic = IsotonicCalibration.fit(cases);
        Answer<PlattCalibration> platt = PlattCalibration.fit(cases);
        return Map.of(
                "isotonic", isotonic.then(map -> map.apply(fresh)),
                "isotonic_fitted", isotonic.then(map -> map.apply(cases.scores())),
                "platt", platt.then(map -> map.apply(fresh)),
                "platt_a", platt.map(PlattCalibration::a),
                "platt_b", platt.map(PlattCalibration::b));
    }
}
