package walnut.models.findings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import walnut.volume.VolumeGeometry;

/**
 * Sets of voxels that touch by a face, an edge or a corner (26-connectivity), in the order of their first voxel
 * (column-fastest, then row, then slice): the order of scipy's {@code ndimage.label} with a 3×3×3 structure of ones.
 *
 * <p>Voxels are added; a component is taken out round one of them.
 */
final class ConnectedComponents {
    /** Up to so many offsets for each voxel of a component it is quicker to walk them all than to sort the voxels. */
    private static final int WALKED_PER_VOXEL = 16;

    private final VolumeGeometry grid;
    private final boolean[] waiting;
    private final boolean[] found;
    private int[] stack = new int[1024];

    ConnectedComponents(VolumeGeometry grid) {
        this.grid = grid;
        int voxels = Math.toIntExact(grid.voxelCount());
        this.waiting = new boolean[voxels];
        this.found = new boolean[voxels];
    }

    /** The voxels of each component by offset, ascending. */
    static List<int[]> of(VolumeGeometry grid, IntPredicate member) {
        ConnectedComponents components = new ConnectedComponents(grid);
        int voxels = components.waiting.length;
        for (int offset = 0; offset < voxels; offset++) {
            components.waiting[offset] = member.test(offset);
        }
        List<int[]> taken = new ArrayList<>();
        for (int offset = 0; offset < voxels; offset++) {
            if (components.waiting[offset]) {
                taken.add(components.takeRound(offset));
            }
        }
        return taken;
    }

    void add(int offset) {
        waiting[offset] = true;
    }

    void remove(int offset) {
        waiting[offset] = false;
    }

    /** Whether the voxel was added and neither removed nor taken. */
    boolean has(int offset) {
        return waiting[offset];
    }

    /** Takes out the component of a voxel that is there: its voxels by offset, ascending. */
    int[] takeRound(int voxel) {
        int visited = 0;
        int count = push(voxel, 0);
        int least = voxel;
        int greatest = voxel;
        while (visited < count) {
            int offset = stack[visited++];
            least = Math.min(least, offset);
            greatest = Math.max(greatest, offset);
            int i = offset % grid.columns();
            int line = offset / grid.columns();
            int j = line % grid.rows();
            int k = line / grid.rows();
            int before = i > 0 ? 1 : 0;
            int behind = i < grid.columns() - 1 ? 1 : 0;
            for (int kk = Math.max(k - 1, 0); kk <= Math.min(k + 1, grid.slices() - 1); kk++) {
                for (int jj = Math.max(j - 1, 0); jj <= Math.min(j + 1, grid.rows() - 1); jj++) {
                    int middle = grid.offset(i, jj, kk);
                    for (int neighbour = middle - before; neighbour <= middle + behind; neighbour++) {
                        if (waiting[neighbour]) {
                            count = push(neighbour, count);
                        }
                    }
                }
            }
        }
        return ascending(count, least, greatest);
    }

    private int push(int offset, int count) {
        if (count == stack.length) {
            stack = Arrays.copyOf(stack, 2 * count);
        }
        waiting[offset] = false;
        stack[count] = offset;
        return count + 1;
    }

    private int[] ascending(int count, int least, int greatest) {
        if (greatest - least > (long) WALKED_PER_VOXEL * count) {
            int[] component = Arrays.copyOf(stack, count);
            Arrays.sort(component);
            return component;
        }
        for (int n = 0; n < count; n++) {
            found[stack[n]] = true;
        }
        int[] component = new int[count];
        int n = 0;
        for (int offset = least; offset <= greatest; offset++) {
            if (found[offset]) {
                found[offset] = false;
                component[n++] = offset;
            }
        }
        return component;
    }
}
