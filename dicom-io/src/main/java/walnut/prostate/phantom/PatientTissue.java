package walnut.prostate.phantom;

/** A tissue as this patient has it: the table's mean moved by the patient's own deviation. Units as {@link Tissue}. */
record PatientTissue(double t2, double protonDensity, double adc, double fatFraction, double kurtosis) {

    static PatientTissue draw(Tissue tissue, SeedStream stream) {
        return new PatientTissue(
                bounded(stream.normal(), tissue.t2, tissue.t2Sd),
                tissue.protonDensity,
                bounded(stream.normal(), tissue.adc, tissue.adcSd),
                tissue.fatFraction,
                tissue.kurtosis);
    }

    PatientTissue with(double newT2, double newAdc) {
        return new PatientTissue(newT2, protonDensity, newAdc, fatFraction, kurtosis);
    }

    /** Deviations beyond 2.2 SD are cut: nobody's muscle is oedema. */
    private static double bounded(double normal, double mean, double sd) {
        return mean + sd * Math.max(-2.2, Math.min(2.2, normal));
    }
}
