package walnut.prostate.series;

import java.util.OptionalDouble;

/**
 * What the model's passport asks of the series that feed it.
 *
 * @param t2wInPlaneSpacingMm in-plane spacing that the model was trained at; among several fitting T2W series the
 *     nearest wins
 * @param t2wSliceSpacingMm slice spacing that the model was trained at
 * @param acceptT2w3d whether a 3-D T2W may stand in where there is no 2-D one
 * @param minimumHighB lowest b-value (s/mm²) that counts as a high-b image
 * @param preferredHighB from this b-value (s/mm²) on, acquired and scanner-computed images go before all lower ones
 * @param computeHighBAt b-value (s/mm²) at which we compute the image when the study holds none; empty: never compute
 */
public record SelectionPolicy(
        OptionalDouble t2wInPlaneSpacingMm,
        OptionalDouble t2wSliceSpacingMm,
        boolean acceptT2w3d,
        double minimumHighB,
        double preferredHighB,
        OptionalDouble computeHighBAt) {

    /** PI-CAI's b ≥ 1000 with PI-RADS v2.1's b ≥ 1400 preferred; computed at 1400 when there is none. */
    public static final SelectionPolicy DEFAULT = new SelectionPolicy(
            OptionalDouble.empty(), OptionalDouble.empty(), true, 1000, 1400, OptionalDouble.of(1400));

    public SelectionPolicy {
        if (!(minimumHighB > 0) || !(preferredHighB >= minimumHighB)) {
            throw new IllegalArgumentException(
                    "expected 0 < minimumHighB <= preferredHighB, got " + minimumHighB + " and " + preferredHighB);
        }
    }
}
