package walnut.prostate.series;

/** An input that prostate models ask for, under the name that passports use. */
public enum Channel {
    T2W,
    ADC,
    /** High b-value diffusion-weighted image. */
    HBV
}
