package walnut.server.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.api.Review;
import walnut.server.api.ReviewDecision;
import walnut.server.api.ReviewDraft;
import walnut.server.api.ReviewReason;
import walnut.server.api.ReviewedCandidate;
import walnut.server.reviews.ReviewStore;

/** The append-only list of reviews, and each reader's drafts. */
public final class ReviewTable implements ReviewStore {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final RowMapper<Review> REVIEW = (row, context) -> new Review(
            row.getString("review_id"),
            row.getString("case_id"),
            row.getString("prediction_id"),
            row.getInt("version"),
            row.getString("supersedes"),
            row.getString("reviewer"),
            row.getString("role"),
            Microseconds.toInstant(row.getLong("reviewed_at")),
            row.getString("submission_id"),
            ReviewDecision.valueOf(row.getString("decision")),
            ReviewReason.valueOf(row.getString("reason")),
            nullableInt(row, "pirads"),
            read(row.getString("candidates"), new TypeReference<List<ReviewedCandidate>>() {}),
            row.getString("comment"),
            nullableInt(row, "seconds_spent"));

    private static final RowMapper<ReviewDraft> DRAFT = (row, context) -> new ReviewDraft(
            row.getString("prediction_id"),
            row.getString("reviewer"),
            read(row.getString("fields"), new TypeReference<Map<String, String>>() {}),
            Microseconds.toInstant(row.getLong("saved_at")));

    private final Database database;

    public ReviewTable(Database database) {
        this.database = database;
    }

    @Override
    public Review add(Review review) {
        return database.write().inTransaction(handle -> {
            Optional<Review> same = ofSubmission(handle, review);
            if (same.isPresent()) {
                return same.get();
            }
            requireStandingPrediction(handle, review);
            int newest = handle.createQuery(
                            "select coalesce(max(version), 0) from review where prediction_id = :prediction")
                    .bind("prediction", review.predictionId())
                    .mapTo(Integer.class)
                    .one();
            // Two at once meet at the unique constraint, where transactions may overlap.
            if (newest != review.version() - 1 || insert(handle, review) == 0) {
                throw new WalnutException(
                        FailureCode.REVIEW_SUPERSEDED,
                        "this prediction was reviewed meanwhile: its newest review is version " + newest
                                + ", this one was written beside version " + (review.version() - 1));
            }
            discard(handle, review.predictionId(), review.reviewer());
            return review;
        });
    }

    private static Optional<Review> ofSubmission(Handle handle, Review review) {
        if (review.submissionId() == null) {
            return Optional.empty();
        }
        return handle.createQuery("select * from review where prediction_id = :prediction and reviewer = :reviewer"
                        + " and submission_id = :submission")
                .bind("prediction", review.predictionId())
                .bind("reviewer", review.reviewer())
                .bind("submission", review.submissionId())
                .map(REVIEW)
                .findOne()
                .filter(stored -> {
                    if (!stored.saysTheSameAs(review)) {
                        throw new WalnutException(
                                FailureCode.REVIEW_SUPERSEDED,
                                "another review was handed in under this submissionId: choose a new one");
                    }
                    return true;
                });
    }

    private static void requireStandingPrediction(Handle handle, Review review) {
        String standing = handle.createQuery("select prediction_id from prediction where case_id = :case"
                        + " order by created_at desc, prediction_id desc limit 1")
                .bind("case", review.caseId())
                .mapTo(String.class)
                .one();
        if (!standing.equals(review.predictionId())) {
            throw new WalnutException(
                    FailureCode.PREDICTION_SUPERSEDED,
                    "another prediction stands for this case by now, made from images or context that came later: "
                            + "look at prediction " + standing);
        }
    }

