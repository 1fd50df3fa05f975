package walnut.prostate.phantom;

/**
 * What the anatomy is at one point; filled anew for each point by {@link PhantomAnatomy#sample}.
 *
 * <p>Mutable and reused on purpose: a study asks for two million points, and each would otherwise be an allocation.
 */
final class TissueSample {
    double t2;
    double protonDensity;
    double adc;
    double fatFraction;
    double kurtosis;
    Zone zone = Zone.OUTSIDE;
    /** 1-based number of the cancer whose outline holds the point, 0 for none. */
    int lesion;

    void fill(PatientTissue tissue) {
        t2 = tissue.t2();
        protonDensity = tissue.protonDensity();
        adc = tissue.adc();
        fatFraction = tissue.fatFraction();
        kurtosis = tissue.kurtosis();
        zone = Zone.OUTSIDE;
        lesion = 0;
    }

    /** Paints a tissue over what is there, with weight 0 (nothing) to 1 (all of it). */
    void paint(PatientTissue tissue, double weight) {
        if (weight <= 0) {
            return;
        }
        t2 += weight * (tissue.t2() - t2);
        protonDensity += weight * (tissue.protonDensity() - protonDensity);
        adc += weight * (tissue.adc() - adc);
        fatFraction += weight * (tissue.fatFraction() - fatFraction);
        kurtosis += weight * (tissue.kurtosis() - kurtosis);
    }
}
