package walnut.monitoring.lesion;

import java.util.Arrays;
import java.util.Optional;
import walnut.monitoring.statistic.Moments;
import walnut.monitoring.statistic.Quantile;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Agreement of a predicted and a true mask, both [slice, row, column]; volumes in mm³, distances in mm. n is the number of
 * voxels of both masks.
 *
 * <p>The surface is the mask minus its erosion by the 6-neighbourhood, with background outside the volume. Distances run
 * from each surface voxel to the nearest surface voxel of the other mask. {@code hausdorff95Directed} is the larger of the
 * two directed type-7 95th percentiles (MONAI), {@code hausdorff95Pooled} the percentile of both directions together
 * (medpy); {@code meanSurfaceDirected} the mean of the two directed means, {@code meanSurfacePooled} the mean over all
 * surface voxels. NSD is the share of surface voxels of both within the tolerance.
 *
 * <p>Both masks empty: Dice and IoU undefined. One empty: Dice and IoU are a true 0, distances undefined. A missed
 * structure must be counted beside any mean of distances, or the mean improves as the model fails (MONAI issue 9095).
 */
public record SegmentationAgreement(
        Statistic predictedVolume,
        Statistic trueVolume,
        Statistic dice,
        Statistic iou,
        Statistic relativeVolumeDifference,
        Surfaces surfaces) {

    public record Surfaces(
            int predictedVoxels,
            int trueVoxels,
            Statistic hausdorff,
            Statistic hausdorff95Directed,
            Statistic hausdorff95Pooled,
            Statistic meanSurfaceDirected,
            Statistic meanSurfacePooled,
            Statistic meanPredictedToTrue,
            Statistic meanTrueToPredicted,
            Statistic normalisedSurfaceDice) {

        static Surfaces undefined(Reason reason, long n, int predictedVoxels, int trueVoxels) {
            Statistic none = Statistic.undefined(reason, n);
            return new Surfaces(predictedVoxels, trueVoxels, none, none, none, none, none, none, none, none);
        }
    }

    /** {@code spacing} is [slice, row, column] in mm, {@code tolerance} of NSD in mm. */
    public static SegmentationAgreement of(
            Grid grid, double[] spacing, boolean[] predicted, boolean[] truth, double tolerance) {
        Optional<Reason> fault = fault(grid, spacing, predicted, truth, tolerance);
        if (fault.isPresent()) {
            Statistic none = Statistic.undefined(fault.get(), 0);
            return new SegmentationAgreement(none, none, none, none, none, Surfaces.undefined(fault.get(), 0, 0, 0));
        }
        long inPredicted = 0;
        long inTruth = 0;
        long inBoth = 0;
        for (int voxel = 0; voxel < predicted.length; voxel++) {
            inPredicted += predicted[voxel] ? 1 : 0;
            inTruth += truth[voxel] ? 1 : 0;
            inBoth += predicted[voxel] && truth[voxel] ? 1 : 0;
        }
        long n = inPredicted + inTruth;
        double voxelVolume = spacing[0] * spacing[1] * spacing[2];
        Surfaces surfaces = inPredicted == 0 || inTruth == 0
                ? Surfaces.undefined(Reason.EMPTY, n, surfaceSize(grid, predicted), surfaceSize(grid, truth))
                : surfaces(grid, spacing, predicted, truth, tolerance, n);
        return new SegmentationAgreement(
                Statistic.of(inPredicted * voxelVolume, inPredicted),
                Statistic.of(inTruth * voxelVolume, inTruth),
                Statistic.ratio(2.0 * inBoth, n, n),
                Statistic.ratio(inBoth, n - inBoth, n),
                Statistic.ratio((double) inPredicted - inTruth, inTruth, n),
                surfaces);
    }

    private static Optional<Reason> fault(
            Grid grid, double[] spacing, boolean[] predicted, boolean[] truth, double tolerance) {
        if (predicted.length != grid.size() || truth.length != grid.size() || spacing.length != 3) {
            return Optional.of(Reason.LENGTH_MISMATCH);
        }
        boolean sound = Arrays.stream(spacing).allMatch(step -> step > 0 && Double.isFinite(step)) && tolerance >= 0;
        return sound ? Optional.empty() : Optional.of(Reason.INVALID_PARAMETER);
    }

    private static Surfaces surfaces(
            Grid grid, double[] spacing, boolean[] predicted, boolean[] truth, double tolerance, long n) {
        boolean[] a = surface(grid, predicted);
        boolean[] b = surface(grid, truth);
        double[] ab = DistanceTransform.to(grid, spacing, voxel -> b[voxel]).distances(voxel -> a[voxel]);
        double[] ba = DistanceTransform.to(grid, spacing, voxel -> a[voxel]).distances(voxel -> b[voxel]);
        double[] pooled = Arrays.copyOf(ab, ab.length + ba.length);
        System.arraycopy(ba, 0, pooled, ab.length, ba.length);
        long within = Arrays.stream(pooled).filter(d -> d <= tolerance).count();
        return new Surfaces(
                ab.length,
                ba.length,
                Statistic.of(Arrays.stream(pooled).max().orElseThrow(), n),
                Statistic.of(Math.max(Quantile.of(ab, 0.95), Quantile.of(ba, 0.95)), n),
                Statistic.of(Quantile.of(pooled, 0.95), n),
                Statistic.of((Moments.mean(ab) + Moments.mean(ba)) / 2, n),
                Statistic.of(Moments.mean(pooled), n),
                Statistic.of(Moments.mean(ab), n),
                Statistic.of(Moments.mean(ba), n),
                Statistic.of((double) within / pooled.length, n));
    }

    private static int surfaceSize(Grid grid, boolean[] mask) {
        int size = 0;
        for (boolean voxel : surface(grid, mask)) {
            size += voxel ? 1 : 0;
        }
        return size;
    }

    private static boolean[] surface(Grid grid, boolean[] mask) {
        boolean[] surface = new boolean[mask.length];
        for (int voxel = 0; voxel < mask.length; voxel++) {
            surface[voxel] = mask[voxel] && !isInner(grid, mask, voxel);
        }
        return surface;
    }

    private static boolean isInner(Grid grid, boolean[] mask, int voxel) {
        int z = grid.slice(voxel);
        int y = grid.row(voxel);
        int x = grid.column(voxel);
        return isIn(grid, mask, z - 1, y, x)
                && isIn(grid, mask, z + 1, y, x)
                && isIn(grid, mask, z, y - 1, x)
                && isIn(grid, mask, z, y + 1, x)
                && isIn(grid, mask, z, y, x - 1)
                && isIn(grid, mask, z, y, x + 1);
    }

    private static boolean isIn(Grid grid, boolean[] mask, int z, int y, int x) {
        return grid.contains(z, y, x) && mask[grid.index(z, y, x)];
    }
}
