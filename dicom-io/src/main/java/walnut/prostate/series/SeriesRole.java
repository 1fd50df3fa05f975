package walnut.prostate.series;

/** What a series is, whatever its description says. Describing a series and choosing it are separate steps. */
public enum SeriesRole {
    /** T2-weighted turbo spin echo of the small field of view. */
    T2W,
    /** T2-weighted, but of the whole pelvis (staging). */
    T2W_LARGE_FOV,
    /** T2-weighted, three-dimensional acquisition. */
    T2W_3D,
    /** Apparent diffusion coefficient map. */
    ADC,
    /** Exponential ADC map: its contrast is that of diffusion-weighted images, not that of an ADC map. */
    EADC,
    /** Diffusion-weighted traces below the high-b range, or several b-values in one series. */
    DWI,
    /** Diffusion-weighted images of single gradient directions. */
    DWI_DIRECTIONAL,
    /** Diffusion-weighted traces of one high b-value (1000 s/mm² or more), acquired or computed by the scanner. */
    HBV,
    /** Dynamic contrast-enhanced series. */
    DCE,
    /** Subtraction of dynamic contrast-enhanced images. */
    DCE_SUB,
    T1W,
    /** T1-weighted after contrast agent, not dynamic. */
    T1W_POST,
    /** Proton-density weighted, for example the reference of a quantitative DCE. */
    PD,
    /** Fractional anisotropy map. */
    FA,
    /** Perfusion map: Ktrans, kep, ve, wash-in, time to peak. */
    PERF_MAP,
    LOCALIZER,
    /** Something else, or too little evidence to say. */
    OTHER
}
