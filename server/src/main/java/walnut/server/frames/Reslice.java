package walnut.server.frames;

import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;
import walnut.volume.VoxelIndex;

/**
 * One slice of a volume as it appears in the plane of another grid.
 *
 * <p>Result: {@code float[rows][columns]} of the grid, flattened column-fastest; values trilinear between the eight
 * neighbours, NaN outside the volume. Frame: both geometries in the same LPS.
 * <p>Up to half a voxel beyond the outermost centres counts as inside and takes the edge value, since a voxel has an
 * extent; otherwise a single-slice volume would be empty.
 */
final class Reslice {
    private Reslice() {}

    static float[] atSlice(Volume volume, VolumeGeometry grid, int slice) {
        VolumeGeometry source = volume.geometry();
        float[] plane = new float[grid.rows() * grid.columns()];
        // The map from grid index to source index is affine: one start and one step per axis describe it.
        VoxelIndex start = source.toIndex(grid.toPatient(0, 0, slice));
        VoxelIndex perColumn = step(source, grid.directionI().times(grid.spacingI()));
        VoxelIndex perRow = step(source, grid.directionJ().times(grid.spacingJ()));
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                plane[row * grid.columns() + column] = trilinear(
                        volume,
                        start.i() + column * perColumn.i() + row * perRow.i(),
                        start.j() + column * perColumn.j() + row * perRow.j(),
                        start.k() + column * perColumn.k() + row * perRow.k());
            }
        }
        return plane;
    }

    private static VoxelIndex step(VolumeGeometry source, Lps displacement) {
        return new VoxelIndex(
                displacement.dot(source.directionI()) / source.spacingI(),
                displacement.dot(source.directionJ()) / source.spacingJ(),
                displacement.dot(source.directionK()) / source.spacingK());
    }

    private static float trilinear(Volume volume, double i, double j, double k) {
        VolumeGeometry geometry = volume.geometry();
        if (outside(i, geometry.columns()) || outside(j, geometry.rows()) || outside(k, geometry.slices())) {
            return Float.NaN;
        }
        int i0 = lowerNeighbour(i, geometry.columns());
        int j0 = lowerNeighbour(j, geometry.rows());
        int k0 = lowerNeighbour(k, geometry.slices());
        int i1 = Math.min(i0 + 1, geometry.columns() - 1);
        int j1 = Math.min(j0 + 1, geometry.rows() - 1);
        int k1 = Math.min(k0 + 1, geometry.slices() - 1);
        double di = fraction(i, i0);
        double dj = fraction(j, j0);
        double dk = fraction(k, k0);
        double near = bilinear(volume, i0, i1, j0, j1, k0, di, dj);
        double far = bilinear(volume, i0, i1, j0, j1, k1, di, dj);
        return (float) (near + dk * (far - near));
    }

    private static double bilinear(Volume volume, int i0, int i1, int j0, int j1, int k, double di, double dj) {
        double upper = volume.at(i0, j0, k) + di * (volume.at(i1, j0, k) - volume.at(i0, j0, k));
        double lower = volume.at(i0, j1, k) + di * (volume.at(i1, j1, k) - volume.at(i0, j1, k));
        return upper + dj * (lower - upper);
    }

    private static boolean outside(double index, int size) {
        return !(index >= -0.5 && index <= size - 0.5);
    }

    private static int lowerNeighbour(double index, int size) {
        return Math.max(0, Math.min(size - 1, (int) Math.floor(index)));
    }

    private static double fraction(double index, int lowerNeighbour) {
        return Math.max(0, Math.min(1, index - lowerNeighbour));
    }
}
