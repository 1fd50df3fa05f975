package walnut.models.findings;

/**
 * The sagittal plane that divides the patient for {@link Side}.
 *
 * @param x LPS, mm
 */
public record Midline(double x, Source source) {
    public enum Source {
        GLAND_CENTROID,
        T2W_VOLUME_CENTRE
    }
}
