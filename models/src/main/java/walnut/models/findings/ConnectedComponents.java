package walnut.models.findings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import walnut.volume.VolumeGeometry;

/**
 * Sets of voxels that touch by a face, an edge or a corner (26-connectivity), in the order of their first voxel
 * (column-fastest, then row, then slice): the order of scipy's {@code ndimage.label} with a 3×3×3 structure of ones.
 */
final class ConnectedComponents {
    private ConnectedComponents() {}

    /** The voxels of each component by offset, ascending. */
    static List<int[]> of(VolumeGeometry grid, IntPredicate member) {
        int count = Math.toIntExact(grid.voxelCount());
        int[] members = new int[count];
        int found = 0;
        for (int offset = 0; offset < count; offset++) {
            if (member.test(offset)) {
                members[found++] = offset;
            }
        }
        return of(grid, members, found, new boolean[count]);
    }

    /**
     * As {@link #of(VolumeGeometry, IntPredicate)}, looking at the members alone.
     *
     * @param members offsets, ascending; the first {@code count} of them count
     * @param waiting one for each voxel of the grid, all false; left so
     */
    static List<int[]> of(VolumeGeometry grid, int[] members, int count, boolean[] waiting) {
        for (int n = 0; n < count; n++) {
            waiting[members[n]] = true;
        }
        List<int[]> components = new ArrayList<>();
        int[] stack = new int[count];
        for (int n = 0; n < count; n++) {
            if (waiting[members[n]]) {
                components.add(flood(grid, waiting, stack, members[n]));
            }
        }
        return components;
    }

    /** The stack's lower part keeps what was visited, its upper part what is still to be looked at. */
    private static int[] flood(VolumeGeometry grid, boolean[] waiting, int[] stack, int first) {
        int visited = 0;
        int found = 0;
        stack[found++] = first;
        waiting[first] = false;
        while (visited < found) {
            int offset = stack[visited++];
            int i = offset % grid.columns();
            int j = offset / grid.columns() % grid.rows();
            int k = offset / grid.columns() / grid.rows();
            for (int kk = Math.max(k - 1, 0); kk <= Math.min(k + 1, grid.slices() - 1); kk++) {
                for (int jj = Math.max(j - 1, 0); jj <= Math.min(j + 1, grid.rows() - 1); jj++) {
                    for (int ii = Math.max(i - 1, 0); ii <= Math.min(i + 1, grid.columns() - 1); ii++) {
                        int neighbour = grid.offset(ii, jj, kk);
                        if (waiting[neighbour]) {
                            waiting[neighbour] = false;
                            stack[found++] = neighbour;
                        }
                    }
                }
            }
        }
        int[] component = Arrays.copyOf(stack, found);
        Arrays.sort(component);
        return component;
    }
}
