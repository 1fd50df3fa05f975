package walnut.monitoring.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import walnut.monitoring.drift.ChiSquareTest;
import walnut.monitoring.drift.DistributionDistance;
import walnut.monitoring.drift.KolmogorovSmirnov;
import walnut.monitoring.drift.MaximumMeanDiscrepancy;
import walnut.monitoring.drift.PointClouds;
import walnut.monitoring.drift.PopulationStabilityIndex;
import walnut.monitoring.drift.TwoSamples;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.MultipleTesting;

/** Golden families of {@code walnut.monitoring.drift} and of multiple testing. */
final class DriftFamilies {
    private DriftFamilies() {}

    static void addTo(Map<String, Family> families) {
        families.put("chi_square", DriftFamilies::chiSquare);
        families.put("distances", DriftFamilies::distances);
        families.put("ks_two_sample", DriftFamilies::kolmogorovSmirnov);
        families.put("mmd", DriftFamilies::mmd);
        families.put("multiple_testing", DriftFamilies::multipleTesting);
        families.put("psi", DriftFamilies::psi);
    }

    private static Map<String, ?> chiSquare(Inputs in) {
        long[][] table = Inputs.rows(in.node("table"), DriftFamilies::longs).toArray(long[][]::new);
        boolean yates = in.hasParam("yates") && in.paramNode("yates").asBoolean();
        Answer<ChiSquareTest> test = ChiSquareTest.of(table, yates);
        return Map.of(
                "chi2", test.map(ChiSquareTest::chiSquare),
                "df", test.map(ChiSquareTest::degreesOfFreedom),
                "p", test.map(ChiSquareTest::p),
                "cramers_v", test.map(ChiSquareTest::cramersV),
                "low_expected", test.map(ChiSquareTest::lowExpected));
    }

    private static long[] longs(JsonNode array) {
        return IntStream.range(0, array.size())
                .mapToLong(i -> array.get(i).asLong())
                .toArray();
    }

    private static Map<String, ?> distances(Inputs in) {
        if (in.has("p")) {
            double[] p = in.doubles("p");
            double[] q = in.doubles("q");
            return Map.of(
                    "js_divergence", DistributionDistance.jensenShannonDivergence(p, q),
                    "js_distance", DistributionDistance.jensenShannonDistance(p, q));
        }
        if (in.has("reference_matrix")) {
            return Map.of("energy_statistic", clouds(in).energy());
        }
        TwoSamples samples = in.has("reference_weight")
                ? TwoSamples.weighted(
                        in.doubles("reference"),
                        in.doubles("reference_weight"),
                        in.doubles("current"),
                        in.doubles("current_weight"))
                : samples(in);
        return Map.of(
                "wasserstein1", DistributionDistance.wasserstein1(samples),
                "wasserstein1_normalised", DistributionDistance.wasserstein1Normalised(samples),
                "energy_distance", DistributionDistance.energy(samples));
    }

    private static TwoSamples samples(Inputs in) {
        return TwoSamples.of(in.doubles("reference"), in.doubles("current"));
    }

    private static PointClouds clouds(Inputs in) {
        return PointClouds.of(in.matrix("reference_matrix"), in.matrix("current_matrix"));
    }

    private static Map<String, ?> kolmogorovSmirnov(Inputs in) {
        KolmogorovSmirnov test = KolmogorovSmirnov.of(samples(in));
        return Map.of("D", test.d(), "p_asymptotic", test.pAsymptotic(), "p_exact", test.pExact());
    }

    private static Map<String, ?> mmd(Inputs in) {
        MaximumMeanDiscrepancy mmd = in.paramNode("sigma").isTextual()
                ? MaximumMeanDiscrepancy.ofMedianDistance(clouds(in))
                : MaximumMeanDiscrepancy.of(clouds(in), in.param("sigma"));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("sigma", mmd.sigma());
        result.put("mmd2_unbiased", mmd.unbiased());
        result.put("mmd_biased", mmd.biased());
        if (in.has("permutations")) {
            result.put("p_permutation", mmd.permutationP(Arrays.asList(in.intRows("permutations"))));
        }
        if (in.asked().has("p_exhaustive")) {
            result.put("p_exhaustive", mmd.exhaustiveP());
        }
        return result;
    }

    private static Map<String, ?> multipleTesting(Inputs in) {
        double[] p = in.doubles("p");
        double alpha = in.param("alpha");
        Answer<double[]> holm = MultipleTesting.holm(p);
        Answer<double[]> bh = MultipleTesting.benjaminiHochberg(p);
        return Map.of(
                "bonferroni", MultipleTesting.bonferroni(p),
                "holm", holm,
                "bh", bh,
                "by", MultipleTesting.benjaminiYekutieli(p),
                "reject_holm", holm.map(adjusted -> rejected(adjusted, alpha)),
                "reject_bh", bh.map(adjusted -> rejected(adjusted, alpha)));
    }

    private static boolean[] rejected(double[] adjusted, double alpha) {
        boolean[] rejected = new boolean[adjusted.length];
        for (int i = 0; i < adjusted.length; i++) {
            rejected[i] = adjusted[i] <= alpha;
        }
        return rejected;
    }

    private static Map<String, ?> psi(Inputs in) {
        double epsilon = in.param("epsilon", PopulationStabilityIndex.DEFAULT_EPSILON);
        Answer<PopulationStabilityIndex> psi;
        if (in.has("reference_counts")) {
            psi = PopulationStabilityIndex.ofCounts(
                    longs(in.node("reference_counts")), longs(in.node("current_counts")), epsilon);
        } else if (in.hasParam("edges")) {
            psi = PopulationStabilityIndex.withEdges(samples(in), Inputs.doublesOf(in.paramNode("edges")), epsilon);
        } else {
            psi = PopulationStabilityIndex.numeric(samples(in), (int) in.param("bins"), epsilon);
        }
        return Map.of(
                "psi", psi.map(PopulationStabilityIndex::value),
                "edges", psi.map(PopulationStabilityIndex::innerEdges),
                "reference_counts", psi.map(PopulationStabilityIndex::referenceCounts),
                "current_counts", psi.map(PopulationStabilityIndex::currentCounts),
                "null_expectation", psi.map(PopulationStabilityIndex::nullExpectation));
    }
}
