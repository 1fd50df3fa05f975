package walnut.models.findings;

import walnut.models.inference.ModelOutput;
import walnut.models.passport.Passport;
import walnut.models.passport.Passport.OutputMeaning;

/** What a model that is asked about one point answered. */
public final class PointScore {
    private PointScore() {}

    /**
     * The value of the POINT_SCORE output; {@code LoadedModel} has found it within the passport's range.
     *
     * @throws IllegalArgumentException of a model that finds lesions
     */
    public static double read(Passport passport, ModelOutput output) {
        String name = passport.output(OutputMeaning.POINT_SCORE)
                .orElseThrow(() -> new IllegalArgumentException(passport.id() + " scores no points"))
                .name();
        return output.tensor(name).values().get(0);
    }
}
