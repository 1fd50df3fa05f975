package walnut.models.passport;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
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

    /** x becomes min(max(x, lower), upper). */
    record Clip(double lower, double upper) implements NormalisationStep {}

    /** Clips all values to two percentiles (0..100) of those in the box. */
    record ClipPercentiles(double lower, double upper, Millimetres boxMm) implements NormalisationStep {}

    /** Clips all values from above at factor times a percentile (0..100) of those in the box. */
    record ClipAbovePercentile(double percentile, double factor, Millimetres boxMm) implements NormalisationStep {}

    /** x becomes (x - centre) / standard deviation, both of the values in the box. */
    record Standardise(Centre centre, Millimetres boxMm) implements NormalisationStep {
        public enum Centre {
            MEAN,
            MEDIAN
        }
    }

    /** x becomes (x - subtract) / divideBy: for values with a physical unit, the same for every patient. */
    record ShiftScale(double subtract, double divideBy) implements NormalisationStep {}
}
