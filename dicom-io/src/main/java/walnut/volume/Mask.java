package walnut.volume;

import java.util.Optional;

/**
 * A label for every voxel of a grid: 0 is background, other values are whatever the producer says (gland 1; lesion
 * number).
 *
 * <p>Labels: {@code byte[slices][rows][columns]} flattened column-fastest, read as unsigned (0–255). Owned by the mask
 * as in {@link Volume}: not copied, never written afterwards.
 */
public record Mask(VolumeGeometry geometry, byte[] labels) {

    public Mask {
        if (labels.length != geometry.voxelCount()) {
            throw new IllegalArgumentException("expected " + geometry.voxelCount() + " labels, got " + labels.length);
        }
    }

    /** The label of a voxel, 0–255. */
    public int at(int i, int j, int k) {
        return labels[geometry.offset(i, j, k)] & 0xFF;
    }

    public long count(int label) {
        long count = 0;
        for (byte value : labels) {
            if ((value & 0xFF) == label) {
                count++;
            }
        }
        return count;
    }

    /** Voxel count times voxel size, mm³. */
    public double volumeMm3(int label) {
        return count(label) * geometry.voxelVolumeMm3();
    }

    /** Mean of the voxel centres that carry the label, LPS mm; empty when none does. */
    public Optional<Lps> centroid(int label) {
        long count = 0;
        long sumI = 0;
        long sumJ = 0;
        long sumK = 0;
        for (int k = 0; k < geometry.slices(); k++) {
            for (int j = 0; j < geometry.rows(); j++) {
                for (int i = 0; i < geometry.columns(); i++) {
                    if (at(i, j, k) == label) {
                        count++;
                        sumI += i;
                        sumJ += j;
                        sumK += k;
                    }
                }
            }
        }
        return count == 0
                ? Optional.empty()
                : Optional.of(geometry.toPatient((double) sumI / count, (double) sumJ / count, (double) sumK / count));
    }
}
