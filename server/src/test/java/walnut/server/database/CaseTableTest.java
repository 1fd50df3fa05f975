package walnut.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import walnut.failure.FailureCode;
import walnut.store.Committed;
import walnut.store.Disposition;
import walnut.store.Likeness;
import walnut.store.StoredInstance;

@ParameterizedClass(name = "{0}")
@EnumSource
class CaseTableTest {
    private static final Duration QUIET = Duration.ofSeconds(10);
    private static final Lease LEASE = new Lease(Duration.ofMinutes(1), Duration.ofMinutes(30));
    private static final String DIGEST = "0123456789abcdef".repeat(4);
    private static final String STUDY = "9.9";

    private final DatabaseEngine engine;
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final Ids ids = new Ids(clock, new Random(1));
    private Database database;
    private DatabaseInstanceIndex index;
    private CaseTable cases;
    private PredictionTable predictions;
    private long received;
    private int claims;

    CaseTableTest(DatabaseEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        database = engine.open(folder.resolve("walnut.db"));
        index = new DatabaseInstanceIndex(database, QUIET, clock, ids);
        cases = new CaseTable(database, clock);
        predictions = new PredictionTable(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_case_is_due_after_the_quiet_time_and_every_image_starts_it_anew() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(QUIET.minusSeconds(1));
        index.commit(List.of(instance("1.2", "P1", "b")));
        clock.advance(QUIET.minusSeconds(1));
        assertThat(claim()).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(claim()).get().satisfies(due -> {
            assertThat(due.stored().instanceCount()).isEqualTo(2);
            assertThat(due.stored().patientId()).isEqualTo("P1");
        });
    }

    @Test
    void nobody_else_gets_a_claimed_case_until_its_process_is_gone() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(QUIET);
        assertThat(claim()).isPresent();
        assertThat(claim()).isEmpty();
        assertThat(cases.releaseAll()).isEqualTo(1);
        assertThat(claim()).isPresent();
    }

    @Test
    void a_lease_that_is_not_renewed_ends_and_its_holder_can_close_the_case_no_more() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(QUIET);
        Claim first = claim().orElseThrow();
        clock.advance(LEASE.length().minusSeconds(1));
        assertThat(cases.renew(first, LEASE.length())).isTrue();
        clock.advance(LEASE.length().minusSeconds(1));
        assertThat(claim()).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        Claim second = claim().orElseThrow();
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(cases.find(first.caseId()).orElseThrow().waitsFor()).isNull();
        assertThat(cases.renew(first, LEASE.length())).isFalse();