    private static int insert(Handle handle, Review review) {
        return handle.createUpdate("insert into review (review_id, case_id, prediction_id, version, supersedes,"
                        + " reviewer, role, reviewed_at, submission_id, decision, reason, pirads, candidates, comment,"
                        + " seconds_spent) values (:id, :case, :prediction, :version, :supersedes, :reviewer, :role,"
                        + " :reviewed, :submission, :decision, :reason, :pirads, :candidates, :comment, :seconds)"
                        + " on conflict (prediction_id, version) do nothing")
                .bind("id", review.reviewId())
                .bind("case", review.caseId())
                .bind("prediction", review.predictionId())
                .bind("version", review.version())
                .bind("supersedes", review.supersedes())
                .bind("reviewer", review.reviewer())
                .bind("role", review.role())
                .bind("reviewed", Microseconds.of(review.reviewedAt()))
                .bind("submission", review.submissionId())
                .bind("decision", review.decision().name())
                .bind("reason", review.reason().name())
                .bind("pirads", review.piRads())
                .bind("candidates", written(review.candidates()))
                .bind("comment", review.comment())
                .bind("seconds", review.secondsSpent())
                .execute();
    }

    @Override
    public List<Review> ofCase(String caseId) {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select * from review where case_id = :case order by reviewed_at desc, review_id desc")
                .bind("case", caseId)
                .map(REVIEW)
                .list());
    }

    @Override
    public List<Review> ofPrediction(String predictionId) {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select * from review where prediction_id = :prediction order by version desc")
                .bind("prediction", predictionId)
                .map(REVIEW)
                .list());
    }

    @Override
    public List<Review> ofModel(String modelId) {
        return database.read().withHandle(handle -> handle.createQuery("select r.* from review r join prediction p"
                        + " on p.prediction_id = r.prediction_id where p.model_id = :model"
                        + " order by r.prediction_id, r.version desc")
                .bind("model", modelId)
                .map(REVIEW)
                .list());
    }

    @Override
    public boolean isReviewed(String caseId) {
        return database.read()
                .withHandle(handle -> handle.createQuery("select 1 from review where case_id = :case limit 1")
                        .bind("case", caseId)
                        .mapTo(Integer.class)
                        .findOne()
                        .isPresent());
    }

    @Override
    public Optional<ReviewDraft> draft(String predictionId, String reviewer) {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select * from review_draft where prediction_id = :prediction and reviewer = :reviewer")
                .bind("prediction", predictionId)
                .bind("reviewer", reviewer)
                .map(DRAFT)
                .findOne());
    }

    @Override
    public Optional<ReviewDraft> draftOfCase(String caseId, String reviewer) {
        return database.read().withHandle(handle -> handle.createQuery("select d.* from review_draft d"
                        + " join prediction p on p.prediction_id = d.prediction_id"
                        + " where p.case_id = :case and d.reviewer = :reviewer order by d.saved_at desc limit 1")
                .bind("case", caseId)
                .bind("reviewer", reviewer)
                .map(DRAFT)
                .findOne());
    }

    @Override
    public void keepDraft(ReviewDraft draft) {
        database.write().useHandle(handle -> handle.createUpdate("insert into review_draft (prediction_id, reviewer,"
                        + " fields, saved_at) values (:prediction, :reviewer, :fields, :saved)"
                        + " on conflict (prediction_id, reviewer) do update set fields = excluded.fields,"
                        + " saved_at = excluded.saved_at")
                .bind("prediction", draft.predictionId())
                .bind("reviewer", draft.reviewer())
                .bind("fields", written(draft.fields()))
                .bind("saved", Microseconds.of(draft.savedAt()))
                .execute());
    }

    @Override
    public void discardDraft(String predictionId, String reviewer) {
        database.write().useHandle(handle -> discard(handle, predictionId, reviewer));
    }

    private static void discard(Handle handle, String predictionId, String reviewer) {
        handle.createUpdate("delete from review_draft where prediction_id = :prediction and reviewer = :reviewer")
                .bind("prediction", predictionId)
                .bind("reviewer", reviewer)
                .execute();
    }

    private static @Nullable Integer nullableInt(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }

    private static String written(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records and maps of texts are always JSON", e);
        }
    }

    private static <T> T read(String json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new WalnutException(FailureCode.INTERNAL_ERROR, "a stored review is not of its form", e);
        }
    }
}
