package walnut.server.labels;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.failure.FailureCode;
import walnut.prostate.eligibility.EnteredContext;
import walnut.server.api.ClinicalContextRecord;
import walnut.server.api.LabelKind;
import walnut.server.api.LabelReceipt;
import walnut.server.api.LabelRecord;
import walnut.server.api.LabelSubmission;
import walnut.server.database.ContextTable;
import walnut.server.database.Ids;
import walnut.server.database.LabelTable;
import walnut.server.database.MovableClock;
import walnut.server.database.StoredCase;

class LabelDeskTest {
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final Ids ids = new Ids(clock, new Random(1));
    private RecordedSite site;
    private LabelTable labels;
    private ContextTable contexts;
    private LabelDesk desk;

    @BeforeEach
    void open(@TempDir Path folder) {
        site = new RecordedSite(folder, clock, ids);
        labels = site.labels();
        contexts = site.contexts();
        desk = new LabelDesk(labels, site.cases(), site.predictions(), contexts, clock, ZoneOffset.UTC, ids);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void a_label_for_an_unknown_study_is_kept_and_joined_when_the_study_comes() {
        LabelReceipt receipt = desk.receive(List.of(ofStudy("9.1", "2026-11-01")));
        assertThat(receipt.orphaned()).isEqualTo(1);
        assertThat(receipt.rejected()).isEmpty();
        String caseId = completedCase("9.1", "P1", "20261020");
        StoredCase stored = found(caseId);
        assertThat(desk.retryOrphansOf(stored)).isEqualTo(1);
        assertThat(labels.newest(caseId, null, 10)).hasSize(1);
        assertThat(desk.retryOrphansOf(stored)).isZero();
    }

    @Test
    void a_label_of_a_patient_joins_the_last_study_of_the_180_days_before_it() {
        completedCase("9.1", "P1", "20260401");
        String last = completedCase("9.2", "P1", "20261001");
        completedCase("9.3", "P1", "20261110");
        completedCase("9.4", "P2", "20261005");
        assertThat(desk.receive(List.of(ofPatient("P1", "2026-10-20"))).joined())
                .isEqualTo(1);
        assertThat(labels.newest(last, null, 10)).hasSize(1);
    }

    @Test
    void what_was_sampled_before_the_study_it_names_is_refused_and_on_its_day_is_not() {
        completedCase("9.1", "P1", "20261020");

        LabelReceipt receipt = desk.receive(List.of(ofStudy("9.1", "2026-10-19"), ofStudy("9.1", "2026-10-20")));

        assertThat(receipt.joined()).isEqualTo(1);
        assertThat(receipt.rejected()).singleElement().satisfies(rejection -> {
            assertThat(rejection.code()).isEqualTo("LABEL_BEFORE_STUDY");
            assertThat(rejection.detail()).contains("name the study that came before it");
        });
    }

    @Test
    void a_label_of_a_patient_sampled_before_his_study_waits_for_an_earlier_one() {
        StoredCase later = found(completedCase("9.1", "P1", "20261020"));
        assertThat(desk.receive(List.of(ofPatient("P1", "2026-10-19"))).orphaned())
                .isEqualTo(1);
        assertThat(desk.retryOrphansOf(later)).isZero();

        StoredCase earlier = found(completedCase("9.2", "P1", "20261001"));
        assertThat(desk.retryOrphansOf(earlier)).isEqualTo(1);
        assertThat(labels.newest(earlier.caseId(), null, 10)).hasSize(1);
    }

    @Test
    void a_label_waits_until_somebody_has_read_of_what_day_its_study_is() {
        StoredCase arriving = site.arriving("9.1", "P1");
        assertThat(desk.receive(List.of(ofStudy("9.1", "2026-10-20"))).orphaned())
                .isEqualTo(1);
        assertThat(desk.retryOrphansOf(arriving)).isZero();

        site.cases().dated(arriving.caseId(), "20261020");

        assertThat(desk.retryOrphansOf(arriving)).isEqualTo(1);
    }

    @Test
    void an_orphan_sampled_before_its_study_stays_one_and_says_why() {
        desk.receive(List.of(ofStudy("9.1", "2026-10-19")));
        assertThat(onlyLabel().refusal()).isNull();

        assertThat(desk.retryOrphansOf(found(completedCase("9.1", "P1", "20261020"))))
                .isZero();

        assertThat(onlyLabel().caseId()).isNull();
        assertThat(onlyLabel().refusal()).isEqualTo(FailureCode.LABEL_BEFORE_STUDY);
    }

    @Test
    void an_orphan_of_a_treated_man_stays_one_until_his_context_is_mended() {
        desk.receive(List.of(ofStudy("9.1", "2026-11-01")));
        StoredCase stored = found(completedCase("9.1", "P1", "20261020"));
        enterTreatment(stored.caseId(), 1, EnteredContext.Treatment.RADIOTHERAPY);

        assertThat(desk.retryOrphansOf(stored)).isZero();
        assertThat(onlyLabel().refusal()).isEqualTo(FailureCode.LABEL_AFTER_TREATMENT);

        enterTreatment(stored.caseId(), 2, EnteredContext.Treatment.NONE);

        assertThat(desk.retryOrphansOf(stored)).isEqualTo(1);
        assertThat(onlyLabel().caseId()).isEqualTo(stored.caseId());
        assertThat(onlyLabel().refusal()).isNull();
    }

    @Test
    void of_orphans_that_come_to_their_study_together_the_prostatectomy_counts_first() {
        desk.receive(List.of(
                of(LabelKind.FOLLOWUP_NEGATIVE, 0, "2026-11-10"),
                of(LabelKind.PROSTATECTOMY, 3, "2026-11-01"),
                of(LabelKind.BIOPSY_TARGETED, 2, "2026-10-25")));
        StoredCase stored = found(completedCase("9.1", "P1", "20261020"));

        assertThat(desk.retryOrphansOf(stored)).isEqualTo(2);

        assertThat(desk.labels(null, null, 10).labels())
                .filteredOn(label -> label.refusal() != null)
                .singleElement()
                .satisfies(label -> {
                    assertThat(label.kind()).isEqualTo(LabelKind.FOLLOWUP_NEGATIVE);
                    assertThat(label.refusal()).isEqualTo(FailureCode.LABEL_AFTER_TREATMENT);
                });
    }

    @Test
    void in_one_file_the_order_of_rows_decides_nothing() {
        completedCase("9.1", "P1", "20261020");

        LabelReceipt receipt = desk.receive(List.of(
                of(LabelKind.FOLLOWUP_NEGATIVE, 0, "2026-11-10"), of(LabelKind.PROSTATECTOMY, 3, "2026-11-01")));

        assertThat(receipt.joined()).isEqualTo(1);
        assertThat(receipt.rejected())
                .extracting(LabelReceipt.Rejection::code)
                .containsExactly("LABEL_AFTER_TREATMENT");
    }

    @Test
    void what_was_sampled_after_a_prostatectomy_is_refused_and_the_specimen_is_not() {
        completedCase("9.1", "P1", "20261020");
        LabelSubmission specimen = of(LabelKind.PROSTATECTOMY, 3, "2026-11-01");
        LabelSubmission later = of(LabelKind.FOLLOWUP_NEGATIVE, 0, "2026-11-10");
        LabelSubmission before = of(LabelKind.BIOPSY_TARGETED, 3, "2026-10-25");

        assertThat(desk.receive(List.of(specimen)).joined()).isEqualTo(1);
        LabelReceipt receipt = desk.receive(List.of(later, before));

        assertThat(receipt.joined()).isEqualTo(1);
        assertThat(receipt.rejected()).singleElement().satisfies(rejection -> {
            assertThat(rejection.code()).isEqualTo("LABEL_AFTER_TREATMENT");
            assertThat(rejection.detail()).contains("mend the date");
        });
    }

    @Test
    void a_man_treated_before_the_study_has_no_label_of_it() {
        String caseId = completedCase("9.1", "P1", "20261020");
        enterTreatment(caseId, 1, EnteredContext.Treatment.RADIOTHERAPY);

        assertThat(desk.receive(List.of(ofStudy("9.1", "2026-11-01"))).rejected())
                .extracting(LabelReceipt.Rejection::code)
                .containsExactly("LABEL_AFTER_TREATMENT");
    }

    @Test
    void two_studies_on_the_last_day_are_a_tie_and_leave_an_orphan() {
        completedCase("9.1", "P1", "20261001");
        completedCase("9.2", "P1", "20261001");
        assertThat(desk.receive(List.of(ofPatient("P1", "2026-10-20"))).orphaned())
                .isEqualTo(1);
    }

    @Test
    void a_study_181_days_before_is_too_old_and_180_is_not() {
        completedCase("9.1", "P1", "20260101");
        assertThat(desk.receive(List.of(ofPatient("P1", "2026-07-01"))).orphaned())
                .isEqualTo(1);
        String caseId = completedCase("9.2", "P1", "20260102");
        assertThat(desk.retryOrphansOf(found(caseId))).isEqualTo(1);
    }

    @Test
    void refuses_the_future_and_a_contradiction_and_keeps_the_good_rows() {
        completedCase("9.1", "P1", "20261020");
        LabelSubmission contradiction = new LabelSubmission(
                2, "9.1", null, null, LabelKind.BIOPSY_TARGETED, 1, true, null, day("2026-11-01"), null);
        LabelReceipt receipt =
                desk.receive(List.of(ofStudy("9.1", "2026-11-23"), contradiction, ofStudy("9.1", "2026-11-01")));
        assertThat(receipt.rejected())
                .extracting(LabelReceipt.Rejection::code)
                .containsExactly("LABEL_IN_FUTURE", "LABEL_CONTRADICTORY");
        assertThat(receipt.joined()).isEqualTo(1);
    }

    @Test
    void the_same_label_twice_is_one_label() {
        completedCase("9.1", "P1", "20261020");
        desk.receive(List.of(ofStudy("9.1", "2026-11-01")));
        LabelReceipt again = desk.receive(List.of(ofStudy("9.1", "2026-11-01")));
        assertThat(again.duplicates()).isEqualTo(1);
        assertThat(labels.newest(null, null, 10)).hasSize(1);
    }

    private static LabelSubmission ofStudy(String studyInstanceUid, String sampledOn) {
        return submission(studyInstanceUid, null, sampledOn);
    }

    private static LabelSubmission ofPatient(String patientId, String sampledOn) {
        return submission(null, patientId, sampledOn);
    }

    private static LabelSubmission submission(
            @Nullable String studyInstanceUid, @Nullable String patientId, String sampledOn) {
        return new LabelSubmission(
                1,
                studyInstanceUid,
                patientId,
                null,
                LabelKind.BIOPSY_TARGETED,
                3,
                null,
                null,
                day(sampledOn),
                "pathology");
    }

    private static LabelSubmission of(LabelKind kind, int isup, String sampledOn) {
        return new LabelSubmission(1, "9.1", null, null, kind, isup, null, null, day(sampledOn), null);
    }

    private void enterTreatment(String caseId, int version, EnteredContext.Treatment treatment) {
        contexts.add(new ClinicalContextRecord(
                "c" + version,
                caseId,
                version,
                "ada",
                null,
                clock.instant(),
                new EnteredContext(treatment, null, null, null, null, null, null)));
    }

    private LabelRecord onlyLabel() {
        List<LabelRecord> all = desk.labels(null, null, 10).labels();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private StoredCase found(String caseId) {
        return site.cases().find(caseId).orElseThrow();
    }

    private static LocalDate day(String text) {
        return LocalDate.parse(text);
    }

    private String completedCase(String studyInstanceUid, String patientId, String studyDate) {
        return site.completedCase(studyInstanceUid, patientId, studyDate, 0.5);
    }
}
