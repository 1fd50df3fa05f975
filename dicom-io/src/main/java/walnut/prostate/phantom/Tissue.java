package walnut.prostate.phantom;

/**
 * What a tissue looks like to the scanner: the tissue table.
 *
 * <p>T2 is the effective time for {@code PD·exp(-TE/T2)} at 3 T in ms (stimulated echoes included), proton density is
 * relative to water, ADC is in 1e-6 mm²/s, kurtosis is dimensionless and acts above b = 1000 s/mm² only. The two
 * standard deviations are between patients, not within a tissue. Fat fraction 1 means that the signal is the direct
 * fat level, which fat suppression takes away on DWI.
 *
 * <p>Sources: T2 and ADC of peripheral zone, transition zone and cancer from Simpkin et al. (BJR 2013) and a
 * meta-analysis of 1633 lesions (PMC7254689); muscle PMC2849643; the rest are estimates. Stromal nodule and central zone
 * lie so near to cancer that no threshold on ADC and high b, told where the gland is, tells patients apart.
 */
enum Tissue {
    PERIPHERAL_ZONE(172, 26, .97, 1850, 180, 0, .50),
    TRANSITION_ZONE(80, 8, .92, 1310, 90, 0, .60),
    GLANDULAR_NODULE(128, 18, .95, 1560, 130, 0, .50),
    STROMAL_NODULE(72, 7, .95, 950, 110, 0, .70),
    CENTRAL_ZONE(80, 6, .95, 1000, 80, 0, .70),
    ANTERIOR_STROMA(52, 5, .85, 1080, 90, 0, .60),
    PROSTATITIS(108, 10, .95, 1230, 110, 0, .60),
    FOCAL_PROSTATITIS(96, 9, .95, 1000, 110, 0, .70),
    HAEMORRHAGE(88, 8, .95, 1180, 120, 0, .60),
    /** The grade decides T2 and ADC of a cancer, see {@link PhantomRecipe}; only density and kurtosis are read here. */
    CANCER(90, 7, .95, 760, 110, 0, .95),
    VESICLE_FLUID(205, 25, .95, 2050, 150, 0, .20),
    VESICLE_WALL(55, 5, .95, 1300, 90, 0, .50),
    URINE(1100, 60, 1, 2950, 60, 0, 0),
    BLADDER_WALL(52, 5, .90, 1500, 120, 0, .50),
    RECTAL_WALL(55, 5, .90, 1250, 100, 0, .50),
    MUCOSA(95, 8, .95, 1400, 100, 0, .50),
    STOOL(62, 24, .80, 1050, 180, 0, .40),
    GAS(12, 0, .03, 600, 0, 0, 0),
    VEINS(150, 20, .95, 1600, 150, 0, .30),
    MUSCLE(41, 3, .90, 1350, 90, 0, .50),
    MARROW(70, 5, .60, 330, 30, .75, .30),
    CORTICAL_BONE(14, 0, .30, 500, 0, 0, 0),
    FAT(70, 5, .60, 320, 30, 1, .30),
    SCAR(48, 5, .88, 1150, 100, 0, .60),
    MYOMETRIUM(82, 8, .95, 1400, 120, 0, .50),
    ENDOMETRIUM(160, 18, .97, 1250, 120, 0, .50),
    RECTAL_CANCER(92, 7, .95, 850, 90, 0, .90),
    /** A capsule of oil-free water gel taped to the patient's left: laterality one can see in every image. */
    MARKER(600, 0, 1, 2300, 0, 0, 0);

    final double t2;
    final double t2Sd;
    final double protonDensity;
    final double adc;
    final double adcSd;
    final double fatFraction;
    final double kurtosis;

    Tissue(double t2, double t2Sd, double protonDensity, double adc, double adcSd, double fatFraction, double k) {
        this.t2 = t2;
        this.t2Sd = t2Sd;
        this.protonDensity = protonDensity;
        this.adc = adc;
        this.adcSd = adcSd;
        this.fatFraction = fatFraction;
        this.kurtosis = k;
    }
}
