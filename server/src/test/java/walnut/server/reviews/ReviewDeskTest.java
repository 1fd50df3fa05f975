package walnut.server.reviews;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.api.CandidateVerdict;
import walnut.server.api.PredictionRecord;
import walnut.server.api.Review;
import walnut.server.api.ReviewDecision;
import walnut.server.api.ReviewReason;
import walnut.server.api.ReviewSubmission;
import walnut.server.api.ReviewedCandidate;
import walnut.server.database.CaseTable;
import walnut.server.database.Database;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.Ids;
import walnut.server.database.MovableClock;
import walnut.server.database.PredictionKind;
import walnut.server.database.PredictionTable;
import walnut.server.database.ReviewTable;
import walnut.server.database.StoredPrediction;
import walnut.server.security.Caller;
import walnut.server.security.Role;
import walnut.store.StoredInstance;

class ReviewDeskTest {
    private static final String DIGEST = "0123456789abcdef".repeat(4);
    private static final Caller ADA = new Caller("ada-token", "ada", Set.of(Role.RADIOLOGIST));
    private static final Caller BEA = new Caller("bea-token", "bea", Set.of(Role.RADIOLOGIST));

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final Ids ids = new Ids(clock, new Random(1));
    private Database database;
    private PredictionTable predictions;
    private ReviewTable reviews;
    private ReviewDesk desk;
    private String caseId;
    private String predictionId;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = Database.open(folder.resolve("walnut.db"));
        predictions = new PredictionTable(database);
        reviews = new ReviewTable(database);
        desk = new ReviewDesk(reviews, this::prediction, clock, ids::next);
        new DatabaseInstanceIndex(database, Duration.ofSeconds(10), clock, ids)
                .commit(List.of(new StoredInstance(
                        "9.1.1.1",
                        "1.2.840.10008.5.1.4.1.1.4",
                        "9.1.1",
                        "9.1",
                        "1.2.840.10008.1.2.1",
                        "P1",
                        "",
                        "instances/1.dcm",
                        1000,
                        DIGEST,
                        1,
                        "SENDER")));
        caseId = new CaseTable(database, clock).ofStudy("9.1").get(0).caseId();
        predictionId = predicted("input-1", 2);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_second_review_supersedes_the_first_and_both_are_kept() {
        StoredPrediction before = predictions.find(predictionId).orElseThrow();
        Review first = desk.submit(predictionId, accepted(0), ADA);
        clock.advance(Duration.ofMinutes(3));
        Review second = desk.submit(predictionId, moved(1), BEA);

        assertThat(desk.ofPrediction(predictionId)).containsExactly(second, first);
        assertThat(second.supersedes()).isEqualTo(first.reviewId());
        assertThat(second.version()).isEqualTo(2);
        assertThat(second.reviewer()).isEqualTo("bea");
        assertThat(second.role()).isEqualTo("radiologist");
        assertThat(second.reviewedAt()).isEqualTo(clock.instant());
        assertThat(second.candidates().get(0).positionLps()).containsExactly(10.5, -2, 33);
        assertThat(desk.ofCase(caseId)).containsExactly(second, first);
        assertThat(predictions.find(predictionId)).as("the prediction").contains(before);
        assertThat(reviews.isReviewed(caseId)).isTrue();
    }

    @Test
    void a_review_written_beside_an_older_one_stores_nothing_and_keeps_its_draft() {
        desk.keepDraft(predictionId, Map.of("comment", "seen twice"), BEA);
        desk.submit(predictionId, accepted(0), ADA);

        assertFails(FailureCode.REVIEW_SUPERSEDED, () -> desk.submit(predictionId, moved(0), BEA));

        assertThat(desk.ofPrediction(predictionId)).hasSize(1);
        assertThat(desk.draft(predictionId, BEA).orElseThrow().fields()).containsEntry("comment", "seen twice");
    }

    @Test
    void a_review_of_a_superseded_prediction_stores_nothing_and_its_draft_is_offered_beside_the_new_one() {
        desk.keepDraft(predictionId, Map.of("comment", "half written"), ADA);
        clock.advance(Duration.ofMinutes(1));
        String newer = predicted("input-2", 1);

        assertFails(FailureCode.PREDICTION_SUPERSEDED, () -> desk.submit(predictionId, accepted(0), ADA));

        assertThat(desk.ofCase(caseId)).isEmpty();
        assertThat(desk.ofPrediction(newer)).isEmpty();
        assertThat(reviews.isReviewed(caseId)).isFalse();
        assertThat(desk.draftOfCase(caseId, ADA).orElseThrow().fields()).containsEntry("comment", "half written");
    }

    @Test
    void what_is_handed_in_twice_because_an_answer_was_lost_is_stored_once() {
        Review first = desk.submit(predictionId, accepted(0), ADA);
        Review again = desk.submit(predictionId, accepted(0), ADA);

        assertThat(again).isEqualTo(first);
        assertThat(desk.ofPrediction(predictionId)).containsExactly(first);
    }

