package walnut.volume;

/** Grids for tests: oblique, unequal spacings and sizes by default, since an axial cube hides every axis error. */
final class Grids {
    private Grids() {}

    static VolumeGeometry oblique(int columns, int rows, int slices) {
        return tilted(columns, rows, slices, 0.32, -0.07);
    }

    /** Rotated about x by {@code tilt} and then about z by {@code turn} (radians). */
    static VolumeGeometry tilted(int columns, int rows, int slices, double tilt, double turn) {
        double cosTilt = StrictMath.cos(tilt);
        double sinTilt = StrictMath.sin(tilt);
        double cosTurn = StrictMath.cos(turn);
        double sinTurn = StrictMath.sin(turn);
        Lps i = new Lps(cosTurn, sinTurn, 0);
        Lps j = new Lps(-sinTurn * cosTilt, cosTurn * cosTilt, sinTilt);
        return new VolumeGeometry(
                columns, rows, slices, 0.5, 0.75, 3.3, new Lps(-41.5, 17.25, -60.125), i, j, i.cross(j));
    }

    /** Every voxel another value, none of them zero. */
    static Volume ramp(VolumeGeometry geometry) {
        float[] values = new float[(int) geometry.voxelCount()];
        for (int at = 0; at < values.length; at++) {
            values[at] = 1.25f * at + 0.3f;
        }
        return new Volume(geometry, values);
    }
}
