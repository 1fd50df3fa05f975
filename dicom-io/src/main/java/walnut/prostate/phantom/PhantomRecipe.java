package walnut.prostate.phantom;

/**
 * The knobs of the population: how often there is cancer, how large and how conspicuous it is, what imitates it.
 *
 * <p>Arrays are indexed by ISUP grade group minus one, copied, and never handed out.
 *
 * @param cancerRate share of patients whose index lesion is ISUP 2 or more (csPCa)
 * @param lowGradeRate share of patients with ISUP 1 only
 * @param secondLesionRate share of patients with cancer who have a second lesion
 * @param lesionAdc mean ADC of the cancerous tissue before partial volume and infiltration, 1e-6 mm²/s
 * @param lesionMedianMl median lesion volume, mL
 * @param conspicuityAlpha first shape of the beta law of conspicuity (share of cancerous cells); the second is 1.4
 * @param prostatitisRate share of patients with wedge-shaped prostatitis
 * @param focalProstatitisRate share of patients with a focal prostatitis, the mimic nearest to cancer
 * @param haemorrhageRate share of patients with haemorrhage after biopsy
 * @param noiseFactor multiplies the noise of every image; 1 is the dialect's own
 */
public record PhantomRecipe(
        double cancerRate,
        double lowGradeRate,
        double secondLesionRate,
        double[] lesionAdc,
        double[] lesionMedianMl,
        double conspicuityAlpha,
        double prostatitisRate,
        double focalProstatitisRate,
        double haemorrhageRate,
        double noiseFactor) {

    /** What the shipped studies and the training of the reference models use. */
    public static final PhantomRecipe STANDARD = new PhantomRecipe(
            .40,
            .16,
            .22,
            new double[] {960, 760, 700, 650, 600},
            new double[] {.45, .85, 1.1, 1.3, 1.6},
            6,
            .50,
            .12,
            .10,
            1);

    public PhantomRecipe {
        if (lesionAdc.length != 5 || lesionMedianMl.length != 5) {
            throw new IllegalArgumentException("one ADC and one volume for each of the ISUP grade groups 1 to 5");
        }
        if (!(cancerRate >= 0) || !(lowGradeRate >= 0) || !(cancerRate + lowGradeRate <= 1)) {
            throw new IllegalArgumentException(
                    "rates are shares of all patients, got " + cancerRate + " and " + lowGradeRate);
        }
        lesionAdc = lesionAdc.clone();
        lesionMedianMl = lesionMedianMl.clone();
    }

    @Override
    public double[] lesionAdc() {
        return lesionAdc.clone();
    }

    @Override
    public double[] lesionMedianMl() {
        return lesionMedianMl.clone();
    }

    public PhantomRecipe withCancerRate(double rate) {
        return new PhantomRecipe(
                rate,
                Math.min(lowGradeRate, 1 - rate),
                secondLesionRate,
                lesionAdc,
                lesionMedianMl,
                conspicuityAlpha,
                prostatitisRate,
                focalProstatitisRate,
                haemorrhageRate,
                noiseFactor);
    }

    /** The same population with every cancer's tissue ADC moved by so many 1e-6 mm²/s. */
    public PhantomRecipe withLesionAdcShift(double shift) {
        double[] moved = lesionAdc.clone();
        for (int grade = 0; grade < moved.length; grade++) {
            moved[grade] += shift;
        }
        return new PhantomRecipe(
                cancerRate,
                lowGradeRate,
                secondLesionRate,
                moved,
                lesionMedianMl,
                conspicuityAlpha,
                prostatitisRate,
                focalProstatitisRate,
                haemorrhageRate,
                noiseFactor);
    }

    /** The same population with lesion volumes multiplied. */
    public PhantomRecipe withLesionVolumeFactor(double factor) {
        double[] scaled = lesionMedianMl.clone();
        for (int grade = 0; grade < scaled.length; grade++) {
            scaled[grade] *= factor;
        }
        return new PhantomRecipe(
                cancerRate,
                lowGradeRate,
                secondLesionRate,
                lesionAdc,
                scaled,
                conspicuityAlpha,
                prostatitisRate,
                focalProstatitisRate,
                haemorrhageRate,
                noiseFactor);
    }

    public PhantomRecipe withNoiseFactor(double factor) {
        return new PhantomRecipe(
                cancerRate,
                lowGradeRate,
                secondLesionRate,
                lesionAdc,
                lesionMedianMl,
                conspicuityAlpha,
                prostatitisRate,
                focalProstatitisRate,
                haemorrhageRate,
                factor);
    }
}
