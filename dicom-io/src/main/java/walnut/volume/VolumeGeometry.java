package walnut.volume;

/**
 * Where the voxels of a volume lie in the patient.
 *
 * <p>Index (i, j, k) = (column, row, slice); the centre of voxel (i, j, k) is
 * {@code origin + i·spacingI·directionI + j·spacingJ·directionJ + k·spacingK·directionK}.
 * <p>Units and frame: millimetres, LPS. The directions are unit vectors, and directionK points along
 * directionI × directionJ, so that the matrix whose columns they are has determinant +1.
 * <p>Source: PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1. PixelSpacing is (between rows, between columns), so spacingI is
 * its <em>second</em> value.
 *
 * @param spacingI distance between the centres of neighbouring columns, mm
 * @param spacingJ distance between the centres of neighbouring rows, mm
 * @param spacingK distance between the centres of neighbouring slices along directionK, mm
 * @param origin centre of voxel (0, 0, 0)
 */
public record VolumeGeometry(
        int columns,
        int rows,
        int slices,
        double spacingI,
        double spacingJ,
        double spacingK,
        Lps origin,
        Lps directionI,
        Lps directionJ,
        Lps directionK) {

    /** How far from orthonormal the directions may be: DICOM cosines are often written with six digits. */
    private static final double DIRECTION_TOLERANCE = 1e-3;

    public VolumeGeometry {
        if (columns < 1 || rows < 1 || slices < 1) {
            throw new IllegalArgumentException(
                    "a volume has at least one voxel along each axis, got " + columns + " x " + rows + " x " + slices);
        }
        if (!(spacingI > 0) || !(spacingJ > 0) || !(spacingK > 0)) {
            throw new IllegalArgumentException(
                    "spacings are positive millimetres, got " + spacingI + ", " + spacingJ + ", " + spacingK);
        }
        double determinant = directionI.cross(directionJ).dot(directionK);
        boolean unit = Math.abs(directionI.length() - 1) < DIRECTION_TOLERANCE
                && Math.abs(directionJ.length() - 1) < DIRECTION_TOLERANCE
                && Math.abs(directionK.length() - 1) < DIRECTION_TOLERANCE;
        if (!unit || !(Math.abs(determinant - 1) < 3 * DIRECTION_TOLERANCE)) {
            throw new IllegalArgumentException("directions must be orthonormal and right-handed (determinant +1), got "
                    + directionI + ", " + directionJ + ", " + directionK);
        }
    }

    public long voxelCount() {
        return (long) columns * rows * slices;
    }

    public double voxelVolumeMm3() {
        return spacingI * spacingJ * spacingK;
    }

    /** Patient position (LPS, mm) of a continuous index. */
    public Lps toPatient(double i, double j, double k) {
        return origin.plus(directionI.times(i * spacingI))
                .plus(directionJ.times(j * spacingJ))
                .plus(directionK.times(k * spacingK));
    }

    /** Continuous index of a patient position; it may lie outside the volume. */
    public VoxelIndex toIndex(Lps patient) {
        Lps offset = patient.minus(origin);
        return new VoxelIndex(
                offset.dot(directionI) / spacingI,
                offset.dot(directionJ) / spacingJ,
                offset.dot(directionK) / spacingK);
    }

    /** Position in a value array that is flattened column-fastest, then row, then slice. */
    public int offset(int i, int j, int k) {
        return (k * rows + j) * columns + i;
    }

    /** Row-major 3×3 matrix whose columns are the directions of +i, +j and +k in LPS. */
    public double[] directionLps() {
        return new double[] {
            directionI.x(), directionJ.x(), directionK.x(),
            directionI.y(), directionJ.y(), directionK.y(),
            directionI.z(), directionJ.z(), directionK.z()
        };
    }

    /** The patient position in the middle of the volume's extent. */
    public Lps centre() {
        return toPatient((columns - 1) / 2.0, (rows - 1) / 2.0, (slices - 1) / 2.0);
    }
}
