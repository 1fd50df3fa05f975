package walnut.prostate.series;

import java.util.OptionalDouble;
import walnut.volume.Lps;

/**
 * Where one frame lies in the patient (PS3.3 C.7.6.2): LPS, millimetres.
 *
 * @param position centre of the first voxel sent (ImagePositionPatient)
 * @param row direction of increasing column index (first three values of ImageOrientationPatient)
 * @param column direction of increasing row index (last three values)
 * @param spacingBetweenRowsMm first value of PixelSpacing
 * @param spacingBetweenColumnsMm second value of PixelSpacing
 * @param sliceThicknessMm for sentences and for a lone slice; never the distance between slices
 */
public record ImagePlane(
        Lps position,
        Lps row,
        Lps column,
        double spacingBetweenRowsMm,
        double spacingBetweenColumnsMm,
        int rows,
        int columns,
        OptionalDouble sliceThicknessMm) {

    /** Unit normal along cross(row, column). */
    public Lps normal() {
        return row.cross(column).unit();
    }

    /** The shorter side of the picture, mm. */
    public double fieldOfViewMm() {
        return Math.min(rows * spacingBetweenRowsMm, columns * spacingBetweenColumnsMm);
    }
}
