package walnut.monitoring.verify;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import walnut.monitoring.accuracy.Auroc;
import walnut.monitoring.accuracy.Bootstrap;
import walnut.monitoring.accuracy.Confusion;
import walnut.monitoring.accuracy.DeLong;
import walnut.monitoring.accuracy.McNemar;
import walnut.monitoring.accuracy.NetBenefit;
import walnut.monitoring.accuracy.PrecisionRecallCurve;
import walnut.monitoring.accuracy.RocCurve;
import walnut.monitoring.accuracy.SampleSize;
import walnut.monitoring.accuracy.VerificationBias;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Proportion;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/** Golden families of {@code walnut.monitoring.accuracy}. */
final class AccuracyFamilies {
    private static final double LEVEL = 0.95;

    private AccuracyFamilies() {}

    static void addTo(Map<String, Family> families) {
        families.put("auroc", AccuracyFamilies::auroc);
        families.put("average_precision", AccuracyFamilies::averagePrecision);
        families.put("roc_curve", AccuracyFamilies::rocCurve);
        families.put("pr_curve", AccuracyFamilies::prCurve);
        families.put("delong", AccuracyFamilies::delong);
        families.put("confusion_metrics", AccuracyFamilies::confusion);
        families.put("bootstrap", AccuracyFamilies::bootstrap);
        families.put("net_benefit", AccuracyFamilies::netBenefit);
        families.put("mcnemar", AccuracyFamilies::mcnemar);
        families.put("sample_size", AccuracyFamilies::sampleSize);
        families.put("verification_bias", AccuracyFamilies::verificationBias);
    }

    static LabelledScores cases(Inputs in) {
        double[] labels = in.doubles("y_true");
        double[] scores = in.doubles("score");
        return in.has("weight")
                ? LabelledScores.weighted(labels, scores, in.doubles("weight"))
                : LabelledScores.of(labels, scores);
    }

    private static Map<String, ?> auroc(Inputs in) {
        LabelledScores cases = cases(in);
        return Map.of("auroc", Auroc.of(cases), "n_pos", cases.positives(), "n_neg", cases.negatives());
    }

    private static Map<String, ?> averagePrecision(Inputs in) {
        LabelledScores cases = cases(in);
        return Map.of(
                "average_precision",
                PrecisionRecallCurve.averagePrecision(cases),
                "prevalence",
                PrecisionRecallCurve.prevalence(cases));
    }

    private static Map<String, ?> rocCurve(Inputs in) {
        Answer<RocCurve> curve = RocCurve.of(cases(in));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("fpr", curve.map(RocCurve::falsePositiveRate));
        result.put("tpr", curve.map(RocCurve::truePositiveRate));
        result.put("thresholds", curve.map(RocCurve::thresholds));
        result.put("youden_j", curve.map(RocCurve::youden));
        result.put("youden_threshold", curve.map(RocCurve::youdenThreshold));
        // The false-positive rate is part of the field's name: pauc_mcclish_0_1 asks for 0.1.
        in.asked().fieldNames().forEachRemaining(name -> {
            limitIn(name, "pauc_mcclish_").ifPresent(limit -> result.put(name, curve.map(c -> c.partialArea(limit))));
            limitIn(name, "tpr_at_fpr_").ifPresent(limit -> result.put(name, curve.map(c -> c.sensitivityAt(limit))));
        });
        return result;
    }

    private static Optional<Double> limitIn(String field, String prefix) {
        return field.startsWith(prefix)
                ? Optional.of(Double.valueOf(field.substring(prefix.length()).replace('_', '.')))
                : Optional.empty();
    }

    private static Map<String, ?> prCurve(Inputs in) {
        Answer<PrecisionRecallCurve> curve = PrecisionRecallCurve.of(cases(in));
        return Map.of(
                "precision", curve.map(PrecisionRecallCurve::precision),
                "recall", curve.map(PrecisionRecallCurve::recall),
                "thresholds", curve.map(PrecisionRecallCurve::thresholds));
    }

