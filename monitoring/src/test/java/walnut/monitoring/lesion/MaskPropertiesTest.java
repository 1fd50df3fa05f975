package walnut.monitoring.lesion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import walnut.monitoring.lesion.CaseDetections.Detection;
import walnut.monitoring.lesion.SegmentationAgreement.Surfaces;

/** What must hold of outlines and of found lesions, for any masks and any cases. */
class MaskPropertiesTest {
    private static final Offset<Double> TINY = within(1e-9);
    /** Masks lie in this part of the grid, [slice, row, column], with a margin of one voxel before and two after. */
    private static final Grid GRID = new Grid(8, 9, 10);

    private static final double[] SPACING = {3, 0.5, 0.75};
    private static final double TOLERANCE = 1.1;

    /** Two overlapping boxes with ragged edges, both non-empty. */
    private static boolean[][] masks(long seed) {
        Random random = new Random(seed);
        boolean[][] masks = new boolean[2][GRID.size()];
        for (boolean[] mask : masks) {
            int reach = 2 + random.nextInt(3);
            for (int z = 1; z < GRID.slices() - 2; z++) {
                for (int y = 1; y < GRID.rows() - 2; y++) {
                    for (int x = 1; x < GRID.columns() - 2; x++) {
                        boolean inBox = z <= reach + 1 && y <= reach + 2 && x <= reach + 2;
                        mask[GRID.index(z, y, x)] = inBox ? random.nextInt(5) > 0 : random.nextInt(40) == 0;
                    }
                }
            }
            mask[GRID.index(2, 2, 2)] = true;
        }
        return masks;
    }

    private static SegmentationAgreement agreement(boolean[] predicted, boolean[] truth) {
        return SegmentationAgreement.of(GRID, SPACING, predicted, truth, TOLERANCE);
    }

    private static double[] distances(SegmentationAgreement agreement) {
        Surfaces surfaces = agreement.surfaces();
        return new double[] {
            surfaces.hausdorff().orThrow(),
            surfaces.hausdorff95Directed().orThrow(),
            surfaces.hausdorff95Pooled().orThrow(),
            surfaces.meanSurfaceDirected().orThrow(),
            surfaces.meanSurfacePooled().orThrow()
        };
    }

    @Property(tries = 60)
    void overlap_and_distances_are_symmetric(@ForAll long seed) {
        boolean[][] masks = masks(seed);
        SegmentationAgreement one = agreement(masks[0], masks[1]);
        SegmentationAgreement other = agreement(masks[1], masks[0]);
        assertThat(other.dice()).isEqualTo(one.dice());
        assertThat(other.iou()).isEqualTo(one.iou());
        assertThat(other.predictedVolume()).isEqualTo(one.trueVolume());
        assertThat(distances(other)).containsExactly(distances(one), TINY);
        assertThat(other.surfaces().normalisedSurfaceDice())
                .isEqualTo(one.surfaces().normalisedSurfaceDice());
        assertThat(other.surfaces().meanPredictedToTrue())
                .isEqualTo(one.surfaces().meanTrueToPredicted());
    }

    @Property(tries = 60)
    void overlap_and_distances_keep_their_bounds(@ForAll long seed) {
        boolean[][] masks = masks(seed);
        SegmentationAgreement one = agreement(masks[0], masks[1]);
        double dice = one.dice().orThrow();
        double iou = one.iou().orThrow();
        assertThat(dice).isBetween(iou, 1.0).isCloseTo(2 * iou / (1 + iou), TINY);
        double[] distances = distances(one);
        for (double distance : distances) {
            assertThat(distance).isBetween(0.0, distances[0] + 1e-12);
        }
        assertThat(one.surfaces().normalisedSurfaceDice().orThrow()).isBetween(0.0, 1.0);
        SegmentationAgreement same = agreement(masks[0], masks[0]);
        assertThat(same.dice().orThrow()).isEqualTo(1);
        assertThat(distances(same)).containsOnly(0);
        assertThat(same.surfaces().normalisedSurfaceDice().orThrow()).isEqualTo(1);
    }

    @Property(tries = 60)
    void moving_both_masks_changes_nothing(@ForAll long seed) {
        boolean[][] masks = masks(seed);
        boolean[][] moved = new boolean[2][GRID.size()];
        for (int which = 0; which < 2; which++) {
            for (int voxel = 0; voxel < GRID.size(); voxel++) {
                if (masks[which][voxel]) {
                    moved[which][GRID.index(GRID.slice(voxel) + 1, GRID.row(voxel) + 1, GRID.column(voxel) - 1)] = true;
                }
            }
        }
        assertThat(agreement(moved[0], moved[1])).isEqualTo(agreement(masks[0], masks[1]));
    }

