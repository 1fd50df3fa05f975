package walnut.monitoring.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import walnut.monitoring.lesion.CaseDetections;
import walnut.monitoring.lesion.CaseDetections.Detection;
import walnut.monitoring.lesion.Grid;
import walnut.monitoring.lesion.LesionDetection;
import walnut.monitoring.lesion.SegmentationAgreement;
import walnut.monitoring.statistic.Answer;

/** Golden families of {@code walnut.monitoring.lesion}. */
final class LesionFamilies {
    private LesionFamilies() {}

    static void addTo(Map<String, Family> families) {
        families.put("froc_lesion_ap", LesionFamilies::lists);
        families.put("picai_masks", LesionFamilies::masks);
        families.put("segmentation", LesionFamilies::segmentation);
    }

    private static Map<String, ?> lists(Inputs in) {
        List<CaseDetections> cases = new ArrayList<>();
        List<LesionDetection.Weighted> weighted = new ArrayList<>();
        in.node("lesion_results").properties().forEach(entry -> {
            List<Detection> detections = Inputs.rows(
                    entry.getValue(),
                    row -> new Detection(
                            row.get(0).asInt() == 1, Inputs.doubleOf(row.get(1)), Inputs.doubleOf(row.get(2))));
            double score =
                    detections.stream().mapToDouble(Detection::confidence).max().orElse(0);
            CaseDetections one = new CaseDetections(entry.getKey(), detections, score);
            cases.add(one);
            if (in.has("case_weight")) {
                weighted.add(new LesionDetection.Weighted(
                        one,
                        Inputs.doubleOf(in.node("case_weight").get(one.id())),
                        Inputs.doublesOf(in.node("lesion_weight").get(one.id()))));
            }
        });
        return results(
                in, cases, weighted.isEmpty() ? LesionDetection.of(cases) : LesionDetection.ofWeighted(weighted));
    }

    private static Map<String, ?> masks(Inputs in) {
        List<CaseDetections> cases = new ArrayList<>();
        Map<String, Object> lesionResults = new LinkedHashMap<>();
        Map<String, Object> caseScores = new LinkedHashMap<>();
        for (JsonNode node : in.node("cases")) {
            String id = node.get("id").asText();
            Answer<CaseDetections> answer = CaseDetections.of(
                    id,
                    grid(node.get("detection_map").get("shape")),
                    volume(node.get("detection_map")),
                    volume(node.get("label")),
                    in.param("min_overlap", CaseDetections.DEFAULT_MIN_OVERLAP));
            Optional<CaseDetections> found = answer.result();
            if (found.isEmpty()) {
                Map<String, Object> undefined = new LinkedHashMap<>();
                in.asked().fieldNames().forEachRemaining(name -> undefined.put(name, answer));
                return undefined;
            }
            cases.add(found.get());
            lesionResults.put(
                    id,
                    found.get().detections().stream()
                            .map(d -> List.of(d.lesion() ? 1 : 0, d.confidence(), d.overlap()))
                            .toList());
            caseScores.put(id, found.get().caseScore());
        }
        Map<String, Object> result = results(in, cases, LesionDetection.of(cases));
        result.put("lesion_results", lesionResults);
        result.put("case_score", caseScores);
        return result;
    }

    private static Map<String, Object> results(Inputs in, List<CaseDetections> cases, LesionDetection detection) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("auroc", detection.auroc());
        result.put("average_precision", detection.averagePrecision());
        result.put("picai_score", detection.picaiScore());
        result.put("num_cases", detection.cases());
        result.put("num_lesions", detection.lesions());
        result.put("froc", froc(detection.froc()));
        result.put("picai_froc", LesionDetection.picaiFroc(cases).map(LesionFamilies::froc));
        Map<String, Object> sensitivities = new LinkedHashMap<>();
        in.asked()
                .path("sensitivity_at_fp")
                .fieldNames()
                .forEachRemaining(
                        limit -> sensitivities.put(limit, detection.froc().sensitivityAt(Double.parseDouble(limit))));
        result.put("sensitivity_at_fp", sensitivities);
        return result;
    }

    private static Map<String, ?> froc(LesionDetection.Froc froc) {
        return Map.of(
                "thresholds", froc.thresholds(),
                "fp_per_case", froc.falsePositivesPerCase(),
                "sensitivity", froc.sensitivity());
    }

    private static Grid grid(JsonNode shape) {
        return new Grid(shape.get(0).asInt(), shape.get(1).asInt(), shape.get(2).asInt());
    }

    private static double[] volume(JsonNode map) {
        double[] volume = new double[grid(map.get("shape")).size()];
        for (JsonNode component : map.get("components")) {
            fill(volume, component.get("runs"), Inputs.doubleOf(component.get("value")));
        }
        return volume;
    }

    /** Runs are [start, length, …] over the flattened array. */
    private static void fill(double[] volume, JsonNode runs, double value) {
        for (int i = 0; i + 1 < runs.size(); i += 2) {
            int start = runs.get(i).asInt();
            Arrays.fill(volume, start, start + runs.get(i + 1).asInt(), value);
        }
    }

    private static Map<String, ?> segmentation(Inputs in) {
        Grid grid = grid(in.node("shape"));
        SegmentationAgreement agreement = SegmentationAgreement.of(
                grid,
                in.doubles("spacing"),
                mask(grid, in.node("pred_runs")),
                mask(grid, in.node("true_runs")),
                in.param("tau"));
        SegmentationAgreement.Surfaces surfaces = agreement.surfaces();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("volume_pred", agreement.predictedVolume());
        result.put("volume_true", agreement.trueVolume());
        result.put("dice", agreement.dice());
        result.put("iou", agreement.iou());
        result.put("relative_volume_difference", agreement.relativeVolumeDifference());
        result.put("hd", surfaces.hausdorff());
        result.put("hd95_max_directed", surfaces.hausdorff95Directed());
        result.put("hd95_pooled", surfaces.hausdorff95Pooled());
        result.put("assd_directed_mean", surfaces.meanSurfaceDirected());
        result.put("assd_pooled", surfaces.meanSurfacePooled());
        result.put("msd_pred_to_true", surfaces.meanPredictedToTrue());
        result.put("msd_true_to_pred", surfaces.meanTrueToPredicted());
        result.put("nsd", surfaces.normalisedSurfaceDice());
        result.put("surface_voxels", new int[] {surfaces.predictedVoxels(), surfaces.trueVoxels()});
        return result;
    }

    private static boolean[] mask(Grid grid, JsonNode runs) {
        double[] volume = new double[grid.size()];
        fill(volume, runs, 1);
        boolean[] mask = new boolean[volume.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = volume[i] != 0;
        }
        return mask;
    }
}
