package walnut.models.findings;

import java.util.Map;
import java.util.TreeMap;
import walnut.volume.Lps;
import walnut.volume.VolumeGeometry;

/** Where a set of voxels lies and how far it reaches. */
final class Extent {
    private Extent() {}

    /** Mean of the voxel centres, LPS mm. */
    static Lps centroid(int[] voxels, VolumeGeometry grid) {
        long sumI = 0;
        long sumJ = 0;
        long sumK = 0;
        for (int offset : voxels) {
            sumI += column(offset, grid);
            sumJ += row(offset, grid);
            sumK += slice(offset, grid);
        }
        double count = voxels.length;
        return grid.toPatient(sumI / count, sumJ / count, sumK / count);
    }

    static Lps centre(int offset, VolumeGeometry grid) {
        return grid.toPatient(column(offset, grid), row(offset, grid), slice(offset, grid));
    }

    /**
     * Greatest distance, mm, between two points of the voxels of any one slice, a voxel being a brick: of two bricks the
     * farthest corners count. Only the ends of each row can be farthest.
     */
    static double longAxisMm(int[] voxels, VolumeGeometry grid) {
        Map<Integer, TreeMap<Integer, Ends>> rowsBySlice = new TreeMap<>();
        for (int offset : voxels) {
            rowsBySlice
                    .computeIfAbsent(slice(offset, grid), k -> new TreeMap<>())
                    .merge(row(offset, grid), Ends.at(column(offset, grid)), Ends::and);
        }
        double longestSquared = 0;
        for (TreeMap<Integer, Ends> rows : rowsBySlice.values()) {
            for (Map.Entry<Integer, Ends> one : rows.entrySet()) {
                for (Map.Entry<Integer, Ends> other : rows.tailMap(one.getKey()).entrySet()) {
                    double acrossRows = (other.getKey() - one.getKey() + 1) * grid.spacingJ();
                    double acrossColumns = one.getValue().reach(other.getValue()) * grid.spacingI();
                    longestSquared = Math.max(longestSquared, acrossRows * acrossRows + acrossColumns * acrossColumns);
                }
            }
        }
        return Math.sqrt(longestSquared);
    }

    private static int column(int offset, VolumeGeometry grid) {
        return offset % grid.columns();
    }

    private static int row(int offset, VolumeGeometry grid) {
        return offset / grid.columns() % grid.rows();
    }

    private static int slice(int offset, VolumeGeometry grid) {
        return offset / grid.columns() / grid.rows();
    }

    /** First and last column of a row. */
    private record Ends(int first, int last) {
        static Ends at(int column) {
            return new Ends(column, column);
        }

        Ends and(Ends other) {
            return new Ends(Math.min(first, other.first), Math.max(last, other.last));
        }

        /** Columns from the farthest edge of the one to that of the other. */
        int reach(Ends other) {
            return Math.max(Math.abs(last - other.first), Math.abs(other.last - first)) + 1;
        }
    }
}
