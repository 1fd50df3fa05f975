package walnut.prostate.phantom;

/**
 * A focal change of the gland: a cancer, or something that imitates one.
 *
 * @param isup ISUP grade group 1 to 5 of a cancer, 0 for a benign mimic
 * @param outline its shape in anatomical mm, before the surface noise
 * @param edgeMm softness of its edge
 * @param conspicuity share of its cells that are changed, 0 to 1
 */
record Focus(
        Tissue kind,
        int isup,
        Zone zone,
        Ellipsoid outline,
        double edgeMm,
        double conspicuity,
        PatientTissue tissue,
        double phase) {

    boolean cancer() {
        return kind == Tissue.CANCER;
    }
}
