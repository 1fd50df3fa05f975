package walnut.prostate.series;

/** How the high-b image came to be; stored wherever its b-value is stored. */
public enum HighBSource {
    /** Measured at this b-value. */
    ACQUIRED,
    /** Extrapolated by the scanner from lower b-values. */
    SCANNER_COMPUTED,
    /** Extrapolated by us from traces at or below 1000 s/mm². */
    COMPUTED
}
