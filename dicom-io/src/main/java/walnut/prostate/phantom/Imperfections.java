package walnut.prostate.phantom;

/**
 * How imperfect the acquisition is, each as a factor on what the dialect does by itself: 1 is the dialect's own, 0 is
 * perfect.
 *
 * @param noise standard deviation of the noise of every image
 * @param bias strength of the receive field's inhomogeneity
 * @param motion movement between the b-values
 * @param distortion echo-planar displacement along the phase encoding
 * @param misregistration displacement of the DWI against the T2W
 * @param ghost amplitude of ghosts
 * @param adcGain spread of the per-scan gain of the ADC, as gradients are never calibrated perfectly
 */
public record Imperfections(
        double noise,
        double bias,
        double motion,
        double distortion,
        double misregistration,
        double ghost,
        double adcGain) {
    public static final Imperfections USUAL = new Imperfections(1, 1, 1, 1, 1, 1, 1);
    public static final Imperfections NONE = new Imperfections(0, 0, 0, 0, 0, 0, 0);

    public Imperfections {
        if (!(Math.min(Math.min(Math.min(noise, bias), Math.min(motion, distortion)), Math.min(misregistration, ghost))
                        >= 0)
                || !(adcGain >= 0)) {
            throw new IllegalArgumentException("factors of imperfection are not negative");
        }
    }

    public Imperfections withNoise(double factor) {
        return new Imperfections(factor, bias, motion, distortion, misregistration, ghost, adcGain);
    }

    public Imperfections withBias(double factor) {
        return new Imperfections(noise, factor, motion, distortion, misregistration, ghost, adcGain);
    }

    public Imperfections withMotion(double factor) {
        return new Imperfections(noise, bias, factor, distortion, misregistration, ghost, adcGain);
    }

    public Imperfections withDistortion(double factor) {
        return new Imperfections(noise, bias, motion, factor, misregistration, ghost, adcGain);
    }

    public Imperfections withMisregistration(double factor) {
        return new Imperfections(noise, bias, motion, distortion, factor, ghost, adcGain);
    }

    public Imperfections withGhost(double factor) {
        return new Imperfections(noise, bias, motion, distortion, misregistration, factor, adcGain);
    }

    public Imperfections withAdcGain(double factor) {
        return new Imperfections(noise, bias, motion, distortion, misregistration, ghost, factor);
    }
}
