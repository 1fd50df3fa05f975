package walnut.server.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A model as it is deployed here.
 *
 * @param state SILENT (predicts, nothing leaves), ASSIST or STOPPED
 * @param knownAnswer BITWISE, WITHIN_TOLERANCE or BROKEN; null while it has not been run
 */
public record Deployment(
        String modelId,
        String modelVersion,
        String digest,
        String state,
        String scoreKind,
        @Nullable String knownAnswer,
        @Nullable Instant knownAnswerAt,
        Instant since) {}
