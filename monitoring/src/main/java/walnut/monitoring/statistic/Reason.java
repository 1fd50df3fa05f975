package walnut.monitoring.statistic;

/** Why a statistic is undefined. Names are a contract: they stand in stored rows, JSON and the golden vectors. */
public enum Reason {
    EMPTY("there are no cases"),
    TOO_FEW("there are too few cases"),
    ONE_CLASS("all cases are of one class"),
    NO_LESIONS("there are no lesions"),
    ZERO_DENOMINATOR("the denominator is zero"),
    ZERO_VARIANCE("the values do not vary"),
    ZERO_WEIGHT("the weights sum to zero"),
    NON_FINITE_INPUT("a value is not a finite number"),
    OUT_OF_RANGE("a value is outside the range where this is defined"),
    INVALID_LABEL("a label is not one of the allowed categories"),
    INVALID_WEIGHT("a weight is negative or not a finite number"),
    INVALID_PARAMETER("a parameter is outside its range"),
    LENGTH_MISMATCH("the lists differ in length"),
    SEPARATION("the score separates the classes perfectly, so the slope has no finite estimate"),
    NO_CONVERGENCE("the fit did not converge"),
    NOT_IDENTIFIED("the data do not identify this quantity");

    private final String sentence;

    Reason(String sentence) {
        this.sentence = sentence;
    }

    /** For people: completes "not defined: …". */
    public String sentence() {
        return sentence;
    }
}
