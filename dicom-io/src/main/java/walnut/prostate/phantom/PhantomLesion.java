package walnut.prostate.phantom;

import walnut.volume.Lps;

/**
 * The truth about one cancer, measured on the T2W grid.
 *
 * @param label its value in {@code lesions.nii.gz}
 * @param isup ISUP grade group, 1 to 5; 2 or more is csPCa
 * @param volumeMl volume of the mask
 * @param centroid centre of mass of the mask in patient LPS, mm
 * @param side side of the patient relative to the middle of the gland
 * @param conspicuity share of changed cells, 0 to 1
 */
public record PhantomLesion(
        int label, int isup, Zone zone, double volumeMl, Lps centroid, Side side, double conspicuity) {

    /** Sides of the patient, not of the picture. */
    public enum Side {
        LEFT,
        RIGHT
    }
}
