package walnut.prostate.series;

import walnut.failure.FailureCode;

/** Something wrong with a file, a series or a study, under its stable code and in a sentence for a person. */
public record Problem(FailureCode code, String detail) {

    @Override
    public String toString() {
        return code + ": " + detail;
    }
}
