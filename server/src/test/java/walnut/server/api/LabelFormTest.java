package walnut.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelFormTest {
    private static final Map<String, String> GOOD = Map.of(
            "studyInstanceUid", "1.2.3",
            "kind", "BIOPSY_SYSTEMATIC",
            "isup", "2",
            "sampledOn", "2026-03-31");

    private final List<LabelSubmission> labels = new ArrayList<>();
    private final List<LabelReceipt.Rejection> rejected = new ArrayList<>();

    @Test
    void reads_a_label() {
        read(Map.of("csPca", "true", "piRads", "4"));

        assertThat(rejected).isEmpty();
        assertThat(labels)
                .containsExactly(new LabelSubmission(
                        7,
                        "1.2.3",
                        null,
                        null,
                        LabelKind.BIOPSY_SYSTEMATIC,
                        2,
                        true,
                        4,
                        LocalDate.of(2026, 3, 31),
                        null));
    }

    @Test
    void says_everything_that_is_wrong_with_a_row_at_once() {
        read(Map.of("studyInstanceUid", "", "isup", "6", "sampledOn", "31.3.2026", "kind", "MRI"));

        assertThat(labels).isEmpty();
        assertThat(rejected).hasSize(1);
        assertThat(rejected.get(0).row()).isEqualTo(7);
        assertThat(rejected.get(0).detail())
                .contains("name a studyInstanceUid or a patientId")
                .contains("isup must be a whole number from 0 to 5")
                .contains("kind must be one of PROSTATECTOMY, ")
                .contains("sampledOn must be a date such as 2026-03-31");
    }

    @Test
    void grade_and_significance_must_agree() {
        read(Map.of("isup", "1", "csPca", "true"));

        assertThat(rejected.get(0).detail()).contains("contradict");
        assertThat(rejected.get(0).code()).isEqualTo("LABEL_CONTRADICTORY");
    }

    @Test
    void a_negative_follow_up_finds_no_cancer() {
        read(Map.of("kind", "FOLLOWUP_NEGATIVE", "isup", "3"));

        assertThat(rejected.get(0).code()).isEqualTo("LABEL_CONTRADICTORY");
    }

    @Test
    void a_uid_is_digits_and_dots() {
        read(Map.of("studyInstanceUid", "1.2.3'; DROP TABLE label"));
        read(Map.of("studyInstanceUid", "1." + "2".repeat(64)));

        assertThat(rejected).hasSize(2).allSatisfy(rejection -> assertThat(rejection.detail())
                .isEqualTo("studyInstanceUid must be a UID of at most 64 digits and dots"));
    }

    private void read(Map<String, String> changes) {
        Map<String, String> texts = new HashMap<>(GOOD);
        texts.putAll(changes);
        LabelForm.read(7, texts, labels, rejected);
    }
}
