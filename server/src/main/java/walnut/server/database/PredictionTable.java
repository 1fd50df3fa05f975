package walnut.server.database;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
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
     * that died after the commit, or whose lease ended under it) stores one row; a case that an image opened again
     * meanwhile, or that another worker holds by now, stays open.
     *
     * @param afterReview whether somebody had reviewed the prediction that stood until now
     * @return the prediction that stands: this one, or the equal one that was there; empty where the case was put aside
     *     meanwhile, and for a failure of somebody who does not hold the case any more
     */
    public Optional<StoredPrediction> finish(Claim claim, StoredPrediction prediction, boolean afterReview) {
        return database.write().inTransaction(handle -> {
            Optional<Holding> holding = holding(handle, claim);
            if (holding.isEmpty() || (prediction.failed() && holding.get() == Holding.LOST)) {
                return Optional.empty();
            }
            insert(handle, prediction, afterReview);
            if (holding.get() == Holding.HELD) {
                handle.createUpdate("update study_case set state = 'DONE', priority = 0, attempts = 0,"
                                + " claimed_by = null, claimed_until = null where case_id = :id")
                        .bind("id", prediction.caseId())
                        .execute();
            }
            return Optional.of(equalTo(handle, prediction));
        });
    }

    private enum Holding {
        HELD,
        LOST
    }

    /** Empty where the case was put aside. */
    private Optional<Holding> holding(Handle handle, Claim claim) {
        return handle.createQuery("select state, claimed_by from study_case where case_id = :id"
                        + " and discarded_at is null" + database.waitingForRows())
                .bind("id", claim.caseId())
                .map((row, context) -> row.getString("state").equals(CaseState.RUNNING.name())
                                && claim.holder().equals(row.getString("claimed_by"))
                        ? Holding.HELD
                        : Holding.LOST)
                .findOne();
    }

    /** Adds a prediction that no claim is behind, unless an equal one is there; returns the one that is there then. */
    public StoredPrediction add(StoredPrediction prediction) {
        return database.write().inTransaction(handle -> {
            insert(handle, prediction, false);
            return equalTo(handle, prediction);
        });
    }

    private static void insert(Handle handle, StoredPrediction prediction, boolean afterReview) {
        PredictionLine.Shown shown = PredictionLine.Shown.of(prediction);
        handle.createUpdate("insert into prediction (prediction_id, case_id, kind, outcome, model_id,"
                        + " model_version, model_digest, input_digest, config_digest, case_score, document,"
                        + " created_at, score_kind, positive, explanation, after_review) values (:id, :case, :kind,"
                        + " :outcome, :model, :version, :modelDigest, :inputDigest, :configDigest, :score, :document,"
                        + " :created, :scoreKind, :positive, :explanation, :afterReview)"
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
                .bind("created", afterEarlierOnes(handle, prediction))
                .bind("scoreKind", shown.scoreKind())
                .bind("positive", shown.positive() == null ? null : Integer.valueOf(shown.positive() ? 1 : 0))
                .bind("explanation", shown.explanation())
                .bind("afterReview", afterReview ? 1 : 0)
                .execute();
    }

    /** The last prediction of a case is its newest, also where the clock was set back since the one before. */
    private static long afterEarlierOnes(Handle handle, StoredPrediction prediction) {
        long last = handle.createQuery("select coalesce(max(created_at), 0) from prediction where case_id = :case")
                .bind("case", prediction.caseId())
                .mapTo(Long.class)
                .one();
        return Math.max(Microseconds.of(prediction.createdAt()), last + 1);
    }

    private static StoredPrediction equalTo(Handle handle, StoredPrediction prediction) {
        return equal(
                        handle,
                        prediction.caseId(),
                        prediction.inputDigest(),
                        prediction.modelDigest(),
                        prediction.configDigest(),
                        prediction.kind())
                .orElseThrow();
    }

    private static Optional<StoredPrediction> equal(
            Handle handle,
            String caseId,
            String inputDigest,
            String modelDigest,
            String configDigest,
            PredictionKind kind) {
        return handle.createQuery("select * from prediction where case_id = :case and input_digest = :input"
                        + " and model_digest = :model and config_digest = :config and kind = :kind")
                .bind("case", caseId)
                .bind("input", inputDigest)
                .bind("model", modelDigest)
                .bind("config", configDigest)
                .bind("kind", kind.name())
                .map(PREDICTION)
                .findOne();
    }

    /** The prediction that running the same again would give. */
    public Optional<StoredPrediction> findEqual(
            String caseId, String inputDigest, String modelDigest, String configDigest, PredictionKind kind) {
        return database.read()
                .withHandle(handle -> equal(handle, caseId, inputDigest, modelDigest, configDigest, kind));
    }

    /** What a list shows of the newest prediction of each of these cases; those without one are absent. */
    public Map<String, PredictionLine> linesOf(Collection<String> caseIds) {
        if (caseIds.isEmpty()) {
            return Map.of();
        }
        return database.read().withHandle(handle -> handle
                .createQuery("select * from prediction p where p.case_id in (<cases>) and not exists"
                        + " (select 1 from prediction newer where newer.case_id = p.case_id"
                        + " and (newer.created_at > p.created_at or (newer.created_at = p.created_at"
                        + " and newer.prediction_id > p.prediction_id)))")
                .bindList("cases", List.copyOf(caseIds))
                .map(PredictionLine.ROW)
                .stream()
                .collect(Collectors.toMap(PredictionLine::caseId, line -> line)));
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
        return database.read().withHandle(handle -> handle.createQuery("select * from prediction where case_id = :id"
                        + " order by created_at desc, prediction_id desc limit 1")
                .bind("id", caseId)
                .map(PREDICTION)
                .findOne());
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
