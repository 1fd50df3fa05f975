package walnut.prostate.phantom;

/** The series of a phantom study, with what their headers say. */
enum PhantomSeries {
    T2W(2, "t2_tse_tra", "OTHER", "", "SE", "SK", 4500, 25),
    TRACES(3, "ep2d_diff_%s_tra_TRACEW", "OTHER", "TRACEW", "EP", "SK", 4200, 1),
    ADC(4, "ep2d_diff_%s_tra_ADC", "DIFFUSION MAP", "ADC", "EP", "SK", 4200, 1),
    HIGH_B(5, "ep2d_diff_%s_tra_CALC_BVAL", "OTHER", "CALC_BVALUE", "EP", "SK", 4200, 1);

    final int number;
    private final String description;
    final String derivation;
    final String flavour;
    final String scanningSequence;
    final String sequenceVariant;
    final int repetitionTimeMs;
    final int echoTrainLength;

    PhantomSeries(
            int number,
            String description,
            String derivation,
            String flavour,
            String scanningSequence,
            String sequenceVariant,
            int repetitionTimeMs,
            int echoTrainLength) {
        this.number = number;
        this.description = description;
        this.derivation = derivation;
        this.flavour = flavour;
        this.scanningSequence = scanningSequence;
        this.sequenceVariant = sequenceVariant;
        this.repetitionTimeMs = repetitionTimeMs;
        this.echoTrainLength = echoTrainLength;
    }

    /** The series description in the dialect's habit, such as {@code ep2d_diff_b50_400_800_tra_ADC}. */
    String description(Dialect dialect) {
        StringBuilder bValues = new StringBuilder("b");
        for (int index = 0; index < dialect.bValues().size(); index++) {
            bValues.append(index == 0 ? "" : "_").append(dialect.bValues().get(index));
        }
        return description.replace("%s", bValues);
    }
}
