package walnut.models.findings;

import java.util.ArrayList;
import java.util.List;
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
     *
     * @param voxels by offset, ascending
     */
    static double longAxisMm(int[] voxels, VolumeGeometry grid) {
        List<Ends> ofSlice = new ArrayList<>();
        double longestSquared = 0;
        int from = 0;
        for (int n = 1; n <= voxels.length; n++) {
            boolean sameRow = n < voxels.length && voxels[n] / grid.columns() == voxels[from] / grid.columns();
            if (!sameRow) {
                boolean sameSlice = !ofSlice.isEmpty() && ofSlice.get(0).slice() == slice(voxels[from], grid);
                if (!sameSlice) {
                    longestSquared = Math.max(longestSquared, longestSquared(ofSlice, grid));
                    ofSlice.clear();
                }
                ofSlice.add(new Ends(
                        slice(voxels[from], grid),
                        row(voxels[from], grid),
                        column(voxels[from], grid),
                        column(voxels[n - 1], grid)));
                from = n;
            }
        }
        return Math.sqrt(Math.max(longestSquared, longestSquared(ofSlice, grid)));
    }

    private static double longestSquared(List<Ends> rows, VolumeGeometry grid) {
        double longestSquared = 0;
        for (int one = 0; one < rows.size(); one++) {
            for (int other = one; other < rows.size(); other++) {
                double acrossRows = (rows.get(other).row() - rows.get(one).row() + 1) * grid.spacingJ();
                double acrossColumns = rows.get(one).reach(rows.get(other)) * grid.spacingI();
                longestSquared = Math.max(longestSquared, acrossRows * acrossRows + acrossColumns * acrossColumns);
            }
        }
        return longestSquared;
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
    private record Ends(int slice, int row, int first, int last) {
        /** Columns from the farthest edge of the one to that of the other. */
        int reach(Ends other) {
            return Math.max(Math.abs(last - other.first), Math.abs(other.last - first)) + 1;
        }
    }
}