    @Test
    void of_many_at_once_one_is_stored_and_the_others_are_told() throws Exception {
        int readers = 8;
        ExecutorService threads = Executors.newFixedThreadPool(readers);
        try {
            List<Callable<Boolean>> submissions = new ArrayList<>();
            for (int reader = 0; reader < readers; reader++) {
                Caller caller = new Caller("token", "reader" + reader, Set.of(Role.RADIOLOGIST));
                submissions.add(() -> {
                    try {
                        desk.submit(predictionId, moved(0), caller);
                        return true;
                    } catch (WalnutException e) {
                        assertThat(e.code()).isEqualTo(FailureCode.REVIEW_SUPERSEDED);
                        return false;
                    }
                });
            }
            int stored = 0;
            for (Future<Boolean> answer : threads.invokeAll(submissions, 60, TimeUnit.SECONDS)) {
                stored += answer.get() ? 1 : 0;
            }
            assertThat(stored).isEqualTo(1);
            assertThat(desk.ofPrediction(predictionId)).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_draft_is_the_readers_own_and_goes_when_the_review_is_stored() {
        desk.keepDraft(predictionId, Map.of("comment", "one"), ADA);
        desk.keepDraft(predictionId, Map.of("comment", "two"), ADA);
        assertThat(desk.draft(predictionId, BEA)).isEmpty();
        assertThat(desk.draft(predictionId, ADA).orElseThrow().fields()).isEqualTo(Map.of("comment", "two"));

        desk.submit(predictionId, accepted(0), ADA);
        assertThat(desk.draft(predictionId, ADA)).isEmpty();

        desk.keepDraft(predictionId, Map.of("comment", "three"), ADA);
        desk.discardDraft(predictionId, ADA);
        assertThat(desk.draftOfCase(caseId, ADA)).isEmpty();
        assertFails(
                FailureCode.REVIEW_INVALID,
                () -> desk.keepDraft(predictionId, Map.of("comment", "x".repeat(20_000)), ADA));
    }

    @Test
    void a_review_that_contradicts_the_prediction_or_itself_is_refused_with_all_that_is_wrong() {
        assertThatThrownBy(() -> desk.submit(
                        predictionId,
                        review(
                                0,
                                ReviewDecision.ACCEPTED,
                                ReviewReason.SAME_AS_MY_READING,
                                List.of(
                                        new ReviewedCandidate(3, CandidateVerdict.REJECTED, null, null),
                                        new ReviewedCandidate(1, CandidateVerdict.ACCEPTED, null, null),
                                        new ReviewedCandidate(1, CandidateVerdict.ACCEPTED, null, null))),
                        ADA))
                .hasMessageContaining("there is no candidate 3: the prediction has 2")
                .hasMessageContaining("candidate 1 is judged twice")
                .hasMessageContaining("correct it to change a candidate");
        assertFails(
                FailureCode.REVIEW_INVALID,
                () -> desk.submit(
                        predictionId,
                        review(0, ReviewDecision.CORRECTED, ReviewReason.FALSE_POSITIVE, List.of()),
                        ADA));
        assertFails(
                FailureCode.REVIEW_INVALID,
                () -> desk.submit(
                        predictionId, review(0, ReviewDecision.REJECTED, ReviewReason.WRONG_REFUSAL, List.of()), ADA));
        assertFails(FailureCode.NOT_FOUND, () -> desk.submit("nobody", accepted(0), ADA));
        assertThat(desk.ofCase(caseId)).isEmpty();
    }

    private static void assertFails(FailureCode code, Runnable action) {
        assertThatThrownBy(action::run).isInstanceOfSatisfying(WalnutException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    private static ReviewSubmission accepted(int version) {
        return review(version, ReviewDecision.ACCEPTED, ReviewReason.SAME_AS_MY_READING, List.of());
    }

    private static ReviewSubmission moved(int version) {
        return review(
                version,
                ReviewDecision.CORRECTED,
                ReviewReason.WRONG_LOCATION,
                List.of(new ReviewedCandidate(2, CandidateVerdict.MOVED, new double[] {10.5, -2, 33}, 4)));
    }

    private static ReviewSubmission review(
            int version, ReviewDecision decision, ReviewReason reason, List<ReviewedCandidate> candidates) {
        return new ReviewSubmission(version, "submission-1", decision, reason, 4, candidates, "<b>as seen</b>", 41);
    }

    private Optional<PredictionRecord> prediction(String id) {
        return predictions.find(id).map(stored -> {
            try {
                return new PredictionRecord(
                        stored.predictionId(),
                        stored.caseId(),
                        stored.kind().name(),
                        stored.createdAt(),
                        new ObjectMapper().readTree(stored.document()));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private String predicted(String inputDigest, int findings) {
        String finding = "{\"confidence\": 0.7, \"side\": \"LEFT\"}";
        String list = String.join(", ", java.util.Collections.nCopies(findings, finding));
        @Nullable Double score = 0.7;
        return predictions
                .add(new StoredPrediction(
                        ids.next(),
                        caseId,
                        PredictionKind.SILENT,
                        "COMPLETED",
                        "model",
                        "1",
                        DIGEST,
                        inputDigest,
                        DIGEST,
                        score,
                        "{\"outcome\": \"COMPLETED\", \"findings\": [" + list + "]}",
                        clock.instant()))
                .predictionId();
    }
}
