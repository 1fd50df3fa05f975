package walnut.prostate.series;

import walnut.volume.Lps;

/** Orientation of a stack of slices: the patient axis nearest to its normal within 35°, else oblique. */
public enum Plane {
    AXIAL,
    CORONAL,
    SAGITTAL,
    OBLIQUE;

    private static final double COSINE_OF_35_DEGREES = 0.8191520442889918;

    /** The plane of slices with this normal (LPS; either sign). */
    public static Plane ofNormal(Lps normal) {
        Lps unit = normal.unit();
        if (Math.abs(unit.z()) >= COSINE_OF_35_DEGREES) {
            return AXIAL;
        }
        if (Math.abs(unit.y()) >= COSINE_OF_35_DEGREES) {
            return CORONAL;
        }
        return Math.abs(unit.x()) >= COSINE_OF_35_DEGREES ? SAGITTAL : OBLIQUE;
    }
}
