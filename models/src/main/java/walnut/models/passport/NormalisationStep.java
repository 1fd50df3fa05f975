package walnut.models.passport;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;
import walnut.models.passport.Passport.Millimetres;

/**
 * One step on the values of a channel, on the tensor's grid.
 *
 * <p>A step with a box takes its statistics, of the values as the step before left them, from the voxels whose centre
 * lies within half the box's extent of the grid's middle, along each axis. Percentiles interpolate linearly between
 * ranked values (NumPy's default); the standard deviation is the population's (divided by n).
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "step")
@JsonSubTypes({
    @JsonSubTypes.Type(value = NormalisationStep.Clip.class, name = "CLIP"),
    @JsonSubTypes.Type(value = NormalisationStep.ClipPercentiles.class, name = "CLIP_PERCENTILES"),
    @JsonSubTypes.Type(value = NormalisationStep.ClipAbovePercentile.class, name = "CLIP_ABOVE_PERCENTILE"),
    @JsonSubTypes.Type(value = NormalisationStep.Standardise.class, name = "STANDARDISE"),
    @JsonSubTypes.Type(value = NormalisationStep.ShiftScale.class, name = "SHIFT_SCALE")
})
public sealed interface NormalisationStep {

    /** The step as a person would say it. */
    String inWords();

    /** x becomes min(max(x, lower), upper). */
    record Clip(double lower, double upper) implements NormalisationStep {
        @Override
        public String inWords() {
            return "clip to " + plain(lower) + " to " + plain(upper);
        }
    }

    /** Clips all values to two percentiles (0..100) of those in the box. */
    record ClipPercentiles(double lower, double upper, Millimetres boxMm) implements NormalisationStep {
        @Override
        public String inWords() {
            return "clip to percentiles " + plain(lower) + " to " + plain(upper) + " of " + middle(boxMm);
        }
    }

    /** Clips all values from above at factor times a percentile (0..100) of those in the box. */
    record ClipAbovePercentile(double percentile, double factor, Millimetres boxMm) implements NormalisationStep {
        @Override
        public String inWords() {
            return "clip above " + plain(factor) + " × percentile " + plain(percentile) + " of " + middle(boxMm);
        }
    }

    /** x becomes (x - centre) / standard deviation, both of the values in the box. */
    record Standardise(Centre centre, Millimetres boxMm) implements NormalisationStep {
        public enum Centre {
            MEAN,
            MEDIAN
        }

        @Override
        public String inWords() {
            return "subtract the " + (centre == Centre.MEAN ? "mean" : "median")
                    + " and divide by the standard deviation of " + middle(boxMm);
        }
    }

    /** x becomes (x - subtract) / divideBy: for values with a physical unit, the same for every patient. */
    record ShiftScale(double subtract, double divideBy) implements NormalisationStep {
        @Override
        public String inWords() {
            return "subtract " + plain(subtract) + ", divide by " + plain(divideBy);
        }
    }

    private static String middle(Millimetres box) {
        return "the middle " + plain(box.columns()) + " × " + plain(box.rows()) + " × " + plain(box.slices()) + " mm";
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
