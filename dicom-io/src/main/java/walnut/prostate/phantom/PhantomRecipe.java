package walnut.prostate.phantom;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/**
 * The knobs of the population and of the acquisition: how often there is cancer, how large and how conspicuous it is,
 * what imitates it, how imperfect the images are, whose pelvis it is.
 */
public record PhantomRecipe(Cancer cancer, Mimics mimics, Imperfections imperfections, Pelvis pelvis) {
    /**
     * Cancers. Arrays are indexed by ISUP grade group minus one, copied, and never handed out.
     *
     * @param rate share of patients whose index lesion is ISUP 2 or more (csPCa)
     * @param lowGradeRate share of patients with ISUP 1 only
     * @param secondLesionRate share of patients with cancer who have a second lesion
     * @param adc mean ADC of the cancerous tissue before partial volume and infiltration, 1e-6 mm²/s
     * @param medianMl median lesion volume, mL
     * @param conspicuity first shape of the beta law of conspicuity (share of cancerous cells); the second is 1.4
     */
    public record Cancer(
            double rate,
            double lowGradeRate,
            double secondLesionRate,
            double[] adc,
            double[] medianMl,
            double[] conspicuity) {
        public Cancer {
            if (adc.length != 5 || medianMl.length != 5 || conspicuity.length != 5) {
                throw new IllegalArgumentException(
                        "one ADC, volume and conspicuity for each of the ISUP grade groups 1 to 5");
            }
            if (!(rate >= 0) || !(lowGradeRate >= 0) || !(rate + lowGradeRate <= 1)) {
                throw new IllegalArgumentException(
                        "rates are shares of all patients, got " + rate + " and " + lowGradeRate);
            }
            adc = adc.clone();
            medianMl = medianMl.clone();
            conspicuity = conspicuity.clone();
        }

        @Override
        public double[] adc() {
            return adc.clone();
        }

        @Override
        public double[] medianMl() {
            return medianMl.clone();
        }

        @Override
        public double[] conspicuity() {
            return conspicuity.clone();
        }
    }

    /**
     * Benign look-alikes.
     *
     * @param prostatitisRate share of patients with wedge-shaped prostatitis
     * @param focalProstatitisRate share of patients with a focal prostatitis, the mimic nearest to cancer
     * @param haemorrhageRate share of patients with haemorrhage after biopsy
     * @param stromalShare share of stromal among the nodules of the transition zone
     */
    public record Mimics(
            double prostatitisRate, double focalProstatitisRate, double haemorrhageRate, double stromalShare) {
        public static final Mimics NONE = new Mimics(0, 0, 0, 0);
    }

    /** What the shipped studies and the training of the reference models use. */
    public static final PhantomRecipe STANDARD = new PhantomRecipe(
            new Cancer(
                    .40,
                    .16,
                    .22,
                    new double[] {890, 790, 690, 640, 590},
                    new double[] {.45, .75, 1.1, 1.3, 1.6},
                    new double[] {4, 4.5, 8, 8, 8}),
            new Mimics(.50, .15, .10, .42),
            Imperfections.USUAL,
            Pelvis.PROSTATE);

    public PhantomRecipe withCancer(Cancer other) {
        return new PhantomRecipe(other, mimics, imperfections, pelvis);
    }

    public PhantomRecipe withMimics(Mimics other) {
        return new PhantomRecipe(cancer, other, imperfections, pelvis);
    }

    public PhantomRecipe withImperfections(Imperfections other) {
        return new PhantomRecipe(cancer, mimics, other, pelvis);
    }

    public PhantomRecipe withPelvis(Pelvis other) {
        return new PhantomRecipe(cancer, mimics, imperfections, other);
    }

    public PhantomRecipe withCancerRate(double rate) {
        return withCancer(new Cancer(
                rate,
                Math.min(cancer.lowGradeRate, 1 - rate),
                cancer.secondLesionRate,
                cancer.adc,
                cancer.medianMl,
                cancer.conspicuity));
    }

    /** The same population with every cancer's tissue ADC moved by so many 1e-6 mm²/s. */
    public PhantomRecipe withLesionAdcShift(double shift) {
        return withCancer(new Cancer(
                cancer.rate,
                cancer.lowGradeRate,
                cancer.secondLesionRate,
                each(cancer.adc, adc -> adc + shift),
                cancer.medianMl,
                cancer.conspicuity));
    }

    /** The same population with lesion volumes multiplied. */
    public PhantomRecipe withLesionVolumeFactor(double factor) {
        return withCancer(new Cancer(
                cancer.rate,
                cancer.lowGradeRate,
                cancer.secondLesionRate,
                cancer.adc,
                each(cancer.medianMl, ml -> ml * factor),
                cancer.conspicuity));
    }

    /** The same population with every grade's conspicuity drawn with this first shape. */
    public PhantomRecipe withConspicuity(double alpha) {
        return withCancer(new Cancer(
                cancer.rate,
                cancer.lowGradeRate,
                cancer.secondLesionRate,
                cancer.adc,
                cancer.medianMl,
                each(cancer.conspicuity, grade -> alpha)));
    }

    private static double[] each(double[] values, DoubleUnaryOperator change) {
        return DoubleStream.of(values).map(change).toArray();
    }
}
