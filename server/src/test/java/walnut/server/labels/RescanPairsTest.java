package walnut.server.labels;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.server.api.LabelKind;
import walnut.server.api.LabelSubmission;
import walnut.server.database.Ids;
import walnut.server.database.MovableClock;

/** Who is a rescan and who is not, and that a man scanned twice counts once elsewhere. */
class RescanPairsTest {
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final Ids ids = new Ids(clock, new Random(2));
    private RecordedSite site;
    private LabelDesk desk;

    @BeforeEach
    void open(@TempDir Path folder) {
        site = new RecordedSite(folder, clock, ids);
        desk = new LabelDesk(
                site.labels(), site.cases(), site.predictions(), site.contexts(), clock, ZoneOffset.UTC, ids);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void two_studies_of_a_man_within_fifteen_days_are_a_pair_in_the_order_of_the_studies() {
        String second = site.completedCase("9.2", "P1", "20261016", 0.7);
        String first = site.completedCase("9.1", "P1", "20261001", 0.4);
        site.completedCase("9.3", "P2", "20261005", 0.9);

        RescanPairs found = pairs();

        assertThat(found.pairs()).singleElement().satisfies(pair -> {
            assertThat(pair.first().caseId()).isEqualTo(first);
            assertThat(pair.second().caseId()).isEqualTo(second);
        });
        assertThat(found.secondLooks()).containsExactly(second);
        assertThat(found.flipsAt(0.5)).isEqualTo(1);
        assertThat(found.flipsAt(0.3)).isZero();
        assertThat(found.flipsAt(0.7)).as("at the threshold is above it").isEqualTo(1);
        assertThat(found.scores().subject(0)).containsExactly(0.4, 0.7);
    }

    @Test
    void sixteen_days_are_a_follow_up() {
        site.completedCase("9.1", "P1", "20261001", 0.4);
        site.completedCase("9.2", "P1", "20261017", 0.4);
        assertThat(pairs().pairs()).isEmpty();
    }

    @Test
    void a_biopsy_in_between_makes_it_another_prostate() {
        site.completedCase("9.1", "P1", "20261001", 0.4);
        site.completedCase("9.2", "P1", "20261010", 0.4);
        label("9.1", "2026-10-05");
        assertThat(pairs().pairs()).isEmpty();
    }

    @Test
    void a_biopsy_after_both_touches_neither_and_the_study_that_it_names_is_the_one_that_counts() {
        String first = site.completedCase("9.1", "P1", "20261001", 0.4);
        site.completedCase("9.2", "P1", "20261010", 0.6);
        label("9.2", "2026-10-20");

        assertThat(pairs().pairs()).hasSize(1);
        assertThat(pairs().secondLooks()).containsExactly(first);
    }

    @Test
    void of_three_studies_the_first_two_are_a_pair_and_the_third_stands_alone() {
        site.completedCase("9.1", "P1", "20261001", 0.1);
        String second = site.completedCase("9.2", "P1", "20261004", 0.2);
        site.completedCase("9.3", "P1", "20261008", 0.3);
        assertThat(pairs().pairs()).hasSize(1);
        assertThat(pairs().secondLooks()).containsExactly(second);
    }

    @Test
    void nobody_is_paired_with_a_study_without_a_date_or_a_patient_without_an_id() {
        site.completedCase("9.1", "P1", "20261001", 0.1);
        site.completedCase("9.2", "P1", "autumn", 0.1);
        site.completedCase("9.3", "", "20261001", 0.1);
        site.completedCase("9.4", "", "20261001", 0.1);
        assertThat(pairs().pairs()).isEmpty();
    }

    private RescanPairs pairs() {
        return RescanPairs.among(
                site.predictions().standingOf(RecordedSite.MODEL),
                site.cases().predictedBy(RecordedSite.MODEL),
                site.labels().verifying());
    }

    private void label(String studyInstanceUid, String sampledOn) {
        assertThat(desk.receive(List.of(new LabelSubmission(
                                1,
                                studyInstanceUid,
                                null,
                                null,
                                LabelKind.BIOPSY_TARGETED,
                                3,
                                null,
                                null,
                                LocalDate.parse(sampledOn),
                                "pathology")))
                        .joined())
                .isEqualTo(1);
    }
}
