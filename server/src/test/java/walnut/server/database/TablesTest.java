package walnut.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.prostate.eligibility.EnteredContext;
import walnut.server.api.CandidateVerdict;
import walnut.server.api.ClinicalContextRecord;
import walnut.server.api.Review;
import walnut.server.api.ReviewDecision;
import walnut.server.api.ReviewDraft;
import walnut.server.api.ReviewReason;
import walnut.server.api.ReviewedCandidate;
import walnut.server.ledger.Ledger;
import walnut.store.StoredInstance;

/** The smaller tables, and what holds between them, on either engine. */
@ParameterizedClass(name = "{0}")
@EnumSource
class TablesTest {
    private static final String DIGEST = "0123456789abcdef".repeat(4);
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final String ARCHIVE = "archive";

    private final DatabaseEngine engine;
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final Ids ids = new Ids(clock, new Random(1));
    private Database database;
    private CaseTable cases;
    private PredictionTable predictions;
    private OutboxTable outbox;
    private int received;

    TablesTest(DatabaseEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        database = engine.open(folder.resolve("walnut.db"));
        cases = new CaseTable(database, clock);
        predictions = new PredictionTable(database);
        outbox = new OutboxTable(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void the_newest_change_of_a_deployment_counts_and_a_stopped_node_stops_every_model() {
        DeploymentTable deployments = new DeploymentTable(database);
        assertThat(deployments.stateOf("m")).isEqualTo(DeploymentState.SILENT);
        change(deployments, "m", DeploymentState.ASSIST);
        assertThat(deployments.stateOf("m")).isEqualTo(DeploymentState.ASSIST);
        change(deployments, DeploymentTable.EVERY_MODEL, DeploymentState.STOPPED);
        assertThat(deployments.stateOf("m")).isEqualTo(DeploymentState.STOPPED);
        change(deployments, DeploymentTable.EVERY_MODEL, DeploymentState.SILENT);
        assertThat(deployments.stateOf("m")).isEqualTo(DeploymentState.ASSIST);
        assertThat(deployments.history("m")).hasSize(1);
    }

    @Test
    void a_stop_stops_also_where_the_clock_was_set_back_before_it() {
        DeploymentTable deployments = new DeploymentTable(database);
        change(deployments, "m", DeploymentState.ASSIST);
        clock.advance(Duration.ofDays(-400));

        change(deployments, "m", DeploymentState.STOPPED);

        assertThat(deployments.stateOf("m")).isEqualTo(DeploymentState.STOPPED);
        assertThat(deployments.history("m"))
                .extracting(DeploymentTable.Change::state)
                .containsExactly(DeploymentState.STOPPED, DeploymentState.ASSIST);
    }

    @Test
    void what_was_predicted_last_stands_also_where_the_clock_was_set_back_before_it() {
        StoredCase stored = finished("9.9", "NOT_ELIGIBLE", PredictionKind.SILENT);
        clock.advance(Duration.ofDays(-400));

        StoredPrediction last = predictions.add(new StoredPrediction(
                ids.next(),
                stored.caseId(),
                PredictionKind.SILENT,
                "COMPLETED",
                "model",
                "1",
                DIGEST,
                "fedcba9876543210".repeat(4),
                DIGEST,
                0.5,
                "{}",
                clock.instant()));

        assertThat(predictions.latestOf(stored.caseId())).contains(last);
        assertThat(predictions.linesOf(List.of(stored.caseId())))
                .hasEntrySatisfying(
                        stored.caseId(), line -> assertThat(line.outcome()).isEqualTo("COMPLETED"));
    }

    private void change(DeploymentTable deployments, String model, DeploymentState state) {
        clock.advance(Duration.ofSeconds(1));
        deployments.add(ids.next(), new DeploymentTable.Change(model, state, "Ada", "a trial", clock.instant()));
    }

    @Test
    void entries_of_the_ledger_follow_each_other_and_are_read_in_order(@TempDir Path folder) {
        Ledger ledger = Ledger.open(new LedgerTable(database), folder, new SecureRandom(), clock);
        for (int number = 1; number <= 3; number++) {
            assertThat(ledger.append("Ada", "CASE_READ", "c", "").sequence()).isEqualTo(number);
        }
        List<Long> read = new ArrayList<>();
        new LedgerTable(database).forEach(entry -> read.add(entry.sequence()));
        assertThat(read).containsExactly(1L, 2L, 3L);
        assertThat(ledger.verify().isWhole()).isTrue();
    }

    @Test
    void a_label_is_stored_once_and_found_by_what_its_case_is_called() {
        LabelTable labels = new LabelTable(database);
        assertThat(labels.addAll(List.of(label("9.9", null)))).hasSize(1);
        assertThat(labels.addAll(List.of(label("9.9", null)))).isEmpty();
        assertThat(labels.addAll(List.of(label(null, "P1")))).hasSize(1);
        StoredCase stored = finished("9.9", "COMPLETED", PredictionKind.SILENT);
        assertThat(labels.orphansOf(stored)).hasSize(2);
        labels.orphansOf(stored).forEach(label -> labels.join(label.labelId(), stored.caseId()));
        assertThat(labels.orphansOf(stored)).isEmpty();
        assertThat(labels.newest(stored.caseId(), null, 10)).hasSize(2);
        assertThat(labels.newest(null, null, 1)).hasSize(1);
        assertThat(labels.verifying()).hasSize(2);
    }

    private StoredLabel label(@Nullable String study, @Nullable String patient) {
        return new StoredLabel(
                ids.next(),
                study,
                patient,
                null,
                "BIOPSY_TARGETED",
                3,
                true,
                null,
                LocalDate.EPOCH,
                null,
                null,
                clock.instant(),
                null);
    }

    @Test
    void replays_are_counted_by_verdict() {
        ReplayTable replays = new ReplayTable(database);
        StoredCase stored = finished("9.9", "COMPLETED", PredictionKind.SILENT);
        String predictionId =
                predictions.latestOf(stored.caseId()).orElseThrow().predictionId();
        replays.add(ids.next(), predictionId, "BITWISE", "{}", clock.instant());
        assertThat(replays.countByVerdict("model")).containsEntry("BITWISE", 1L);
    }

    @Test
    void an_object_is_sent_by_one_at_a_time_and_who_lost_it_notes_nothing() {
        String predictionId = queued("9.9");
        List<OutgoingObject> mine = outbox.claim(ARCHIVE, "me", clock.instant(), LEASE, 10);
        assertThat(mine).extracting(OutgoingObject::position).containsExactly(0, 1);
        assertThat(outbox.claim(ARCHIVE, "you", clock.instant(), LEASE, 10)).isEmpty();
        Instant behind = clock.instant().minus(LEASE).plusMillis(1);
        assertThat(outbox.claim(ARCHIVE, "you", behind, LEASE, 10)).isEmpty();
        clock.advance(LEASE);
        assertThat(outbox.claim(ARCHIVE, "you", clock.instant(), LEASE, 10)).hasSize(2);
        deliver(mine.get(0), "me");
        assertThat(states(predictionId)).containsOnly(OutgoingObject.State.PENDING);
        mine.forEach(object -> deliver(object, "you"));
        assertThat(states(predictionId)).containsOnly(OutgoingObject.State.DELIVERED);
        assertThat(outbox.resend(predictionId, null, clock.instant())).isEqualTo(2);
        assertThat(outbox.resend(predictionId, "elsewhere", clock.instant())).isZero();
        assertThat(outbox.claim(ARCHIVE, "me", clock.instant(), LEASE, 10)).hasSize(2);
        clock.advance(Duration.ofDays(-400));
        assertThat(outbox.claim(ARCHIVE, "you", clock.instant(), LEASE, 10)).hasSize(2);
    }

    @Test
    void nothing_goes_to_a_destination_that_is_held_nor_of_a_case_that_is_put_aside() {
        queued("9.9");
        outbox.hold(ARCHIVE, "Ada", "it is being moved", clock.instant());
        outbox.hold(ARCHIVE, "Ada", "still", clock.instant());
        assertThat(outbox.holdOf(ARCHIVE)).contains("still");
        assertThat(outbox.claim(ARCHIVE, "me", clock.instant(), LEASE, 10)).isEmpty();
        outbox.release(ARCHIVE);
        String caseId = cases.ofStudy("9.9").get(0).caseId();
        cases.discard(caseId, "Ada", "a test");
        assertThat(outbox.claim(ARCHIVE, "me", clock.instant(), LEASE, 10)).isEmpty();
        cases.takeUpAgain(caseId);
        assertThat(outbox.claim(ARCHIVE, "me", clock.instant(), LEASE, 10)).hasSize(2);
        assertThat(outbox.countByState(ARCHIVE)).containsEntry(OutgoingObject.State.PENDING, 2L);
        assertThat(outbox.unfinished(10)).hasSize(2);
    }

    @Test
    void what_waits_after_a_review_is_decided_anew_when_it_is_let_go_and_nothing_else_is() {
        StoredCase stored = finished("9.9", "COMPLETED", PredictionKind.CLINICAL);
        String predictionId =
                predictions.latestOf(stored.caseId()).orElseThrow().predictionId();
        assertThat(outbox.undecided(10)).containsExactly(new OutboxTable.Undecided(predictionId, false));
        outbox.decide(predictionId, OutboxTable.Verdict.AFTER_REVIEW, List.of(), clock.instant());
        assertThat(outbox.undecided(10)).isEmpty();
        assertThat(outbox.letGo(predictionId, clock.instant())).isTrue();
        assertThat(outbox.undecided(10)).hasSize(1);
        outbox.decide(predictionId, OutboxTable.Verdict.QUEUED, objects(predictionId), clock.instant());
        outbox.decide(predictionId, OutboxTable.Verdict.NO_DESTINATION, List.of(), clock.instant());
        assertThat(outbox.verdictOf(predictionId)).contains(OutboxTable.Verdict.QUEUED);
        assertThat(outbox.letGo(predictionId, clock.instant())).isFalse();
    }

    @Test
    void only_finished_studies_may_lose_their_images_oldest_first_and_their_bytes_are_remembered() {
        RetentionTable retention = new RetentionTable(database);
        finished("9.1", "COMPLETED", PredictionKind.SILENT);
        clock.advance(Duration.ofDays(1));
        finished("9.2", "FAILED", PredictionKind.SILENT);
        String waiting = queued("9.3");
        finished("9.4", "NOT_ELIGIBLE", PredictionKind.SILENT);
        receive("9.5");
        assertThat(retention.finished(Optional.empty(), 10))
                .extracting(RetentionTable.FinishedStudy::studyInstanceUid)
                .containsExactly("9.1", "9.4");
        outbox.claim(ARCHIVE, "me", clock.instant(), LEASE, 10).forEach(object -> deliver(object, "me"));
        assertThat(states(waiting)).containsOnly(OutgoingObject.State.DELIVERED);
        List<RetentionTable.FinishedStudy> now = retention.finished(Optional.empty(), 10);
        assertThat(now).hasSize(3);
        assertThat(retention.finished(Optional.of(now.get(0)), 10)).hasSize(2);

        assertThat(retention.remove("9.2", clock.instant())).isFalse();
        assertThat(retention.remove("9.1", clock.instant())).isTrue();
        assertThat(cases.ofStudy("9.1")).singleElement().satisfies(stored -> {
            assertThat(stored.inputsRemovedAt()).isEqualTo(clock.instant());
            assertThat(stored.instanceCount()).isZero();
        });
        assertThat(retention.images()).isEqualTo(new RetentionTable.Images(4, 4000));
        LocalDate first = LocalDate.parse("2026-11-22");
        assertThat(retention.firstDay()).contains(first);
        assertThat(retention.bytesByDay(first)).containsEntry(first, 1000L).containsEntry(first.plusDays(1), 4000L);
        assertThat(retention.filesToDelete()).hasSize(1);
        retention.filesToDelete().forEach(retention::deleted);
        assertThat(retention.filesToDelete()).isEmpty();
    }

    private void receive(String study) {
        received++;
        new DatabaseInstanceIndex(database, Duration.ZERO, clock, ids)
                .commit(List.of(new StoredInstance(
                        study + ".1",
                        "1.2.840.10008.5.1.4.1.1.4",
                        study + ".2",
                        study,
                        "1.2.840.10008.1.2.1",
                        "P1",
                        "",
                        "instances/" + received + ".dcm",
                        1000,
                        DIGEST,
                        Microseconds.of(clock.instant()) + received,
                        "SENDER")));
    }

    @Test
    void reviews_are_added_version_by_version_and_a_draft_goes_with_its_review() {
        ReviewTable reviews = new ReviewTable(database);
        StoredCase stored = finished("9.9", "COMPLETED", PredictionKind.CLINICAL);
        String prediction = predictions.latestOf(stored.caseId()).orElseThrow().predictionId();
        ReviewDraft draft = new ReviewDraft(prediction, "ada", Map.of("comment", "half"), clock.instant());
        reviews.keepDraft(draft);
        reviews.keepDraft(draft);
        assertThat(reviews.draftOfCase(stored.caseId(), "ada")).contains(draft);
        assertThat(reviews.isReviewed(stored.caseId())).isFalse();

        Review first = review(stored.caseId(), prediction, 1, null);
        reviews.add(first);
        assertThatThrownBy(() -> reviews.add(review(stored.caseId(), prediction, 1, null)))
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.REVIEW_SUPERSEDED));
        Review second = review(stored.caseId(), prediction, 2, first.reviewId());
        reviews.add(second);

        assertThat(reviews.ofPrediction(prediction)).containsExactly(second, first);
        assertThat(reviews.ofModel("model")).containsExactly(second, first);
        assertThat(reviews.draft(prediction, "ada")).isEmpty();
        assertThat(reviews.isReviewed(stored.caseId())).isTrue();
    }

