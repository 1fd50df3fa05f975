package walnut.models.findings;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import walnut.models.passport.Passport;
import walnut.models.passport.Passport.ZoneClass;
import walnut.models.tensor.Tensor;
import walnut.volume.Lps;
import walnut.volume.Mask;
import walnut.volume.VolumeGeometry;

/**
 * The prostate as the model outlines it: the largest connected part of what is not background.
 *
 * @param centroidLps mean of its voxel centres
 * @param mask 1 where the gland is, on the model's grid
 */
public record Gland(double volumeMl, Lps centroidLps, Mask mask) {

    /** Empty when the largest part is smaller than the passport asks. */
    static Optional<Gland> in(Tensor zones, List<ZoneClass> classes, VolumeGeometry grid, Passport.Gland rule) {
        double[] glandness = glandness(zones, classes, Math.toIntExact(grid.voxelCount()));
        ConnectedComponents parts = ConnectedComponents.of(grid, offset -> glandness[offset] >= rule.threshold());
        return largest(parts)
                .map(voxels -> new Gland(
                        voxels.length * grid.voxelVolumeMm3() / 1000,
                        Extent.centroid(voxels, grid),
                        mask(voxels, grid)))
                .filter(gland -> gland.volumeMl() >= rule.minimumVolumeMl());
    }

    /** The voxels of the largest part, of equal ones the first. */
    private static Optional<int[]> largest(ConnectedComponents parts) {
        int largest = -1;
        for (int part = 0; part < parts.count(); part++) {
            if (largest < 0 || parts.size(part) > parts.size(largest)) {
                largest = part;
            }
        }
        return largest < 0 ? Optional.empty() : Optional.of(parts.voxels(largest));
    }

    private static Mask mask(int[] component, VolumeGeometry grid) {
        byte[] labels = new byte[Math.toIntExact(grid.voxelCount())];
        for (int offset : component) {
            labels[offset] = 1;
        }
        return new Mask(grid, labels);
    }

    /** By voxel the sum over all classes but BACKGROUND, in their order. */
    private static double[] glandness(Tensor zones, List<ZoneClass> classes, int voxels) {
        FloatBuffer values = zones.values();
        float[] ofClass = new float[voxels];
        double[] sums = new double[voxels];
        for (int n = 0; n < classes.size(); n++) {
            if (classes.get(n) != ZoneClass.BACKGROUND) {
                values.get(n * voxels, ofClass);
                for (int offset = 0; offset < voxels; offset++) {
                    sums[offset] += ofClass[offset];
                }
            }
        }
        return sums;
    }
}
