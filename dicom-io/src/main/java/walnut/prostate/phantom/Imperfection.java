package walnut.prostate.phantom;

/** One way in which an acquisition is never perfect. */
public enum Imperfection {
    /** Standard deviation of the noise of every image. */
    NOISE,
    /** Strength of the receive field's inhomogeneity. */
    BIAS,
    /** Movement between the b-values. */
    MOTION,
    /** Echo-planar displacement along the phase encoding. */
    DISTORTION,
    /** Displacement of the DWI against the T2W. */
    MISREGISTRATION,
    /** Amplitude of ghosts. */
    GHOST,
    /** Spread of the per-scan gain of the ADC, as gradients are never calibrated perfectly. */
    ADC_GAIN
}
