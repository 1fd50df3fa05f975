package walnut.volume;

/**
 * Voxel values with their place in the patient.
 *
 * <p>Values: {@code float[slices][rows][columns]} flattened column-fastest, see {@link VolumeGeometry#offset}; in the
 * modality's own unit (for an ADC map 1e-6 mm²/s once its rescale has been applied).
 * <p>The array is owned by the volume: whoever makes a volume hands it over, and nobody writes to it afterwards. It is
 * not copied, since a study may be hundreds of megabytes.
 */
public record Volume(VolumeGeometry geometry, float[] values) {

    public Volume {
        if (values.length != geometry.voxelCount()) {
            throw new IllegalArgumentException(
                    "expected " + geometry.voxelCount() + " voxel values, got " + values.length);
        }
    }

    public float at(int i, int j, int k) {
        return values[geometry.offset(i, j, k)];
    }
}