    private Review review(String caseId, String prediction, int version, @Nullable String supersedes) {
        return new Review(
                ids.next(),
                caseId,
                prediction,
                version,
                supersedes,
                "ada",
                "radiologist",
                clock.instant(),
                null,
                ReviewDecision.REJECTED,
                ReviewReason.FALSE_NEGATIVE,
                null,
                List.of(new ReviewedCandidate(null, CandidateVerdict.ADDED, new double[] {1.5, -2, 3}, 4)),
                null,
                null);
    }

    @Test
    void a_clinical_context_keeps_unknown_apart_from_no_and_opens_its_case_again() {
        ContextTable contexts = new ContextTable(database);
        StoredCase stored = finished("9.9", "COMPLETED", PredictionKind.CLINICAL);
        EnteredContext entered = new EnteredContext(
                null,
                null,
                true,
                LocalDate.parse("2026-10-01"),
                false,
                null,
                new EnteredContext.Psa(6.4, EnteredContext.PsaUnit.UG_PER_L, null));
        ClinicalContextRecord first =
                new ClinicalContextRecord(ids.next(), stored.caseId(), 1, "ada", null, clock.instant(), entered);
        contexts.add(first);

        assertThat(contexts.newestOf(stored.caseId())).contains(first);
        assertThatThrownBy(() -> contexts.add(first))
                .isInstanceOfSatisfying(WalnutException.class, e -> assertThat(e.code())
                        .isEqualTo(FailureCode.CLINICAL_CONTEXT_SUPERSEDED));
        cases.reopen(stored.caseId());
        assertThat(cases.claimDue("again", new Lease(LEASE, LEASE)))
                .hasValueSatisfying(claim -> assertThat(claim.caseId()).isEqualTo(stored.caseId()));
    }

