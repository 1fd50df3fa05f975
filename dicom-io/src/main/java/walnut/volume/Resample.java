package walnut.volume;

/**
 * Values of a volume at the voxel centres of another grid, by trilinear interpolation in patient space.
 *
 * <p>Both grids are in LPS millimetres and may be oblique to each other. A target voxel is inside the source while its
 * centre lies within half a source voxel of the outermost voxel centres (the edge values extend that far, as in ITK);
 * everything else takes the outside value.
 *
 * <p>A continuous index nearer than {@value #SNAP} voxel to a whole number is taken as that number: positions written
 * with finite digits must not smear a voxel into its neighbour, and the same grid gives the same bits back.
 *
 * <p>Arithmetic: double, IEEE basic operations only, in a fixed order, so that the result is the same on every machine.
 */
public final class Resample {
    private static final double SNAP = 1e-6;

    private final Volume source;
    private final VolumeGeometry target;
    private final float outside;

    /** Source index = {@code origin + i·stepI + j·stepJ + k·stepK} for the target index (i, j, k). */
    private final VoxelIndex origin;

    private final VoxelIndex stepI;
    private final VoxelIndex stepJ;
    private final VoxelIndex stepK;

    private Resample(Volume source, VolumeGeometry target, float outside) {
        this.source = source;
        this.target = target;
        this.outside = outside;
        VolumeGeometry from = source.geometry();
        this.origin = from.toIndex(target.origin());
        this.stepI = indexStep(from, target.directionI().times(target.spacingI()));
        this.stepJ = indexStep(from, target.directionJ().times(target.spacingJ()));
        this.stepK = indexStep(from, target.directionK().times(target.spacingK()));
    }

    /**
     * @param outside value of target voxels that lie outside the source
     * @return a volume with the target's geometry
     */
    public static Volume onto(VolumeGeometry target, Volume source, float outside) {
        return new Resample(source, target, outside).run();
    }

    private Volume run() {
        float[] values = new float[Math.toIntExact(target.voxelCount())];
        int at = 0;
        for (int k = 0; k < target.slices(); k++) {
            for (int j = 0; j < target.rows(); j++) {
                double rowI = origin.i() + k * stepK.i() + j * stepJ.i();
                double rowJ = origin.j() + k * stepK.j() + j * stepJ.j();
                double rowK = origin.k() + k * stepK.k() + j * stepJ.k();
                for (int i = 0; i < target.columns(); i++) {
                    values[at++] = valueAt(rowI + i * stepI.i(), rowJ + i * stepI.j(), rowK + i * stepI.k());
                }
            }
        }
        return new Volume(target, values);
    }

    private float valueAt(double i, double j, double k) {
        VolumeGeometry grid = source.geometry();
        if (isOutside(i, grid.columns()) || isOutside(j, grid.rows()) || isOutside(k, grid.slices())) {
            return outside;
        }
        double ci = clampAndSnap(i, grid.columns());
        double cj = clampAndSnap(j, grid.rows());
        double ck = clampAndSnap(k, grid.slices());
        int k0 = (int) ck;
        double weight = ck - k0;
        double near = inSlice(ci, cj, k0);
        // A zero weight must not touch the neighbour: it may not exist, or hold NaN.
        return (float) (weight == 0 ? near : near + weight * (inSlice(ci, cj, k0 + 1) - near));
    }

    private double inSlice(double i, double j, int k) {
        int j0 = (int) j;
        double weight = j - j0;
        double near = inRow(i, j0, k);
        return weight == 0 ? near : near + weight * (inRow(i, j0 + 1, k) - near);
    }

    private double inRow(double i, int j, int k) {
        int i0 = (int) i;
        double weight = i - i0;
        int at = source.geometry().offset(i0, j, k);
        double near = source.values()[at];
        return weight == 0 ? near : near + weight * (source.values()[at + 1] - near);
    }

    private static boolean isOutside(double index, int size) {
        // Negated so that NaN counts as outside. The edge itself is inside, give or take the snap.
        return !(index >= -0.5 - SNAP && index <= size - 0.5 + SNAP);
    }

    private static double clampAndSnap(double index, int size) {
        double nearest = Math.rint(index);
        double snapped = Math.abs(index - nearest) < SNAP ? nearest : index;
        return Math.max(0, Math.min(size - 1, snapped));
    }

    private static VoxelIndex indexStep(VolumeGeometry from, Lps step) {
        return new VoxelIndex(
                step.dot(from.directionI()) / from.spacingI(),
                step.dot(from.directionJ()) / from.spacingJ(),
                step.dot(from.directionK()) / from.spacingK());
    }
}
