package walnut.monitoring.verify;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import walnut.monitoring.agreement.BlandAltman;
import walnut.monitoring.agreement.IntraclassCorrelation;
import walnut.monitoring.agreement.LinConcordance;
import walnut.monitoring.agreement.OrdinalAgreement;
import walnut.monitoring.agreement.Repeatability;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Measurements;
import walnut.monitoring.statistic.Statistic;

/** Golden families of {@code walnut.monitoring.agreement}. */
final class AgreementFamilies {
    private static final double LEVEL = 0.95;

    private AgreementFamilies() {}

    static void addTo(Map<String, Family> families) {
        families.put("bland_altman", AgreementFamilies::blandAltman);
        families.put("icc", AgreementFamilies::icc);
        families.put("lin_ccc", AgreementFamilies::linCcc);
        families.put("ordinal_agreement", AgreementFamilies::ordinal);
        families.put("repeatability", AgreementFamilies::repeatability);
    }

    private static Map<String, ?> blandAltman(Inputs in) {
        BlandAltman result = BlandAltman.of(in.doubles("x"), in.doubles("y"), in.param("level", LEVEL));
        return Map.of(
                "n", result.n(),
                "bias", result.bias(),
                "sd", result.standardDeviation(),
                "bias_ci", result.biasInterval(),
                "loa", result.limits(),
                "loa_se", result.limitSe(),
                "loa_lower_ci", interval(result.lowerLimit()),
                "loa_upper_ci", interval(result.upperLimit()),
                "slope_vs_mean", result.slopeOnMean());
    }

    /** The interval that a statistic carries, or the statistic itself where it is undefined or has none. */
    private static Object interval(Statistic statistic) {
        return statistic.interval().<Object>map(Function.identity()).orElse(statistic);
    }

    private static Map<String, ?> icc(Inputs in) {
        Answer<IntraclassCorrelation> answer =
                IntraclassCorrelation.of(Measurements.of(in.matrix("matrix")), in.param("level", LEVEL));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("MSR", answer.map(IntraclassCorrelation::meanSquareRows));
        result.put("MSC", answer.map(IntraclassCorrelation::meanSquareColumns));
        result.put("MSE", answer.map(IntraclassCorrelation::meanSquareError));
        result.put("MSW", answer.map(IntraclassCorrelation::meanSquareWithin));
        result.put("icc_1_1", answer.map(icc -> form(icc.oneWay())));
        result.put("icc_2_1", answer.map(icc -> form(icc.twoWayRandom())));
        result.put("icc_3_1", answer.map(icc -> form(icc.twoWayMixed())));
        result.put("icc_1_k", answer.map(icc -> form(icc.oneWayMean())));
        result.put("icc_2_k", answer.map(icc -> form(icc.twoWayRandomMean())));
        result.put("icc_3_k", answer.map(icc -> form(icc.twoWayMixedMean())));
        return result;
    }

    private static Map<String, ?> form(IntraclassCorrelation.Form form) {
        return Map.of("value", form.value(), "ci", form.interval(), "F", form.f(), "p", form.p());
    }

    private static Map<String, ?> linCcc(Inputs in) {
        LinConcordance result = LinConcordance.of(in.doubles("x"), in.doubles("y"), in.param("level", LEVEL));
        return Map.of(
                "lin_1989", result.lin1989(),
                "ccc_unbiased", result.unbiased(),
                "pearson", result.pearson(),
                "bias_correction", result.biasCorrection(),
                "epiR_ci95", result.interval());
    }

    private static Map<String, ?> ordinal(Inputs in) {
        OrdinalAgreement result = OrdinalAgreement.of(
                in.ints("y_true"), in.ints("y_pred"), Inputs.intsOf(in.paramNode("categories")), LEVEL);
        return Map.of(
                "matrix", result.matrix(),
                "unweighted", kappa(result.unweighted()),
                "linear", kappa(result.linear()),
                "quadratic", kappa(result.quadratic()),
                "accuracy", result.accuracy(),
                "within_one", result.withinOne(),
                "mae", result.meanAbsoluteError(),
                "mean_signed_error", result.meanSignedError(),
                "spearman", result.spearman(),
                "kendall_tau_b", result.kendallTauB());
    }

    private static Map<String, ?> kappa(OrdinalAgreement.Kappa kappa) {
        return Map.of("kappa", kappa.value(), "se", kappa.standardError(), "ci95", kappa.interval());
    }

    private static Map<String, ?> repeatability(Inputs in) {
        Repeatability result = Repeatability.of(Measurements.of(in.matrix("matrix")), in.param("level", LEVEL));
        return Map.of(
                "wsd", result.withinSubjectSd(),
                "wsd_ci", result.sdInterval(),
                "rc", result.repeatabilityCoefficient(),
                "rc_ci", result.coefficientInterval(),
                "df", result.degreesOfFreedom(),
                "wcv_rms", result.coefficientOfVariation(),
                "wcv_log", result.logCoefficientOfVariation());
    }
}
