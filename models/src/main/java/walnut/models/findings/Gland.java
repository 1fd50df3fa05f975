package walnut.models.findings;

import java.nio.FloatBuffer;
import java.util.Comparator;
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
        Optional<int[]> largest = ConnectedComponents.of(grid, offset -> glandness[offset] >= rule.threshold()).stream()
                .max(Comparator.comparingInt(component -> component.length));
        return largest.map(component -> new Gland(
                        component.length * grid.voxelVolumeMm3() / 1000,
                        Extent.centroid(component, grid),
                        mask(component, grid)))
                .filter(gland -> gland.volumeMl() >= rule.minimumVolumeMl());
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
        double[] sums = new double[voxels];
        for (int n = 0; n < classes.size(); n++) {
            if (classes.get(n) != ZoneClass.BACKGROUND) {
                for (int offset = 0; offset < voxels; offset++) {
                    sums[offset] += values.get(n * voxels + offset);
                }
            }
        }
        return sums;
    }
}
