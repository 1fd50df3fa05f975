package walnut.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * A stored prediction, append-only.
 *
 * @param kind CLINICAL, SILENT, SHADOW, REPLAY or PERTURBATION
 * @param document the document of {@code predict --json}, exactly as stored; {@link PredictionDocument} is its typed form
 */
public record PredictionRecord(String predictionId, String caseId, String kind, Instant createdAt, JsonNode document) {}
