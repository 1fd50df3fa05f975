package walnut.prostate.series;

/** Something a reader of the result should know, which does not stop the case. */
public record Warning(Code code, String detail) {

    /** Stable names; they appear in stored results and JSON. Add, never rename. */
    public enum Code {
        /** Several T2W series fit equally; the later one was taken. */
        AMBIGUOUS_T2W,
        AMBIGUOUS_ADC,
        AMBIGUOUS_HBV,
        /** Another axial T2W was there too and fitted less well, for the reason named. */
        T2W_TWIN_NOT_USED,
        /** Only a T2W of the whole pelvis was there. */
        LARGE_FIELD_T2W,
        /** A series that would have been preferred could not be used. */
        BETTER_SERIES_UNUSABLE,
        /** The ADC map differs from the one recomputed from the traces of the study. */
        ADC_INCONSISTENT,
        /** The ADC map was stored in another unit than 1e-6 mm²/s and was converted. */
        ADC_UNIT_CONVERTED
    }

    @Override
    public String toString() {
        return code + ": " + detail;
    }
}
