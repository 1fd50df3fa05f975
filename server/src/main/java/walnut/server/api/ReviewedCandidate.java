package walnut.server.api;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A reader's verdict on one candidate, or a lesion that the reader added.
 *
 * @param candidate which finding of the prediction, counted from 1 in its order; null for an added one
 * @param positionLps where the reader sees it, {@code [x, y, z]} in LPS millimetres; given for moved and added ones
 * @param piRads PI-RADS v2.1 category 1 to 5 that the reader gives it; null where none was given
 */
public record ReviewedCandidate(
        @Nullable Integer candidate,
        CandidateVerdict verdict,
        double @Nullable [] positionLps,
        @Nullable Integer piRads) {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReviewedCandidate that
                && Objects.equals(candidate, that.candidate)
                && verdict == that.verdict
                && Arrays.equals(positionLps, that.positionLps)
                && Objects.equals(piRads, that.piRads);
    }

    @Override
    public int hashCode() {
        return Objects.hash(candidate, verdict, Arrays.hashCode(positionLps), piRads);
    }

    @Override
    public String toString() {
        return verdict + " candidate " + candidate + " at " + Arrays.toString(positionLps) + ", PI-RADS " + piRads;
    }
}
