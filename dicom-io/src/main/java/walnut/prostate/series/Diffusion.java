package walnut.prostate.series;

import java.util.Optional;
import java.util.OptionalDouble;
import walnut.volume.Lps;

/**
 * What a frame says about its diffusion weighting.
 *
 * @param bValue s/mm²; empty when nothing says
 * @param readFrom the tag or text that the b-value came from, in words; empty when there is none
 * @param directionality isotropic (trace), of one direction, or none
 * @param gradient direction of a directional frame, in the patient frame as written
 */
public record Diffusion(OptionalDouble bValue, String readFrom, Directionality directionality, Optional<Lps> gradient) {

    public static final Diffusion NONE =
            new Diffusion(OptionalDouble.empty(), "", Directionality.UNKNOWN, Optional.empty());

    /** DiffusionDirectionality (0018,9075) and what vendors write in its place. */
    public enum Directionality {
        ISOTROPIC,
        DIRECTIONAL,
        /** Not diffusion-weighted: b = 0. */
        NONE,
        UNKNOWN
    }
}