        StoredPrediction ofFirst = finish(first);
        assertThat(cases.find(first.caseId()))
                .get()
                .extracting(StoredCase::state)
                .isEqualTo(CaseState.RUNNING);
        assertThat(finish(second).predictionId()).isEqualTo(ofFirst.predictionId());
        assertThat(cases.find(first.caseId()))
                .get()
                .extracting(StoredCase::state)
                .isEqualTo(CaseState.DONE);
        assertThat(predictions.ofCase(first.caseId())).hasSize(1);
    }

    @Test
    void a_clock_that_jumps_ahead_has_work_repeated_and_not_doubled() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(Duration.ofDays(400));
        Claim before = claim().orElseThrow();
        clock.advance(Duration.ofDays(400));
        Claim after = claim().orElseThrow();
        finish(after);
        finish(before);
        assertThat(predictions.ofCase(after.caseId())).hasSize(1);
        assertThat(claim()).isEmpty();
    }

    @Test
    void a_clock_that_is_set_back_stalls_neither_what_waits_nor_what_is_claimed() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(QUIET);
        claim().orElseThrow();
        received = 1000;
        index.commit(List.of(instance("2.1", "P2", "b", "9.8")));
        clock.advance(Duration.ofDays(-400));
        Claim waited = claim().orElseThrow();
        Claim claimed = claim().orElseThrow();
        assertThat(List.of(waited.stored().studyInstanceUid(), claimed.stored().studyInstanceUid()))
                .containsExactlyInAnyOrder(STUDY, "9.8");
        assertThat(cases.find(waited.caseId()).orElseThrow().firstReceivedAt()).isBeforeOrEqualTo(clock.instant());
    }

    /** Two workers of one node look at the clock in one order and reach the database in the other; nodes' clocks differ. */
    @Test
    void who_looks_at_a_clock_that_is_behind_takes_nothing_from_another() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(QUIET);
        Claim claim = claim().orElseThrow();
        clock.advance(LEASE.length().minusMillis(1).negated());
        assertThat(claim()).isEmpty();
        assertThat(cases.renew(claim, LEASE.length())).isTrue();
    }

    @Test
    void what_just_came_goes_before_what_is_run_again() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(QUIET);
        finish(claim().orElseThrow());
        String old = cases.ofStudy(STUDY).get(0).caseId();
        assertThat(cases.requeue(old)).contains(CaseTable.Requeued.QUEUED);
        assertThat(cases.requeue(old)).contains(CaseTable.Requeued.WAITING_ALREADY);
        assertThat(cases.requeue("unknown")).isEmpty();
        index.commit(List.of(instance("2.1", "P2", "b", "9.8")));
        clock.advance(QUIET);
        assertThat(claim().orElseThrow().stored().studyInstanceUid()).isEqualTo("9.8");
        assertThat(claim().orElseThrow().caseId()).isEqualTo(old);
    }

    @Test
    void an_image_makes_a_case_live_again_and_its_attempts_count_anew() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(QUIET);
        Claim first = claim().orElseThrow();
        cases.retry(first, clock.instant(), FailureCode.INFERENCE_TIMEOUT);
        assertThat(cases.find(first.caseId()).orElseThrow().waitsFor()).isEqualTo(FailureCode.INFERENCE_TIMEOUT);
        Claim second = claim().orElseThrow();
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(cases.find(first.caseId()).orElseThrow().waitsFor()).isNull();
        index.commit(List.of(instance("1.2", "P1", "b")));
        clock.advance(QUIET);
        assertThat(claim().orElseThrow().attempt()).isEqualTo(1);
    }

    @Test
    void a_case_that_is_put_aside_is_not_claimed_and_stores_nothing_until_it_is_taken_up_again() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(QUIET);
        Claim claim = claim().orElseThrow();
        assertThat(cases.discard(claim.caseId(), "ada", "a test of the scanner"))
                .isTrue();
        assertThat(cases.discard(claim.caseId(), "ada", "again")).isFalse();
        assertThat(predictions.finish(claim, prediction(claim.caseId()), false)).isEmpty();
        index.commit(List.of(instance("1.2", "P1", "b")));
        clock.advance(QUIET);
        assertThat(claim()).isEmpty();
        assertThat(cases.requeue(claim.caseId())).contains(CaseTable.Requeued.DISCARDED);
        assertThat(cases.countByStateAndOutcome())
                .containsOnlyKeys(new CaseTable.StateAndOutcome(CaseState.RECEIVING, true, null));
        assertThat(cases.takeUpAgain(claim.caseId())).isTrue();
        assertThat(claim()).isPresent();
    }

    @Test
    void the_next_moment_to_look_is_when_a_case_is_due_or_a_lease_ends() {
        assertThat(cases.nextDueAt()).isEmpty();
        index.commit(List.of(instance("1.1", "P1", "a")));
        assertThat(cases.nextDueAt()).contains(clock.instant().plus(QUIET));
        clock.advance(QUIET);
        claim().orElseThrow();
        assertThat(cases.nextDueAt()).contains(clock.instant().plus(LEASE.length()));
    }

    @Test
    void a_failure_takes_no_answers_place_and_is_stored_by_its_holder_alone() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(QUIET);
        Claim lost = claim().orElseThrow();
        clock.advance(LEASE.length());
        Claim held = claim().orElseThrow();
        StoredPrediction failure = failure(lost.caseId());
        assertThat(predictions.finish(lost, failure, false)).isEmpty();
        assertThat(predictions.finish(held, failure, false)).isPresent();
        assertThat(predictions.linesOf(List.of(lost.caseId()))).hasEntrySatisfying(lost.caseId(), line -> {
            assertThat(line.outcome()).isEqualTo("FAILED");
            assertThat(line.shown().explanation()).isEqualTo("no answer in time");
        });
    }

    @Test
    void a_resend_neither_opens_a_case_nor_counts() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(QUIET);
        Claim due = claim().orElseThrow();
        List<Committed> again = index.commit(List.of(instance("1.1", "P1", "a")));
        assertThat(again).extracting(Committed::disposition).containsExactly(Disposition.RESEND);
        assertThat(cases.find(due.caseId())).get().satisfies(found -> {
            assertThat(found.state()).isEqualTo(CaseState.RUNNING);
            assertThat(found.instanceCount()).isEqualTo(1);
        });
    }

    @Test
    void other_content_under_the_same_uid_is_kept_beside_and_flagged() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        List<Committed> other = index.commit(List.of(instance("1.1", "P1", "b")));
        assertThat(other).extracting(Committed::disposition).containsExactly(Disposition.CONFLICT);
        assertThat(index.find("1.1")).hasSize(2);
        assertThat(index.conflictsOfStudy(STUDY)).containsExactly("1.1");
    }

    @Test
    void a_choice_ends_the_conflict_and_the_case_runs_again() {
        index.commit(List.of(instance("1.1", "P1", "a"), instance("1.1", "P1", "b")));
        clock.advance(QUIET);
        Claim due = claim().orElseThrow();
        finish(due);
        assertThat(index.conflicts()).containsExactly("1.1");
        index.choose("1.1", "b".repeat(64), "ada", "the first was cut off");
        assertThat(index.conflicts()).isEmpty();
        assertThat(index.conflictsOfStudy(STUDY)).isEmpty();
        assertThat(index.ofStudy(STUDY)).singleElement().satisfies(standing -> assertThat(standing.datasetSha256())
                .isEqualTo("b".repeat(64)));
        assertThat(index.keptOfStudy(STUDY)).hasSize(2);
        clock.advance(QUIET);
        assertThat(claim()).get().satisfies(again -> {
            assertThat(again.caseId()).isEqualTo(due.caseId());
            assertThat(again.stored().instanceCount()).isEqualTo(1);
        });
    }

    @Test
    void a_corrected_patient_id_moves_the_images_and_the_empty_case_goes() {
        index.commit(List.of(instance("1.1", "P1", "a"), instance("1.2", "P1", "b")));
        List<StoredInstance> corrected = List.of(instance("1.1", "P2", "c"), instance("1.2", "P2", "d"));
        assertThat(index.commit(corrected, (earlier, arrived) -> Likeness.SAME_PIXELS))
                .extracting(Committed::disposition)
                .containsOnly(Disposition.ATTRIBUTE_UPDATE);
        assertThat(cases.ofStudy(STUDY)).singleElement().satisfies(stored -> {
            assertThat(stored.patientId()).isEqualTo("P2");
            assertThat(stored.instanceCount()).isEqualTo(2);
        });
        assertThat(index.ofStudy(STUDY)).isEqualTo(corrected);
    }

    @Test
    void a_case_of_which_something_was_said_stays_without_its_images() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(QUIET);
        Claim due = claim().orElseThrow();
        finish(due);
        index.commit(List.of(instance("1.1", "P2", "b")), (earlier, arrived) -> Likeness.SAME_PIXELS);
        assertThat(cases.find(due.caseId())).get().satisfies(stored -> {
            assertThat(stored.state()).isEqualTo(CaseState.DONE);
            assertThat(stored.instanceCount()).isZero();
        });
        assertThat(index.keptOfStudy(STUDY)).hasSize(2);
    }

    @Test
    void an_instance_that_is_taken_back_leaves_no_case() {
        StoredInstance first = instance("1.1", "P1", "a");
        StoredInstance second = instance("1.2", "P1", "b");
        index.commit(List.of(first, second));
        index.delete(List.of(second));
        assertThat(cases.ofStudy(STUDY)).singleElement().satisfies(stored -> assertThat(stored.instanceCount())
                .isEqualTo(1));
        index.delete(List.of(first));
        assertThat(cases.ofStudy(STUDY)).isEmpty();
    }

    @Test
    void two_patients_under_one_study_are_two_cases() {
        index.commit(List.of(instance("1.1", "P1", "a"), instance("1.2", "P2", "b")));
        assertThat(cases.ofStudy(STUDY)).extracting(StoredCase::patientId).containsExactlyInAnyOrder("P1", "P2");
    }

    @Test
    void finishing_closes_the_case_and_doing_it_twice_stores_one_prediction() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(QUIET);
        Claim due = claim().orElseThrow();
        StoredPrediction first = finish(due);
        StoredPrediction second = finish(due);
        assertThat(second.predictionId()).isEqualTo(first.predictionId());
        assertThat(predictions.ofCase(due.caseId())).hasSize(1);
        assertThat(cases.find(due.caseId())).get().extracting(StoredCase::state).isEqualTo(CaseState.DONE);
        assertThat(cases.countByStateAndOutcome())
                .containsEntry(new CaseTable.StateAndOutcome(CaseState.DONE, false, "COMPLETED"), 1L);
    }

    @Test
    void an_image_that_comes_while_the_model_runs_keeps_the_case_open() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(QUIET);
        Claim due = claim().orElseThrow();
        index.commit(List.of(instance("1.2", "P1", "b")));
        finish(due);
        assertThat(cases.find(due.caseId())).get().extracting(StoredCase::state).isEqualTo(CaseState.RECEIVING);
        clock.advance(QUIET);
        assertThat(claim()).isPresent();
    }

    @Test
    void everything_is_there_again_after_closing_and_opening(@TempDir Path folder) {
        Path file = folder.resolve("again.db");
        try (Database first = engine.open(file)) {
            new DatabaseInstanceIndex(first, QUIET, clock, ids).commit(List.of(instance("1.1", "P1", "a")));
        }
        try (Database second = engine.open(file)) {
            assertThat(new DatabaseInstanceIndex(second, QUIET, clock, ids).find("1.1"))
                    .hasSize(1);
            assertThat(new CaseTable(second, clock).ofStudy(STUDY)).hasSize(1);
        }
    }

    private Optional<Claim> claim() {
        return cases.claimDue("worker-" + ++claims, LEASE);
    }

    private StoredPrediction finish(Claim claim) {
        return predictions.finish(claim, prediction(claim.caseId()), false).orElseThrow();
    }

    private StoredPrediction prediction(String caseId) {
        return new StoredPrediction(
                ids.next(),
                caseId,
                PredictionKind.SILENT,
                "COMPLETED",
                "model",
                "1",
                DIGEST,
                DIGEST,
                DIGEST,
                0.5,
                "{}",
                clock.instant());
    }

    private StoredPrediction failure(String caseId) {
        return new StoredPrediction(
                ids.next(),
                caseId,
                PredictionKind.SILENT,
                "FAILED",
                "model",
                "1",
                DIGEST,
                DIGEST.replace('0', '1'),
                DIGEST,
                null,
                "{\"reasons\": [{\"code\": \"INFERENCE_TIMEOUT\", \"detail\": \"no answer in time\"}]}",
                clock.instant());
    }

    private StoredInstance instance(String sopInstanceUid, String patientId, String hexDigit) {
        return instance(sopInstanceUid, patientId, hexDigit, STUDY);
    }

    private StoredInstance instance(String sopInstanceUid, String patientId, String hexDigit, String study) {
        received++;
        return new StoredInstance(
                sopInstanceUid,
                "1.2.840.10008.5.1.4.1.1.4",
                study + ".1",
                study,
                "1.2.840.10008.1.2.1",
                patientId,
                "",
                "instances/" + received + ".dcm",
                1000,
                hexDigit.repeat(64),
                Microseconds.of(clock.instant()) + received,
                "SENDER");
    }
}
