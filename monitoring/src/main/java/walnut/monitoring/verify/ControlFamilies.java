package walnut.monitoring.verify;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import walnut.monitoring.control.BernoulliCusum;
import walnut.monitoring.control.Cusum;
import walnut.monitoring.control.Ewma;
import walnut.monitoring.control.PChart;
import walnut.monitoring.fairness.SubgroupFairness;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Interval;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Statistic;

/** Golden families of {@code walnut.monitoring.control} and {@code walnut.monitoring.fairness}. */
final class ControlFamilies {
    private static final double LEVEL = 0.95;

    private ControlFamilies() {}

    static void addTo(Map<String, Family> families) {
        families.put("spc", ControlFamilies::charts);
        families.put("subgroup_fairness", ControlFamilies::fairness);
    }

    private static Map<String, ?> charts(Inputs in) {
        Map<String, Object> result = new LinkedHashMap<>();
        if (in.has("event")) {
            result.put("bernoulli_cusum", bernoulli(in));
        } else if (in.has("events")) {
            result.put("p_chart", pChart(in));
        } else {
            double[] x = in.doubles("x");
            double target = in.param("target");
            double sigma = in.param("sigma");
            if (in.hasParam("k")) {
                result.put("cusum", cusum(Cusum.of(x, target, sigma, in.param("k"), in.param("h"))));
            }
            if (in.hasParam("lambda_")) {
                result.put("ewma", ewma(Ewma.of(x, target, sigma, in.param("lambda_"), in.param("L"))));
            }
        }
        return result;
    }

    private static Answer<Map<String, Object>> cusum(Answer<Cusum> answer) {
        return answer.map(
                chart -> withSignal(Map.of("c_plus", chart.up(), "c_minus", chart.down()), chart.firstSignal()));
    }

    private static Answer<Map<String, Object>> ewma(Answer<Ewma> answer) {
        return answer.map(chart ->
                withSignal(Map.of("z", chart.z(), "ucl", chart.upper(), "lcl", chart.lower()), chart.firstSignal()));
    }

    private static Answer<Map<String, Object>> pChart(Inputs in) {
        long[] events = Arrays.stream(in.ints("events")).asLongStream().toArray();
        long[] n = Arrays.stream(in.ints("n")).asLongStream().toArray();
        return PChart.of(events, n, (int) in.param("baseline_points"))
                .map(chart -> withSignal(
                        Map.of(
                                "centre", chart.centre(),
                                "point", chart.points(),
                                "lcl", chart.lower(),
                                "ucl", chart.upper()),
                        chart.firstSignal()));
    }

    private static Answer<Map<String, Object>> bernoulli(Inputs in) {
        int[] events = in.ints("event");
        double h = in.param("h");
        Answer<BernoulliCusum> chart = in.hasParam("odds_ratio")
                ? BernoulliCusum.riskAdjusted(events, in.doubles("p0"), in.param("odds_ratio"), h)
                : BernoulliCusum.of(events, perCase(in, "p0", events.length), perCase(in, "p1", events.length), h);
        return chart.map(found -> withSignal(Map.of("S", found.s()), found.firstSignal()));
    }

    /** A probability per case, or one for all of them as a parameter. */
    private static double[] perCase(Inputs in, String name, int n) {
        if (in.has(name)) {
            return in.doubles(name);
        }
        double[] same = new double[n];
        Arrays.fill(same, in.param(name));
        return same;
    }

    private static Map<String, Object> withSignal(Map<String, Object> fields, OptionalInt signal) {
        Map<String, @Nullable Object> all = new HashMap<>(fields);
        all.put("first_signal_index", signal.isPresent() ? signal.getAsInt() : null);
        return all;
    }

    private static Map<String, ?> fairness(Inputs in) {
        LabelledScores cases = AccuracyFamilies.cases(in);
        List<String> names = Inputs.rows(in.paramNode("groups"), node -> node.asText());
        SubgroupFairness fairness = SubgroupFairness.of(
                cases,
                in.strings("group"),
                names,
                in.paramNode("reference_group").asText(),
                in.param("threshold"),
                (int) in.param("min_n"),
                LEVEL);
        Map<String, Object> groups = new LinkedHashMap<>();
        fairness.groups()
                .forEach((name, group) -> groups.put(
                        name,
                        Map.of(
                                "n", group.counts().n(),
                                "n_pos", group.counts().positives(),
                                "n_neg", group.counts().negatives(),
                                "tpr", group.truePositiveRate(),
                                "fpr", group.falsePositiveRate(),
                                "selection_rate", group.selectionRate(),
                                "ppv", group.ppv())));
        Map<String, Object> differences = new LinkedHashMap<>();
        fairness.differences()
                .forEach((name, difference) -> differences.put(
                        name,
                        Map.of(
                                "tpr_difference", difference(difference.truePositiveRate()),
                                "fpr_difference", difference(difference.falsePositiveRate()))));
        return Map.of(
                "groups", groups,
                "differences", differences,
                "equal_opportunity_gap", fairness.equalOpportunityGap(),
                "equalised_odds_gap", fairness.equalisedOddsGap(),
                "demographic_parity_gap", fairness.demographicParityGap());
    }

    private static Object difference(Statistic difference) {
        return difference
                .interval()
                .<Object>map((Interval interval) -> Map.of("value", difference, "newcombe_ci95", interval))
                .orElse(difference);
    }
}
