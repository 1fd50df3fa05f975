package walnut.server.database;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a model said of a case, or why it said nothing. Never changed once written.
 *
 * @param inputDigest over the digests of all instances that were looked at. A failure is no answer to them and must not
 *     take the place of one: there its own id is digested with them
 * @param caseScore as shown; null where there is none
 * @param document the JSON of {@code walnut predict --json}
 */
public record StoredPrediction(
        String predictionId,
        String caseId,
        PredictionKind kind,
        String outcome,
        String modelId,
        String modelVersion,
        String modelDigest,
        String inputDigest,
        String configDigest,
        @Nullable Double caseScore,
        String document,
        Instant createdAt) {

    static final String FAILED = "FAILED";

    public boolean failed() {
        return outcome.equals(FAILED);
    }
}
