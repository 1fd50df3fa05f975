package walnut.monitoring.lesion;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * For every voxel the nearest voxel of a set, exactly, by Euclidean distance in millimetres: three passes of lower
 * envelopes of parabolas (Felzenszwalb &amp; Huttenlocher, Theory Comput. 8 (2012) 415), one per axis, carrying the
 * nearest voxel along. Linear in the number of voxels.
 */
final class DistanceTransform {
    private final Grid grid;
    private final double[] spacing;
    private final double[] squared;
    private final int[] nearest;

    private DistanceTransform(Grid grid, double[] spacing) {
        this.grid = grid;
        this.spacing = spacing;
        this.squared = new double[grid.size()];
        this.nearest = new int[grid.size()];
    }

    /** {@code spacing} is [slice, row, column] in millimetres; the set must not be empty. */
    static DistanceTransform to(Grid grid, double[] spacing, IntPredicate set) {
        DistanceTransform transform = new DistanceTransform(grid, spacing);
        for (int voxel = 0; voxel < grid.size(); voxel++) {
            boolean inside = set.test(voxel);
            transform.squared[voxel] = inside ? 0 : Double.POSITIVE_INFINITY;
            transform.nearest[voxel] = inside ? voxel : -1;
        }
        int plane = grid.rows() * grid.columns();
        for (int z = 0; z < grid.slices(); z++) {
            for (int y = 0; y < grid.rows(); y++) {
                transform.sweep(grid.index(z, y, 0), 1, grid.columns(), spacing[2]);
            }
        }
        for (int z = 0; z < grid.slices(); z++) {
            for (int x = 0; x < grid.columns(); x++) {
                transform.sweep(grid.index(z, 0, x), grid.columns(), grid.rows(), spacing[1]);
            }
        }
        for (int inPlane = 0; inPlane < plane; inPlane++) {
            transform.sweep(inPlane, plane, grid.slices(), spacing[0]);
        }
        return transform;
    }

    /** Millimetres from this voxel to the set. */
    double distance(int voxel) {
        int to = nearest[voxel];
        double z = (grid.slice(voxel) - grid.slice(to)) * spacing[0];
        double y = (grid.row(voxel) - grid.row(to)) * spacing[1];
        double x = (grid.column(voxel) - grid.column(to)) * spacing[2];
        return Math.sqrt(z * z + y * y + x * x);
    }

    private void sweep(int start, int stride, int length, double step) {
        double[] height = new double[length];
        int[] source = new int[length];
        int[] vertex = new int[length];
        double[] from = new double[length + 1];
        int top = -1;
        for (int i = 0; i < length; i++) {
            height[i] = squared[start + i * stride];
            source[i] = nearest[start + i * stride];
        }
        for (int i = 0; i < length; i++) {
            if (Double.isInfinite(height[i])) {
                continue;
            }
            double crossing = Double.NEGATIVE_INFINITY;
            while (top >= 0) {
                crossing = crossing(height, vertex[top], i, step);
                if (crossing > from[top]) {
                    break;
                }
                top--;
            }
            top++;
            vertex[top] = i;
            from[top] = top == 0 ? Double.NEGATIVE_INFINITY : crossing;
            from[top + 1] = Double.POSITIVE_INFINITY;
        }
        if (top < 0) {
            return;
        }
        for (int i = 0, k = 0; i < length; i++) {
            while (from[k + 1] < i) {
                k++;
            }
            double off = (i - vertex[k]) * step;
            squared[start + i * stride] = height[vertex[k]] + off * off;
            nearest[start + i * stride] = source[vertex[k]];
        }
    }

    /** Where, in steps along the axis, the parabola of {@code right} falls below that of {@code left}. */
    private static double crossing(double[] height, int left, int right, double step) {
        double scale = step * step;
        return ((height[right] / scale + (double) right * right) - (height[left] / scale + (double) left * left))
                / (2.0 * (right - left));
    }

    /** Distances of the voxels of a set, in array order. */
    double[] distances(IntPredicate from) {
        double[] all = new double[grid.size()];
        int count = 0;
        for (int voxel = 0; voxel < grid.size(); voxel++) {
            if (from.test(voxel)) {
                all[count++] = distance(voxel);
            }
        }
        return Arrays.copyOf(all, count);
    }
}