    private StoredCase finished(String study, String outcome, PredictionKind kind) {
        receive(study);
        Claim claim =
                cases.claimDue("worker-" + received, new Lease(LEASE, LEASE)).orElseThrow();
        predictions
                .finish(
                        claim,
                        new StoredPrediction(
                                ids.next(),
                                claim.caseId(),
                                kind,
                                outcome,
                                "model",
                                "1",
                                DIGEST,
                                DIGEST,
                                DIGEST,
                                0.5,
                                "{}",
                                clock.instant()),
                        false)
                .orElseThrow();
        return cases.find(claim.caseId()).orElseThrow();
    }

    private String queued(String study) {
        StoredCase stored = finished(study, "COMPLETED", PredictionKind.CLINICAL);
        String predictionId =
                predictions.latestOf(stored.caseId()).orElseThrow().predictionId();
        outbox.decide(predictionId, OutboxTable.Verdict.QUEUED, objects(predictionId), clock.instant());
        return predictionId;
    }

    private List<OutgoingObject> objects(String predictionId) {
        return List.of(object(predictionId, 0), object(predictionId, 1));
    }

    private OutgoingObject object(String predictionId, int position) {
        return new OutgoingObject(
                ARCHIVE,
                "2.25." + position,
                predictionId,
                position,
                predictionId + "/" + position + ".dcm",
                OutgoingObject.State.PENDING,
                0,
                clock.instant(),
                null,
                clock.instant(),
                clock.instant());
    }

    private void deliver(OutgoingObject object, String holder) {
        outbox.attempted(object, holder, OutgoingObject.State.DELIVERED, clock.instant(), "", clock.instant());
    }

    private List<OutgoingObject.State> states(String predictionId) {
        return outbox.ofPrediction(predictionId).stream()
                .map(OutgoingObject::state)
                .toList();
    }
}
