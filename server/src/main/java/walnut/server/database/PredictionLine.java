package walnut.server.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * What a list of cases shows of a prediction, without its document.
 *
 * @param afterReview whether somebody had reviewed the prediction that stood before it
 */
public record PredictionLine(
        String predictionId,
        String caseId,
        PredictionKind kind,
        String outcome,
        String modelId,
        String modelVersion,
        @Nullable Double caseScore,
        Shown shown,
        boolean afterReview,
        Instant createdAt) {

    static final RowMapper<PredictionLine> ROW = (row, context) -> {
        double score = row.getDouble("case_score");
        @Nullable Double caseScore = row.wasNull() ? null : score;
        int positive = row.getInt("positive");
        @Nullable Boolean isPositive = row.wasNull() ? null : positive == 1;
        return new PredictionLine(
                row.getString("prediction_id"),
                row.getString("case_id"),
                PredictionKind.valueOf(row.getString("kind")),
                row.getString("outcome"),
                row.getString("model_id"),
                row.getString("model_version"),
                caseScore,
                new Shown(row.getString("score_kind"), isPositive, row.getString("explanation")),
                row.getInt("after_review") == 1,
                Microseconds.toInstant(row.getLong("created_at")));
    };

    /**
     * Kept in columns of its own when the document is stored.
     *
     * @param positive whether the score lies at or above the first operating point; null unless completed
     * @param explanation the first reason of a refusal or failure, in words
     */
    public record Shown(
            @Nullable String scoreKind,
            @Nullable Boolean positive,
            @Nullable String explanation) {
        private static final JsonMapper JSON = JsonMapper.builder().build();

        static Shown of(StoredPrediction prediction) {
            try {
                JsonNode document = JSON.readTree(prediction.document());
                JsonNode positive = document.at("/decisions/0/positive");
                return new Shown(
                        document.path("scoreKind").asText(null),
                        prediction.outcome().equals("COMPLETED") && positive.isBoolean()
                                ? positive.booleanValue()
                                : null,
                        inWords(document.at("/reasons/0")));
            } catch (JsonProcessingException e) {
                throw new WalnutException(FailureCode.INTERNAL_ERROR, "a prediction document is not JSON", e);
            }
        }

        private static @Nullable String inWords(JsonNode reason) {
            String detail = reason.path("detail").asText("");
            String meaning = reason.path("meaning").asText("");
            return !detail.isBlank()
                    ? detail
                    : !meaning.isBlank() ? meaning : reason.path("code").asText(null);
        }
    }
}
