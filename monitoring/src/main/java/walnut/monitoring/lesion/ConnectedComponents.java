package walnut.monitoring.lesion;

import java.util.function.IntPredicate;

/**
 * Groups of voxels that touch by a face, an edge or a corner (26-connected). {@code label} is 0 for background and
 * 1 … count otherwise, numbered by the first voxel in array order.
 */
public record ConnectedComponents(int[] label, int count) {
    public static ConnectedComponents of(Grid grid, IntPredicate inside) {
        int[] label = new int[grid.size()];
        int[] queue = new int[grid.size()];
        int count = 0;
        for (int start = 0; start < label.length; start++) {
            if (label[start] != 0 || !inside.test(start)) {
                continue;
            }
            label[start] = ++count;
            int head = 0;
            int tail = 0;
            queue[tail++] = start;
            while (head < tail) {
                int voxel = queue[head++];
                for (int dz = -1; dz <= 1; dz++) {
                    for (int dy = -1; dy <= 1; dy++) {
                        for (int dx = -1; dx <= 1; dx++) {
                            int z = grid.slice(voxel) + dz;
                            int y = grid.row(voxel) + dy;
                            int x = grid.column(voxel) + dx;
                            if (!grid.contains(z, y, x)) {
                                continue;
                            }
                            int neighbour = grid.index(z, y, x);
                            if (label[neighbour] == 0 && inside.test(neighbour)) {
                                label[neighbour] = count;
                                queue[tail++] = neighbour;
                            }
                        }
                    }
                }
            }
        }
        return new ConnectedComponents(label, count);
    }
}
