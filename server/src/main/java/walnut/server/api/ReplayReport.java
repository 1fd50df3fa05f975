package walnut.server.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prediction run again beside what was stored.
 *
 * @param verdict BITWISE when every result is the same, under whatever runtime; WITHIN_TOLERANCE or DIFFERENT
 * @param sameRuntime whether it ran on the runtime class of the original; only then is BITWISE promised
 * @param firstDifferingStage null when every stage is equal, the runtime among them
 * @param maxAbsDifference largest absolute difference of the output values, 0 when bit-equal; null when not comparable
 */
public record ReplayReport(
        String predictionId,
        @Nullable String replayPredictionId,
        String verdict,
        boolean sameRuntime,
        @Nullable String firstDifferingStage,
        @Nullable Double maxAbsDifference,
        List<Stage> stages) {
    public ReplayReport {
        stages = List.copyOf(stages);
    }

    /** Digests of one stage's result, as recorded and as found now. */
    public record Stage(
            String name,
            @Nullable String recorded,
            @Nullable String replayed,
            boolean equal) {}
}
