package walnut.server.database;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;

/** The append-only list of predictions. */
public final class PredictionTable {
    private static final RowMapper<StoredPrediction> PREDICTION = (row, context) -> {
        double score = row.getDouble("case_score");
        boolean noScore = row.wasNull();
        return new StoredPrediction(
                row.getString("prediction_id"),
                row.getString("case_id"),
                PredictionKind.valueOf(row.getString("kind")),
                row.getString("outcome"),
                row.getString("model_id"),
                row.getString("model_version"),
                row.getString("model_digest"),
                row.getString("input_digest"),
                row.getString("config_digest"),
                noScore ? null : score,
                row.getString("document"),
                Microseconds.toInstant(row.getLong("created_at")));
    };

    private final Database database;

    public PredictionTable(Database database) {
        this.database = database;
    }

    /**
     * Stores the outcome of a claimed case and closes the case, in one transaction. The same work done twice (a worker
     * that died after the commit) stores one row; a case that an image re-opened meanwhile stays open.
     *
     * @return the prediction that stands: this one, or the equal one that was there
     */
    public StoredPrediction finish(StoredPrediction prediction) {
        return database.write().inTransaction(handle -> {
            handle.createUpdate("insert into prediction (prediction_id, case_id, kind, outcome, model_id,"
                            + " model_version, model_digest, input_digest, config_digest, case_score, document,"
                            + " created_at) values (:id, :case, :kind, :outcome, :model, :version, :modelDigest,"
                            + " :inputDigest, :configDigest, :score, :document, :created)"
                            + " on conflict (case_id, input_digest, model_digest, config_digest, kind) do nothing")
                    .bind("id", prediction.predictionId())
                    .bind("case", prediction.caseId())
                    .bind("kind", prediction.kind().name())
                    .bind("outcome", prediction.outcome())
                    .bind("model", prediction.modelId())
                    .bind("version", prediction.modelVersion())
                    .bind("modelDigest", prediction.modelDigest())
                    .bind("inputDigest", prediction.inputDigest())
                    .bind("configDigest", prediction.configDigest())
                    .bind("score", prediction.caseScore())
                    .bind("document", prediction.document())
                    .bind("created", Microseconds.of(prediction.createdAt()))
                    .execute();
            handle.createUpdate("update study_case set state = 'DONE' where case_id = :id and state = 'RUNNING'")
                    .bind("id", prediction.caseId())
                    .execute();
            return handle.createQuery("select * from prediction where case_id = :case and input_digest = :input"
                            + " and model_digest = :model and config_digest = :config and kind = :kind")
                    .bind("case", prediction.caseId())
                    .bind("input", prediction.inputDigest())
                    .bind("model", prediction.modelDigest())
                    .bind("config", prediction.configDigest())
                    .bind("kind", prediction.kind().name())
                    .map(PREDICTION)
                    .one();
        });
    }

    public Optional<StoredPrediction> find(String predictionId) {
        return database.read()
                .withHandle(handle -> handle.createQuery("select * from prediction where prediction_id = :id")
                        .bind("id", predictionId)
                        .map(PREDICTION)
                        .findOne());
    }

    /** The prediction that counts for a case: the newest; earlier ones are superseded. */
    public Optional<StoredPrediction> latestOf(String caseId) {
        return ofCase(caseId).stream().findFirst();
    }

    /**
     * The standing prediction of every case for one model: of several, the newest, whatever its outcome.
     */
    public List<StoredPrediction> standingOf(String modelId) {
        return database.read()
                .withHandle(handle -> handle.createQuery("select p.* from prediction p where p.model_id = :model"
                                + " and not exists (select 1 from prediction newer where newer.case_id = p.case_id"
                                + " and newer.model_id = p.model_id and (newer.created_at > p.created_at"
                                + " or (newer.created_at = p.created_at and newer.prediction_id > p.prediction_id)))"
                                + " order by p.case_id")
                        .bind("model", modelId)
                        .map(PREDICTION)
                        .list());
    }

    /** Newest first. */
    public List<StoredPrediction> ofCase(String caseId) {
        return database.read().withHandle(handle -> handle.createQuery("select * from prediction where case_id = :id"
                        + " order by created_at desc, prediction_id desc")
                .bind("id", caseId)
                .map(PREDICTION)
                .list());
    }
}