    private static Map<String, ?> delong(Inputs in) {
        Map<String, Object> result = new LinkedHashMap<>();
        LabelledScores first = cases(in);
        DeLong delong = DeLong.of(first, in.param("level", LEVEL));
        result.put("auc", delong.auroc());
        result.put("variance", delong.variance());
        Statistic variance = delong.variance();
        result.put(
                "se",
                Statistic.unless(
                        variance.reason(),
                        variance.n(),
                        () -> Statistic.of(Math.sqrt(variance.orThrow()), variance.n())));
        result.put("ci95", delong.wald());
        result.put("ci95_logit", delong.logit());
        if (in.has("y_true2")) {
            result.put("unpaired", unpaired(first, LabelledScores.of(in.doubles("y_true2"), in.doubles("score2"))));
        } else if (in.has("score2")) {
            result.put("paired", paired(first, LabelledScores.of(in.doubles("y_true"), in.doubles("score2"))));
        }
        return result;
    }

    private static Map<String, ?> paired(LabelledScores first, LabelledScores second) {
        DeLong.Paired paired = DeLong.paired(first, second);
        return Map.of(
                "auc1", paired.first(),
                "auc2", paired.second(),
                "variance2", paired.varianceOfSecond(),
                "covariance", paired.covariance(),
                "z", paired.z(),
                "p", paired.p());
    }

    private static Map<String, ?> unpaired(LabelledScores first, LabelledScores second) {
        DeLong.Unpaired unpaired = DeLong.unpaired(first, second);
        return Map.of(
                "auc1", unpaired.first(),
                "auc2", unpaired.second(),
                "D", unpaired.z(),
                "df", unpaired.degreesOfFreedom(),
                "p_t", unpaired.pWelch(),
                "z", unpaired.z(),
                "p_normal", unpaired.p());
    }

    private static Map<String, ?> confusion(Inputs in) {
        Answer<Confusion> table = in.has("tp")
                ? Confusion.ofCounts(in.count("tp"), in.count("fp"), in.count("tn"), in.count("fn"))
                : Confusion.at(in.param("threshold"), cases(in));
        if (table.reason().isPresent()) {
            Map<String, Object> undefined = new LinkedHashMap<>();
            in.asked().fieldNames().forEachRemaining(name -> undefined.put(name, table));
            return undefined;
        }
        Confusion counts = table.orThrow();
        double level = in.param("level", LEVEL);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("tp", counts.truePositives());
        result.put("fp", counts.falsePositives());
        result.put("tn", counts.trueNegatives());
        result.put("fn", counts.falseNegatives());
        result.put("sensitivity", rate(counts.sensitivity(), level));
        result.put("specificity", rate(counts.specificity(), level));
        result.put("ppv", rate(counts.ppv(), level));
        result.put("npv", rate(counts.npv(), level));
        result.put("accuracy", rate(counts.accuracy(), level));
        result.put("prevalence", rate(counts.prevalence(), level));
        result.put("f1", counts.f1());
        result.put("balanced_accuracy", counts.balancedAccuracy());
        result.put("youden_j", counts.youden());
        result.put("mcc", counts.matthews());
        result.put("lr_plus", counts.positiveLikelihoodRatio());
        result.put("lr_minus", counts.negativeLikelihoodRatio());
        if (in.hasParam("target_prevalence")) {
            result.put("ppv_at_prevalence", counts.ppvAt(in.param("target_prevalence")));
            result.put("npv_at_prevalence", counts.npvAt(in.param("target_prevalence")));
        }
        return result;
    }

    private static Map<String, ?> rate(Proportion rate, double level) {
        return Map.of(
                "value", rate.statistic(level),
                "wilson", rate.wilson(level),
                "clopper_pearson", rate.clopperPearson(level));
    }

