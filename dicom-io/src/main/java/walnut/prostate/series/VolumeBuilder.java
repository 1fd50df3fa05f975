package walnut.prostate.series;

import walnut.volume.Volume;

/**
 * Reads the pixels of one stack of slices into a volume.
 *
 * <p>Values: {@code float[slices][rows][columns]} in modality units (RescaleSlope and RescaleIntercept applied).
 * <p>Frame: LPS millimetres, see {@link walnut.volume.VolumeGeometry}; k along cross(row, column).
 */
public final class VolumeBuilder {
    private VolumeBuilder() {}

    /**
     * @throws walnut.failure.WalnutException the first of {@link SeriesVolume#problems()} when the frames do not stack
     *     (MISSING_SLICE, DUPLICATE_SLICE, MIXED_ORIENTATION, GEOMETRY_MISSING); PIXELS_NOT_DECODABLE
     */
    public static Volume build(SeriesVolume volume) {
        throw new UnsupportedOperationException("lands with walnut.dicom.pixel");
    }
}
