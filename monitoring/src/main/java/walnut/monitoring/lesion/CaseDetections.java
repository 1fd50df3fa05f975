package walnut.monitoring.lesion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Reason;

/**
 * What a detection map found in one case, held against the true lesions as picai_eval does (DIAGNijmegen/picai_eval
 * 81d6067, {@code evaluate_case}).
 *
 * <p>Candidates are the 26-connected components of the map's non-zero voxels, with the largest value in the component as
 * confidence; lesions are those of the label. A pair may match when IoU ≥ {@code minOverlap}, with 10⁻⁸ added to
 * numerator and denominator. The matching has the most pairs; of those the greatest total IoU; of those the greatest
 * total confidence (picai_eval leaves this last tie to its solver). A lesion without a match counts with confidence 0;
 * a candidate that overlaps a lesion enough but is not matched is dropped, not a false positive.
 *
 * <p>{@code caseScore} is the largest voxel. Detections stand lesions first, each part by falling confidence, then
 * falling overlap.
 */
public record CaseDetections(String id, List<Detection> detections, double caseScore) {
    public static final double DEFAULT_MIN_OVERLAP = 0.1;
    private static final double EPSILON = 1e-8;
    /** IoU and confidence as whole numbers: 2⁻⁴⁰ is finer than two different IoUs of lesions can be apart. */
    private static final double IOU_UNIT = 0x1p40;

    private static final double CONFIDENCE_UNIT = 0x1p30;

    /** A true lesion with the candidate matched to it (confidence 0 if none), or a false positive. */
    public record Detection(boolean lesion, double confidence, double overlap) {}

    /** Both arrays are [slice, row, column] of {@code grid}; the label is a lesion wherever it is not 0. */
    public static Answer<CaseDetections> of(
            String id, Grid grid, double[] detectionMap, double[] label, double minOverlap) {
        Optional<Reason> fault = fault(grid, detectionMap, label, minOverlap);
        if (fault.isPresent()) {
            return Answer.undefined(fault.get());
        }
        ConnectedComponents candidates = ConnectedComponents.of(grid, voxel -> detectionMap[voxel] != 0);
        long values = Arrays.stream(detectionMap).filter(x -> x != 0).distinct().count();
        if (candidates.count() < values) {
            // A map of voxel-wise scores instead of components: every value would be a "candidate".
            return Answer.undefined(Reason.INVALID_PARAMETER);
        }
        ConnectedComponents lesions = ConnectedComponents.of(grid, voxel -> label[voxel] != 0);
        double[] confidence = new double[candidates.count()];
        for (int voxel = 0; voxel < detectionMap.length; voxel++) {
            int candidate = candidates.label()[voxel] - 1;
            if (candidate >= 0) {
                confidence[candidate] = Math.max(confidence[candidate], detectionMap[voxel]);
            }
        }
        double caseScore = Arrays.stream(detectionMap).max().orElse(0);
        double[][] iou = overlaps(candidates, lesions);
        return Answer.of(new CaseDetections(id, match(iou, confidence, minOverlap), caseScore));
    }

    private static Optional<Reason> fault(Grid grid, double[] map, double[] label, double minOverlap) {
        if (map.length != grid.size() || label.length != grid.size()) {
            return Optional.of(Reason.LENGTH_MISMATCH);
        }
        if (!(minOverlap > 0 && minOverlap <= 1)) {
            return Optional.of(Reason.INVALID_PARAMETER);
        }
        for (int voxel = 0; voxel < map.length; voxel++) {
            if (!Double.isFinite(map[voxel]) || !Double.isFinite(label[voxel])) {
                return Optional.of(Reason.NON_FINITE_INPUT);
            }
            if (map[voxel] < 0) {
                return Optional.of(Reason.OUT_OF_RANGE);
            }
        }
        return Optional.empty();
    }

    /** [lesion][candidate]. */
    private static double[][] overlaps(ConnectedComponents candidates, ConnectedComponents lesions) {
        long[][] shared = new long[lesions.count()][candidates.count()];
        long[] lesionSize = new long[lesions.count()];
        long[] candidateSize = new long[candidates.count()];
        for (int voxel = 0; voxel < lesions.label().length; voxel++) {
            int lesion = lesions.label()[voxel] - 1;
            int candidate = candidates.label()[voxel] - 1;
            if (lesion >= 0) {
                lesionSize[lesion]++;
            }
            if (candidate >= 0) {
                candidateSize[candidate]++;
            }
            if (lesion >= 0 && candidate >= 0) {
                shared[lesion][candidate]++;
            }
        }
        double[][] iou = new double[lesions.count()][candidates.count()];
        for (int i = 0; i < iou.length; i++) {
            for (int j = 0; j < iou[i].length; j++) {
                double union = (double) lesionSize[i] + candidateSize[j] - shared[i][j];
                iou[i][j] = (shared[i][j] + EPSILON) / (union + EPSILON);
            }
        }
        return iou;
    }

    static List<Detection> match(double[][] iou, double[] confidence, double minOverlap) {
        int lesions = iou.length;
        double scale = Arrays.stream(confidence).max().orElse(1);
        long[][][] weights = new long[lesions][confidence.length][];
        boolean[] dropped = new boolean[confidence.length];
        for (int i = 0; i < lesions; i++) {
            for (int j = 0; j < confidence.length; j++) {
                boolean enough = iou[i][j] >= minOverlap;
                dropped[j] |= enough;
                weights[i][j] = enough
                        ? new long[] {
                            1, Math.round(iou[i][j] * IOU_UNIT), Math.round(confidence[j] / scale * CONFIDENCE_UNIT)
                        }
                        : new long[3];
            }
        }
        int[] matched = Assignment.maximise(weights, confidence.length);
        List<Detection> detections = new ArrayList<>();
        for (int i = 0; i < lesions; i++) {
            detections.add(
                    matched[i] < 0
                            ? new Detection(true, 0, 0)
                            : new Detection(true, confidence[matched[i]], iou[i][matched[i]]));
        }
        IntStream.range(0, confidence.length)
                .filter(j -> !dropped[j])
                .forEach(j -> detections.add(new Detection(false, confidence[j], 0)));
        detections.sort(Comparator.comparing(Detection::lesion)
                .thenComparing(Detection::confidence)
                .thenComparing(Detection::overlap)
                .reversed());
        return List.copyOf(detections);
    }

    /** Whether the case has a true lesion. */
    public boolean hasLesion() {
        return detections.stream().anyMatch(Detection::lesion);
    }
}