    private static Map<String, ?> bootstrap(Inputs in) {
        List<int[]> resamples = Arrays.asList(in.intRows("indices"));
        if (in.has("x")) {
            double[] x = in.doubles("x");
            Bootstrap bootstrap = Bootstrap.of(resamples, rows -> mean(take(x, rows)), LEVEL);
            return bootstrapFields("mean", mean(x), bootstrap);
        }
        double[] labels = in.doubles("y_true");
        double[] scores = in.doubles("score");
        Bootstrap bootstrap = Bootstrap.of(
                resamples, rows -> Auroc.of(LabelledScores.of(take(labels, rows), take(scores, rows))), LEVEL);
        return bootstrapFields("auroc", Auroc.of(LabelledScores.of(labels, scores)), bootstrap);
    }

    private static Map<String, ?> bootstrapFields(String name, Statistic value, Bootstrap bootstrap) {
        return Map.of(
                name,
                value,
                "ci95",
                bootstrap.interval(),
                "bootstrap_se",
                bootstrap.standardError(),
                "replicates_defined",
                bootstrap.defined(),
                "replicates_undefined",
                bootstrap.undefined());
    }

    private static double[] take(double[] values, int[] rows) {
        return Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
    }

    private static Statistic mean(double[] x) {
        return x.length == 0
                ? Statistic.undefined(Reason.EMPTY, 0)
                : Statistic.of(Arrays.stream(x).sum() / x.length, x.length);
    }

    private static Map<String, ?> netBenefit(Inputs in) {
        LabelledScores cases = cases(in);
        if (cases.fault().isPresent()) {
            return Map.of("curve", cases.fault().get());
        }
        return Map.of("curve", Inputs.rows(in.paramNode("thresholds"), threshold -> {
            NetBenefit point = NetBenefit.at(Inputs.doubleOf(threshold), cases);
            return Map.of(
                    "threshold", point.threshold(),
                    "net_benefit", point.netBenefit(),
                    "treat_all", point.treatAll(),
                    "treat_none", point.treatNone(),
                    "standardised", point.standardised(),
                    "interventions_avoided_per_100", point.interventionsAvoidedPer100());
        }));
    }

    private static Map<String, ?> mcnemar(Inputs in) {
        McNemar test = McNemar.of(in.count("b"), in.count("c"));
        return Map.of(
                "p_exact", test.pExact(),
                "chi2", test.chiSquare(),
                "p", test.p(),
                "chi2_corrected", test.chiSquareCorrected(),
                "p_corrected", test.pCorrected());
    }

    private static Map<String, ?> sampleSize(Inputs in) {
        double alpha = in.param("alpha", 1 - LEVEL);
        double power = in.param("power", 0.8);
        double p0 = in.number("p0");
        double p1 = in.number("p1");
        return Map.of(
                "hanley_mcneil_se",
                SampleSize.hanleyMcNeil(in.number("auc"), in.count("n_pos"), in.count("n_neg")),
                "n_two_windows",
                SampleSize.twoWindows(p0, p1, alpha, power),
                "n_one_sample",
                SampleSize.oneWindow(p0, p1, alpha, power),
                "n_half_width",
                SampleSize.forHalfWidth(p0, in.number("half_width"), alpha));
    }

    private static Map<String, ?> verificationBias(Inputs in) {
        VerificationBias bias = VerificationBias.of(
                new VerificationBias.Stratum(in.count("tpos_dpos"), in.count("tpos_dneg"), in.count("tpos_unverified")),
                new VerificationBias.Stratum(
                        in.count("tneg_dpos"), in.count("tneg_dneg"), in.count("tneg_unverified")));
        return Map.of(
                "sensitivity_naive", bias.sensitivityNaive(),
                "specificity_naive", bias.specificityNaive(),
                "sensitivity_corrected", bias.sensitivityCorrected(),
                "specificity_corrected", bias.specificityCorrected(),
                "prevalence_corrected", bias.prevalenceCorrected(),
                "ipw_test_positive", bias.weightTestPositive(),
                "ipw_test_negative", bias.weightTestNegative());
    }
}