    @Property(tries = 60)
    void distances_scale_with_the_spacing(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int quarters) {
        double factor = quarters / 4.0;
        boolean[][] masks = masks(seed);
        SegmentationAgreement one = agreement(masks[0], masks[1]);
        double[] spacing = {SPACING[0] * factor, SPACING[1] * factor, SPACING[2] * factor};
        SegmentationAgreement other = SegmentationAgreement.of(GRID, spacing, masks[0], masks[1], TOLERANCE * factor);
        double[] expected = distances(one);
        for (int i = 0; i < expected.length; i++) {
            expected[i] *= factor;
        }
        assertThat(distances(other)).containsExactly(expected, TINY);
        assertThat(other.dice()).isEqualTo(one.dice());
        assertThat(other.relativeVolumeDifference()).isEqualTo(one.relativeVolumeDifference());
        assertThat(other.trueVolume().orThrow())
                .isCloseTo(factor * factor * factor * one.trueVolume().orThrow(), TINY);
        assertThat(other.surfaces().normalisedSurfaceDice().orThrow())
                .isCloseTo(one.surfaces().normalisedSurfaceDice().orThrow(), TINY);
    }

    /** Which axis is called slice does not matter, as long as its spacing goes with it. */
    @Property(tries = 60)
    void exchanging_axes_with_their_spacing_changes_nothing(@ForAll long seed) {
        boolean[][] masks = masks(seed);
        Grid turnedGrid = new Grid(GRID.columns(), GRID.slices(), GRID.rows());
        boolean[][] turned = new boolean[2][GRID.size()];
        for (int which = 0; which < 2; which++) {
            for (int voxel = 0; voxel < GRID.size(); voxel++) {
                turned[which][turnedGrid.index(GRID.column(voxel), GRID.slice(voxel), GRID.row(voxel))] =
                        masks[which][voxel];
            }
        }
        double[] spacing = {SPACING[2], SPACING[0], SPACING[1]};
        SegmentationAgreement one = agreement(masks[0], masks[1]);
        SegmentationAgreement other = SegmentationAgreement.of(turnedGrid, spacing, turned[0], turned[1], TOLERANCE);
        assertThat(distances(other)).containsExactly(distances(one), TINY);
        assertThat(other.dice()).isEqualTo(one.dice());
        assertThat(other.surfaces().normalisedSurfaceDice().orThrow())
                .isCloseTo(one.surfaces().normalisedSurfaceDice().orThrow(), TINY);
    }

    private static List<CaseDetections> cases(int n, Random random) {
        List<CaseDetections> cases = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            List<Detection> detections = new ArrayList<>();
            if (i == 0 || (i > 1 && random.nextBoolean())) {
                detections.add(
                        random.nextInt(4) == 0
                                ? new Detection(true, 0, 0)
                                : new Detection(true, (1 + random.nextInt(9)) / 10.0, 0.5));
            }
            for (int extra = random.nextInt(3); extra > 0; extra--) {
                detections.add(new Detection(false, (1 + random.nextInt(9)) / 10.0, 0));
            }
            double score =
                    detections.stream().mapToDouble(Detection::confidence).max().orElse(0);
            cases.add(new CaseDetections("case " + i, detections, score));
        }
        return cases;
    }

    private static CaseDetections mapped(CaseDetections one, DoubleUnaryOperator of) {
        return new CaseDetections(
                one.id(),
                one.detections().stream()
                        .map(d -> new Detection(d.lesion(), of.applyAsDouble(d.confidence()), d.overlap()))
                        .toList(),
                of.applyAsDouble(one.caseScore()));
    }

    @Property(tries = 100)
    void detection_ignores_order_of_cases_and_rising_maps_of_confidence(
            @ForAll @IntRange(min = 2, max = 30) int n, @ForAll long seed) {
        Random random = new Random(seed);
        List<CaseDetections> cases = cases(n, random);
        LesionDetection one = LesionDetection.of(cases);
        List<CaseDetections> shuffled = new ArrayList<>(cases);
        Collections.shuffle(shuffled, random);
        // 0 stays 0: it marks a lesion that was missed.
        List<CaseDetections> squared =
                cases.stream().map(c -> mapped(c, x -> 9 * x * x)).toList();
        for (List<CaseDetections> others : List.of(shuffled, squared)) {
            LesionDetection other = LesionDetection.of(others);
            assertThat(other.auroc().orThrow()).isCloseTo(one.auroc().orThrow(), TINY);
            assertThat(other.averagePrecision().orThrow())
                    .isCloseTo(one.averagePrecision().orThrow(), TINY);
            assertThat(other.picaiScore().orThrow()).isCloseTo(one.picaiScore().orThrow(), TINY);
        }
        assertThat(one.averagePrecision().orThrow()).isBetween(0.0, 1.0);
        assertThat(one.picaiScore().orThrow())
                .isCloseTo((one.auroc().orThrow() + one.averagePrecision().orThrow()) / 2, TINY);
    }

    @Property(tries = 100)
    void a_confident_false_positive_never_helps(@ForAll @IntRange(min = 2, max = 30) int n, @ForAll long seed) {
        List<CaseDetections> cases = cases(n, new Random(seed));
        List<CaseDetections> worse = new ArrayList<>(cases);
        CaseDetections benign = cases.get(1);
        List<Detection> detections = new ArrayList<>(benign.detections());
        detections.add(new Detection(false, 0.95, 0));
        worse.set(1, new CaseDetections(benign.id(), detections, 0.95));
        LesionDetection before = LesionDetection.of(cases);
        LesionDetection after = LesionDetection.of(worse);
        assertThat(after.averagePrecision().orThrow())
                .isLessThanOrEqualTo(before.averagePrecision().orThrow());
        assertThat(after.auroc().orThrow()).isLessThanOrEqualTo(before.auroc().orThrow());
    }
}
