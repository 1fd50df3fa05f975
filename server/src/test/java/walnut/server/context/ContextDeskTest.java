package walnut.server.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.prostate.eligibility.EnteredContext;
import walnut.prostate.eligibility.EnteredContext.Treatment;
import walnut.server.api.CaseState;
import walnut.server.api.CaseSummary;
import walnut.server.api.ClinicalContextForm;
import walnut.server.api.ClinicalContextRecord;
import walnut.server.database.CaseTable;
import walnut.server.database.ContextTable;
import walnut.server.database.Database;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.Ids;
import walnut.server.database.Lease;
import walnut.server.database.MovableClock;
import walnut.server.security.Caller;
import walnut.server.security.Role;
import walnut.store.StoredInstance;

class ContextDeskTest {
    private static final Caller ADA = new Caller("ada-token", "ada", Set.of(Role.RADIOLOGIST));

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final Ids ids = new Ids(clock, new Random(1));
    private final List<String> reevaluated = new ArrayList<>();
    private Database database;
    private CaseTable cases;
    private ContextDesk desk;
    private String caseId;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = Database.open(folder.resolve("walnut.db"));
        cases = new CaseTable(database, clock);
        new DatabaseInstanceIndex(database, Duration.ZERO, clock, ids)
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
                        "0123456789abcdef".repeat(4),
                        1,
                        "SENDER")));
        caseId = cases.ofStudy("9.1").get(0).caseId();
        cases.dated(caseId, "20261020");
        desk = new ContextDesk(
                new ContextTable(database), this::summary, reevaluated::add, clock, ZoneOffset.UTC, ids::next);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void every_version_is_kept_and_a_change_has_the_case_evaluated_again() {
        EnteredContext untreated = context(Treatment.NONE, null, null);
        EnteredContext full = new EnteredContext(
                Treatment.RADIOTHERAPY,
                LocalDate.of(2020, 3, 1),
                true,
                LocalDate.of(2026, 10, 1),
                false,
                true,
                new EnteredContext.Psa(6.4, EnteredContext.PsaUnit.NG_PER_ML, LocalDate.of(2026, 11, 1)));
        ClinicalContextRecord first = desk.enter(caseId, untreated, 0, ADA);
        ClinicalContextRecord second = desk.enter(caseId, full, 1, ADA);

        assertThat(desk.ofCase(caseId)).containsExactly(second, first);
        assertThat(second.context()).isEqualTo(full);
        assertThat(second.enteredBy()).isEqualTo("ada");
        assertThat(second.role()).isEqualTo("radiologist");
        assertThat(second.enteredAt()).isEqualTo(clock.instant());
        assertThat(reevaluated).containsExactly(caseId, caseId);

        desk.enter(caseId, full, 2, ADA);
        assertThat(reevaluated).as("the same again changes nothing").hasSize(2);
    }

    @Test
    void what_was_written_beside_an_older_version_is_refused_and_changes_nothing() {
        desk.enter(caseId, context(Treatment.NONE, null, null), 0, ADA);

        assertFails(
                FailureCode.CLINICAL_CONTEXT_SUPERSEDED,
                () -> desk.enter(caseId, context(Treatment.PROSTATECTOMY, null, null), 0, ADA));

        assertThat(desk.ofCase(caseId)).hasSize(1);
        assertThat(reevaluated).hasSize(1);
    }

    @Test
    void days_that_cannot_be_are_said_in_words_all_at_once() {
        assertThatThrownBy(() -> desk.enter(
                        caseId,
                        new EnteredContext(
                                Treatment.FOCAL_THERAPY,
                                LocalDate.of(2026, 10, 21),
                                true,
                                LocalDate.of(2026, 10, 22),
                                null,
                                null,
                                new EnteredContext.Psa(4, EnteredContext.PsaUnit.UG_PER_L, LocalDate.of(2026, 11, 23))),
                        0,
                        ADA))
                .isInstanceOfSatisfying(WalnutException.class, e -> assertThat(e.code())
                        .isEqualTo(FailureCode.CLINICAL_CONTEXT_INVALID))
                .hasMessageContaining("the day of the PSA lies in the future")
                .hasMessageContaining("the treatment is after the study of 2026-10-20")
                .hasMessageContaining("the biopsy is after the study of 2026-10-20: its result is a label");
        assertThatThrownBy(() ->
                        desk.enter(caseId, context(Treatment.PROSTATECTOMY, LocalDate.of(1899, 1, 1), null), 0, ADA))
                .hasMessageContaining("lies before 1920-01-01");
        assertFails(FailureCode.NOT_FOUND, () -> desk.enter("nobody", context(null, null, null), 0, ADA));
        assertThat(desk.ofCase(caseId)).isEmpty();
    }

    @Test
    void a_finished_case_and_one_under_work_are_due_again_once_reopened() {
        Lease lease = new Lease(Duration.ofMinutes(1), Duration.ofHours(1));
        assertThat(cases.claimDue("one", lease)).isPresent();
        assertThat(cases.claimDue("another", lease)).isEmpty();
        cases.reopen(caseId);
        assertThat(cases.claimDue("another", lease))
                .hasValueSatisfying(due -> assertThat(due.caseId()).isEqualTo(caseId));
    }

    @Test
    void the_form_reads_unknown_yes_and_no_and_says_what_it_cannot_read() {
        ClinicalContextForm form = ClinicalContextForm.ofPage(java.util.Map.of(
                "treatment",
                "",
                "biopsiedOn",
                "2026-10-01",
                "hipProsthesis",
                "false",
                "psaValue",
                "4,2",
                "psaUnit",
                "UG_PER_L"));
        assertThat(form.context())
                .isEqualTo(new EnteredContext(
                        null,
                        null,
                        true,
                        LocalDate.of(2026, 10, 1),
                        false,
                        null,
                        new EnteredContext.Psa(4.2, EnteredContext.PsaUnit.UG_PER_L, null)));

        assertThatThrownBy(() -> ClinicalContextForm.ofPage(java.util.Map.of(
                        "treatment", "SOME",
                        "treatedOn", "2026-02-30",
                        "biopsied", "false",
                        "biopsiedOn", "2026-01-01",
                        "hipProsthesis", "maybe",
                        "psaValue", "-1",
                        "version", "x")))
                .hasMessageContaining("treatment must be one of")
                .hasMessageContaining("treatedOn must be a date")
                .hasMessageContaining("biopsied is no, yet biopsiedOn names a day")
                .hasMessageContaining("hipProsthesis must be true, false")
                .hasMessageContaining("psaValue must be a number from 0")
                .hasMessageContaining("version must be");
        assertThatThrownBy(() -> ClinicalContextForm.ofPage(java.util.Map.of("psaValue", "4")))
                .hasMessageContaining("psaValue needs its psaUnit");
        assertThatThrownBy(() -> ClinicalContextForm.ofPage(java.util.Map.of("treatedOn", "2020-01-01")))
                .hasMessageContaining("needs the treatment");
    }

    private static void assertFails(FailureCode code, Runnable action) {
        assertThatThrownBy(action::run).isInstanceOfSatisfying(WalnutException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    private static EnteredContext context(
            @Nullable Treatment treatment, @Nullable LocalDate treatedOn, @Nullable LocalDate biopsiedOn) {
        return new EnteredContext(treatment, treatedOn, biopsiedOn == null ? null : true, biopsiedOn, null, null, null);
    }

    private Optional<CaseSummary> summary(String id) {
        return cases.find(id)
                .map(stored -> new CaseSummary(
                        stored.caseId(),
                        stored.patientId(),
                        stored.issuerOfPatientId(),
                        stored.studyInstanceUid(),
                        stored.studyDate(),
                        CaseState.COMPLETED,
                        stored.instanceCount(),
                        stored.firstReceivedAt(),
                        stored.lastReceivedAt(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }
}
