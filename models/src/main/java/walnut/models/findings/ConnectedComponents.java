package walnut.models.findings;

import java.util.Arrays;
import java.util.function.IntPredicate;
import walnut.volume.VolumeGeometry;

/**
 * Sets of voxels that touch by a face, an edge or a corner (26-connectivity), numbered in the order of their first voxel
 * (column-fastest, then row, then slice): the order of scipy's {@code ndimage.label} with a 3×3×3 structure of ones.
 *
 * <p>Found by stretches of voxels within a row, joined where they touch a stretch of one of the four neighbouring rows
 * that come before (union-find, the root being the first stretch), so that the cost is that of stretches and not of 27
 * neighbours a voxel.
 */
final class ConnectedComponents {
    private final VolumeGeometry grid;

    /** Offsets of the first and last voxel of each stretch, in their order. */
    private int[] first = new int[256];

    private int[] last = new int[256];
    private int stretches;

    /** By row (over all slices): how many stretches come before it; one more entry than rows. */
    private final int[] stretchesBefore;

    /** By stretch: one of its component that is not behind it, while joining; the number of its component afterwards. */
    private final int[] component;

    private final int[] sizes;

    private ConnectedComponents(VolumeGeometry grid, IntPredicate rowMayHold, IntPredicate member) {
        this.grid = grid;
        int rows = grid.rows() * grid.slices();
        this.stretchesBefore = new int[rows + 1];
        for (int row = 0; row < rows; row++) {
            stretchesBefore[row] = stretches;
            if (rowMayHold.test(row)) {
                findStretches(row, member);
            }
        }
        stretchesBefore[rows] = stretches;
        this.component = new int[stretches];
        for (int stretch = 0; stretch < stretches; stretch++) {
            component[stretch] = stretch;
        }
        for (int row = 0; row < rows; row++) {
            if (stretchesBefore[row] < stretchesBefore[row + 1]) {
                joinWithRowsBefore(row);
            }
        }
        this.sizes = number();
    }

    static ConnectedComponents of(VolumeGeometry grid, IntPredicate member) {
        return of(grid, row -> true, member);
    }

    /**
     * @param rowMayHold false only for rows (counted over all slices) without a member
     * @param member by voxel offset
     */
    static ConnectedComponents of(VolumeGeometry grid, IntPredicate rowMayHold, IntPredicate member) {
        return new ConnectedComponents(grid, rowMayHold, member);
    }

    private void findStretches(int row, IntPredicate member) {
        int offset = row * grid.columns();
        int end = offset + grid.columns();
        while (offset < end) {
            while (offset < end && !member.test(offset)) {
                offset++;
            }
            if (offset < end) {
                if (stretches == first.length) {
                    first = Arrays.copyOf(first, 2 * stretches);
                    last = Arrays.copyOf(last, 2 * stretches);
                }
                first[stretches] = offset;
                while (offset < end && member.test(offset)) {
                    offset++;
                }
                last[stretches++] = offset - 1;
            }
        }
    }

    private void joinWithRowsBefore(int row) {
        int j = row % grid.rows();
        boolean hasSliceBefore = row >= grid.rows();
        if (j > 0) {
            join(row, row - 1);
        }
        if (hasSliceBefore) {
            int opposite = row - grid.rows();
            if (j > 0) {
                join(row, opposite - 1);
            }
            join(row, opposite);
            if (j < grid.rows() - 1) {
                join(row, opposite + 1);
            }
        }
    }

    /** Joins the stretches of two rows that overlap or meet at a corner. */
    private void join(int row, int other) {
        int shift = (row - other) * grid.columns();
        int one = stretchesBefore[row];
        int two = stretchesBefore[other];
        while (one < stretchesBefore[row + 1] && two < stretchesBefore[other + 1]) {
            if (last[one] + 1 < first[two] + shift) {
                one++;
            } else if (last[two] + shift + 1 < first[one]) {
                two++;
            } else {
                unite(one, two);
                if (last[one] < last[two] + shift) {
                    one++;
                } else {
                    two++;
                }
            }
        }
    }

    private void unite(int one, int two) {
        int rootOfOne = root(one);
        int rootOfTwo = root(two);
        component[Math.max(rootOfOne, rootOfTwo)] = Math.min(rootOfOne, rootOfTwo);
    }

    private int root(int stretch) {
        int root = stretch;
        while (component[root] != root) {
            component[root] = component[component[root]];
            root = component[root];
        }
        return root;
    }

    /** Numbers components from 0 in the order of their first stretches; the number of voxels of each. */
    private int[] number() {
        int[] counts = new int[stretches];
        int count = 0;
        for (int stretch = 0; stretch < stretches; stretch++) {
            // A root comes before its stretches, so what a stretch points to is numbered already.
            int number = component[stretch] == stretch ? count++ : component[component[stretch]];
            component[stretch] = number;
            counts[number] += last[stretch] - first[stretch] + 1;
        }
        return Arrays.copyOf(counts, count);
    }

    int count() {
        return sizes.length;
    }

    /** Voxels of one component. */
    int size(int number) {
        return sizes[number];
    }

    /** The voxels of one component by offset, ascending. */
    int[] voxels(int number) {
        int[] voxels = new int[sizes[number]];
        int n = 0;
        for (int stretch = 0; stretch < stretches; stretch++) {
            if (component[stretch] == number) {
                for (int offset = first[stretch]; offset <= last[stretch]; offset++) {
                    voxels[n++] = offset;
                }
            }
        }
        return voxels;
    }

    /** By component the offset of its greatest value; of equal ones the first. */
    int[] peaks(float[] values) {
        int[] peaks = new int[sizes.length];
        Arrays.fill(peaks, -1);
        for (int stretch = 0; stretch < stretches; stretch++) {
            int peak = peaks[component[stretch]];
            for (int offset = first[stretch]; offset <= last[stretch]; offset++) {
                peak = peak < 0 || values[offset] > values[peak] ? offset : peak;
            }
            peaks[component[stretch]] = peak;
        }
        return peaks;
    }
}
