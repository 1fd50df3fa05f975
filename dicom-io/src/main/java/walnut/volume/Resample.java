package walnut.volume;

import java.util.Arrays;

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
 * <p>Where the two grids share their axes, a tilt that stays below {@value #SNAP} voxel over the whole target counts as none.
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
        Resample resample = new Resample(source, target, outside);
        return new Volume(target, resample.sharesAxes() ? resample.alongAxes() : resample.oblique());
    }

    /** Whether, over the whole target, each of its axes drifts off the source's axis by less than a snap. */
    private boolean sharesAxes() {
        double offI = Math.abs(stepJ.i()) * target.rows() + Math.abs(stepK.i()) * target.slices();
        double offJ = Math.abs(stepI.j()) * target.columns() + Math.abs(stepK.j()) * target.slices();
        double offK = Math.abs(stepI.k()) * target.columns() + Math.abs(stepJ.k()) * target.rows();
        return offI < SNAP && offJ < SNAP && offK < SNAP;
    }

    /** On common axes the place of a voxel along one axis does not depend on the others: weights are per axis. */
    private float[] alongAxes() {
        VolumeGeometry from = source.geometry();
        Axis i = new Axis(origin.i(), stepI.i(), target.columns(), from.columns());
        Axis j = new Axis(origin.j(), stepJ.j(), target.rows(), from.rows());
        Axis k = new Axis(origin.k(), stepK.k(), target.slices(), from.slices());
        float[] values = new float[Math.toIntExact(target.voxelCount())];
        if (outside != 0) {
            Arrays.fill(values, outside);
        }
        // The farther source slice of one target slice is nearly always the nearer one of the next.
        Plane near = new Plane();
        Plane far = new Plane();
        for (int tk = k.first; tk < k.end; tk++) {
            if (far.slice == k.index[tk]) {
                Plane other = near;
                near = far;
                far = other;
            }
            near.take(k.index[tk], i, j);
            double weight = k.weight[tk];
            if (weight != 0) {
                far.take(k.index[tk] + 1, i, j);
            }
            for (int tj = j.first; tj < j.end; tj++) {
                int row = tj * target.columns();
                int at = target.offset(0, tj, tk);
                for (int ti = i.first; ti < i.end; ti++) {
                    double value = near.values[row + ti];
                    values[at + ti] = (float) (weight == 0 ? value : value + weight * (far.values[row + ti] - value));
                }
            }
        }
        return values;
    }

    /** One source slice at the target's rows and columns: {@code double[rows][columns]}, flattened column-fastest. */
    private final class Plane {
        int slice = -1;
        final double[] values = new double[target.rows() * target.columns()];

        void take(int sourceSlice, Axis i, Axis j) {
            if (slice != sourceSlice) {
                slice = sourceSlice;
                int columns = source.geometry().columns();
                for (int tj = j.first; tj < j.end; tj++) {
                    int start = source.geometry().offset(0, j.index[tj], sourceSlice);
                    row(start, j.weight[tj], i, columns, values, tj * target.columns());
                }
            }
        }
    }

    /** Interpolates a target row within one source slice, between two source rows. */
    private void row(int nearStart, double weight, Axis i, int sourceColumns, double[] into, int intoStart) {
        float[] values = source.values();
        for (int ti = i.first; ti < i.end; ti++) {
            int at = nearStart + i.index[ti];
            double along = i.weight[ti];
            double near = values[at];
            // A zero weight must not touch the neighbour: it may not exist, or hold NaN.
            near = along == 0 ? near : near + along * (values[at + 1] - near);
            if (weight != 0) {
                double far = values[at + sourceColumns];
                far = along == 0 ? far : far + along * (values[at + sourceColumns + 1] - far);
                near = near + weight * (far - near);
            }
            into[intoStart + ti] = near;
        }
    }

    /** Where the target's positions along one axis fall in the source: {@code [first, end)} are inside. */
    private static final class Axis {
        final int[] index;
        final double[] weight;
        final int first;
        final int end;

        Axis(double origin, double step, int length, int sourceLength) {
            index = new int[length];
            weight = new double[length];
            int firstInside = length;
            int endInside = 0;
            for (int n = 0; n < length; n++) {
                double position = origin + n * step;
                if (!isOutside(position, sourceLength)) {
                    firstInside = Math.min(firstInside, n);
                    endInside = n + 1;
                    double inside = clampAndSnap(position, sourceLength);
                    index[n] = (int) inside;
                    weight[n] = inside - index[n];
                }
            }
            first = firstInside;
            end = endInside;
        }
    }

    private float[] oblique() {
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
        return values;
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
