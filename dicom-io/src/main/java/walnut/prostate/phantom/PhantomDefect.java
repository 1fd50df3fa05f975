package walnut.prostate.phantom;

/** What a phantom study lacks, so that a refusal can be shown. */
public enum PhantomDefect {
    NONE,
    /** The ADC map was not sent. */
    NO_ADC,
    /** Neither the high b-value series nor the traces it could be computed from were sent. */
    NO_HIGH_B;

    /**
     * The defect of a patient in a cohort with defects: of every six patients the fifth lacks its ADC map and the sixth
     * its high b-value.
     */
    public static PhantomDefect ofPatient(int index) {
        int place = index % 6;
        return place == 4 ? NO_ADC : place == 5 ? NO_HIGH_B : NONE;
    }

    boolean keeps(PhantomSeries series) {
        boolean lost = this == NO_ADC && series == PhantomSeries.ADC
                || this == NO_HIGH_B && (series == PhantomSeries.TRACES || series == PhantomSeries.HIGH_B);
        return !lost;
    }
}
