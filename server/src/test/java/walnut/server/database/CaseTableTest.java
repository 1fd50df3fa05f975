package walnut.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.store.Committed;
import walnut.store.Disposition;
import walnut.store.Likeness;
import walnut.store.StoredInstance;

class CaseTableTest {
    private static final Duration QUIET = Duration.ofSeconds(10);
    private static final String DIGEST = "0123456789abcdef".repeat(4);
    private static final String STUDY = "9.9";

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final Ids ids = new Ids(clock, new Random(1));
    private Database database;
    private DatabaseInstanceIndex index;
    private CaseTable cases;
    private PredictionTable predictions;
    private long received;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = Database.open(folder.resolve("walnut.db"));
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
        assertThat(cases.claimDue()).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(cases.claimDue()).get().satisfies(due -> {
            assertThat(due.instanceCount()).isEqualTo(2);
            assertThat(due.patientId()).isEqualTo("P1");
        });
    }

    @Test
    void nobody_else_gets_a_claimed_case_until_its_process_is_gone() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(QUIET);
        assertThat(cases.claimDue()).isPresent();
        assertThat(cases.claimDue()).isEmpty();
        assertThat(cases.releaseAll()).isEqualTo(1);
        assertThat(cases.claimDue()).isPresent();
    }

    @Test
    void a_resend_neither_opens_a_case_nor_counts() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(QUIET);
        StoredCase due = cases.claimDue().orElseThrow();
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
        StoredCase due = cases.claimDue().orElseThrow();
        predictions.finish(prediction(due.caseId()));
        assertThat(index.conflicts()).containsExactly("1.1");
        index.choose("1.1", "b".repeat(64), "ada", "the first was cut off");
        assertThat(index.conflicts()).isEmpty();
        assertThat(index.conflictsOfStudy(STUDY)).isEmpty();
        assertThat(index.ofStudy(STUDY)).singleElement().satisfies(standing -> assertThat(standing.datasetSha256())
                .isEqualTo("b".repeat(64)));
        assertThat(index.keptOfStudy(STUDY)).hasSize(2);
        clock.advance(QUIET);
        assertThat(cases.claimDue()).get().satisfies(again -> {
            assertThat(again.caseId()).isEqualTo(due.caseId());
            assertThat(again.instanceCount()).isEqualTo(1);
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
        StoredCase due = cases.claimDue().orElseThrow();
        predictions.finish(prediction(due.caseId()));
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
        StoredCase due = cases.claimDue().orElseThrow();
        StoredPrediction first = predictions.finish(prediction(due.caseId()));
        StoredPrediction second = predictions.finish(prediction(due.caseId()));
        assertThat(second.predictionId()).isEqualTo(first.predictionId());
        assertThat(predictions.ofCase(due.caseId())).hasSize(1);
        assertThat(cases.find(due.caseId())).get().extracting(StoredCase::state).isEqualTo(CaseState.DONE);
        assertThat(cases.countByStateAndOutcome())
                .containsEntry(new CaseTable.StateAndOutcome(CaseState.DONE, "COMPLETED"), 1L);
    }

    @Test
    void an_image_that_comes_while_the_model_runs_keeps_the_case_open() {
        index.commit(List.of(instance("1.1", "P1", "a")));
        clock.advance(QUIET);
        StoredCase due = cases.claimDue().orElseThrow();
        index.commit(List.of(instance("1.2", "P1", "b")));
        predictions.finish(prediction(due.caseId()));
        assertThat(cases.find(due.caseId())).get().extracting(StoredCase::state).isEqualTo(CaseState.RECEIVING);
        clock.advance(QUIET);
        assertThat(cases.claimDue()).isPresent();
    }

    @Test
    void everything_is_there_again_after_closing_and_opening(@TempDir Path folder) {
        Path file = folder.resolve("again.db");
        try (Database first = Database.open(file)) {
            new DatabaseInstanceIndex(first, QUIET, clock, ids).commit(List.of(instance("1.1", "P1", "a")));
        }
        try (Database second = Database.open(file)) {
            assertThat(new DatabaseInstanceIndex(second, QUIET, clock, ids).find("1.1"))
                    .hasSize(1);
            assertThat(new CaseTable(second, clock).ofStudy(STUDY)).hasSize(1);
        }
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

    private StoredInstance instance(String sopInstanceUid, String patientId, String hexDigit) {
        received++;
        return new StoredInstance(
                sopInstanceUid,
                "1.2.840.10008.5.1.4.1.1.4",
                "9.9.1",
                STUDY,
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
