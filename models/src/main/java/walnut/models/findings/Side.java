package walnut.models.findings;

/** The patient's side, never the viewer's. */
public enum Side {
    LEFT,
    RIGHT,
    MIDLINE;

    /**
     * Side of a point by its LPS x, which grows towards the patient's left whatever the position in the scanner, the
     * order of slices or the slant of the images.
     *
     * @param halfWidthMm a point this near to the midline, or nearer, is on neither side
     */
    static Side of(double x, double midlineX, double halfWidthMm) {
        double leftward = x - midlineX;
        if (Math.abs(leftward) <= halfWidthMm) {
            return MIDLINE;
        }
        return leftward > 0 ? LEFT : RIGHT;
    }
}
