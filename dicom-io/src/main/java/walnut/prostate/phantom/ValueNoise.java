package walnut.prostate.phantom;

/**
 * Smooth texture that belongs to the anatomy: a lattice of normal deviates, interpolated trilinearly and repeated.
 *
 * <p>It is evaluated at anatomical positions (mm), never per voxel, so that a rescan or another plane sees the same
 * texture. The factor 1.35 restores about unit variance, which interpolation lowers.
 */
final class ValueNoise {
    private static final int SIZE = 32;
    private static final int MASK = SIZE - 1;
    private static final double GAIN = 1.35;

    private final float[] lattice = new float[SIZE * SIZE * SIZE];

    ValueNoise(SeedStream stream) {
        for (int index = 0; index < lattice.length; index++) {
            lattice[index] = (float) (GAIN * stream.normal());
        }
    }

    /**
     * The noise at a position.
     *
     * @param scale distance between lattice points, mm
     * @param phase moves the lattice so that different uses are unlike; any number
     */
    double at(double x, double y, double z, double scale, double phase) {
        double u = x / scale + phase;
        double v = y / scale + 1.7 * phase;
        double w = z / scale + 2.3 * phase;
        double fu = Math.floor(u);
        double fv = Math.floor(v);
        double fw = Math.floor(w);
        double du = u - fu;
        double dv = v - fv;
        double dw = w - fw;
        int i0 = (int) fu & MASK;
        int j0 = ((int) fv & MASK) * SIZE;
        int k0 = ((int) fw & MASK) * SIZE * SIZE;
        int i1 = (i0 + 1) & MASK;
        int j1 = (j0 + SIZE) & (MASK * SIZE);
        int k1 = (k0 + SIZE * SIZE) & (MASK * SIZE * SIZE);
        double c00 = lerp(lattice[k0 + j0 + i0], lattice[k0 + j0 + i1], du);
        double c01 = lerp(lattice[k0 + j1 + i0], lattice[k0 + j1 + i1], du);
        double c10 = lerp(lattice[k1 + j0 + i0], lattice[k1 + j0 + i1], du);
        double c11 = lerp(lattice[k1 + j1 + i0], lattice[k1 + j1 + i1], du);
        return lerp(lerp(c00, c01, dv), lerp(c10, c11, dv), dw);
    }

    private static double lerp(double a, double b, double t) {
        return a + (b - a) * t;
    }
}
