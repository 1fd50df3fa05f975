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
import walnut.models.passport.ModelPackage;
import walnut.models.passport.Passport;
import walnut.server.api.LabelKind;
import walnut.server.api.LabelSubmission;
import walnut.server.api.ModelFigures;
import walnut.server.api.Review;
import walnut.server.api.ReviewDecision;
import walnut.server.api.ReviewReason;
import walnut.server.database.Ids;
import walnut.server.database.MovableClock;
import walnut.server.database.StoredPrediction;

/** What a site's own figures rest on: verified cases, each man once, and three kinds of "again" kept apart. */
class LiveFiguresTest {
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final Ids ids = new Ids(clock, new Random(3));
    private RecordedSite site;
    private LabelDesk desk;
    private LiveFigures figures;
    private double threshold;

    @BeforeEach
    void open(@TempDir Path folder) {
        site = new RecordedSite(folder, clock, ids);
        desk = new LabelDesk(
                site.labels(), site.cases(), site.predictions(), site.contexts(), clock, ZoneOffset.UTC, ids);
        Passport passport = ModelPackage.open(Path.of("../models/packages/walnut-phantom-detector"))
                .passport();
        threshold = passport.operatingPoints().get(0).threshold();
        figures = new LiveFigures(
                site.cases(), site.predictions(), site.labels(), site.replays(), site.reviews(), passport, clock);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void nine_with_cancer_are_too_few_for_sensitivity_and_ten_are_not() {
        for (int man = 0; man < 9; man++) {
            verified(man, threshold + 0.01, 3);
        }
        for (int man = 9; man < 19; man++) {
            verified(man, threshold - 0.01 * (man % 3), 1);
        }
        ModelFigures nine = now();
        assertThat(nine.auroc().reason()).isEqualTo("TOO_FEW");
        assertThat(nine.operatingPoints().get(0).sensitivity().defined()).isFalse();
        assertThat(nine.operatingPoints().get(0).sensitivity().n()).isEqualTo(9);
        assertThat(nine.operatingPoints().get(0).specificity().n()).isEqualTo(10);
        assertThat(nine.operatingPoints().get(0).specificity().interval().method())
                .isEqualTo("WILSON");

        verified(19, threshold - 0.2, 4);

        ModelFigures ten = now();
        assertThat(ten.auroc().defined()).isTrue();
        assertThat(ten.auroc().n()).isEqualTo(20);
        assertThat(ten.operatingPoints().get(0).sensitivity().value()).isEqualTo(0.9);
    }

    @Test
    void a_man_scanned_twice_counts_once_and_his_pair_is_a_figure_of_its_own() {
        for (int man = 0; man < 10; man++) {
            site.completedCase("8." + man + ".1", "P" + man, "20261001", 0.05 * man);
            site.completedCase("8." + man + ".2", "P" + man, "20261003", 0.05 * man + (man % 2 == 0 ? 0.02 : -0.02));
        }

        ModelFigures found = now();

        assertThat(found.completed()).isEqualTo(20);
        assertThat(found.verifiedFraction().n()).isEqualTo(10);
        assertThat(found.operatingPoints().get(0).positiveFraction().n()).isEqualTo(10);
        assertThat(found.rescans().pairs()).isEqualTo(10);
        // Every difference is 0.02 in size, so every man's variance is 0.02²/2.
        assertThat(found.rescans().withinSubjectSd().value())
                .isCloseTo(0.02 / Math.sqrt(2), org.assertj.core.api.Assertions.within(1e-12));
        assertThat(found.rescans().withinSubjectSd().interval().method()).isEqualTo("CHI_SQUARE");
        assertThat(found.rescans().intraclassCorrelation().value()).isGreaterThan(0.9);
        assertThat(found.rescans().flips())
                .singleElement()
                .satisfies(flips -> assertThat(flips.fraction().n()).isEqualTo(10));
        assertThat(found.replays()).isEqualTo(new ModelFigures.Replays(0, 0, 0));
    }

    @Test
    void replays_are_counted_by_what_came_of_them_and_are_no_rescans() {
        site.completedCase("9.1", "P1", "20261001", 0.4);
        StoredPrediction prediction =
                site.predictions().standingOf(RecordedSite.MODEL).get(0);
        site.replays().add(ids.next(), prediction.predictionId(), "BITWISE", "{}", clock.instant());
        site.replays().add(ids.next(), prediction.predictionId(), "BITWISE", "{}", clock.instant());
        site.replays().add(ids.next(), prediction.predictionId(), "DIFFERENT", "{}", clock.instant());

        assertThat(now().replays()).isEqualTo(new ModelFigures.Replays(2, 0, 1));
        assertThat(now().rescans().pairs()).isZero();
        assertThat(now().rescans().withinSubjectSd().reason()).isEqualTo("TOO_FEW");
    }

    @Test
    void readers_agree_with_the_model_by_the_review_that_stands() {
        for (int man = 0; man < 12; man++) {
            site.completedCase("7." + man, "P" + man, "20261001", man < 6 ? threshold + 0.1 : threshold - 0.1);
        }
        List<StoredPrediction> standing = site.predictions().standingOf(RecordedSite.MODEL);
        for (StoredPrediction prediction : standing) {
            boolean positive = prediction.caseScore() >= threshold;
            site.reviews().add(review(prediction, 1, ReviewDecision.REJECTED, positive ? 1 : 5));
            site.reviews().add(review(prediction, 2, ReviewDecision.ACCEPTED, positive ? 4 : 2));
        }

        ModelFigures.Readers readers = now().readers();

        assertThat(readers.reviewed()).isEqualTo(12);
        assertThat(readers.accepted()).isEqualTo(12);
        assertThat(readers.rejected())
                .as("superseded reviews are kept, and count for nothing")
                .isZero();
        assertThat(readers.modelAgreement().value()).isEqualTo(1);
        assertThat(readers.modelKappa().value()).isEqualTo(1);
        assertThat(readers.modelKappa().interval().method()).isEqualTo("WALD");
        assertThat(readers.readersKappa().reason()).isEqualTo("TOO_FEW");
    }

    private Review review(StoredPrediction prediction, int version, ReviewDecision decision, int piRads) {
        return new Review(
                ids.next(),
                prediction.caseId(),
                prediction.predictionId(),
                version,
                null,
                "ada",
                "radiologist",
                clock.instant(),
                null,
                decision,
                ReviewReason.OTHER,
                piRads,
                List.of(),
                "as seen",
                null);
    }

    private ModelFigures now() {
        return figures.figures(RecordedSite.MODEL).orElseThrow();
    }

    private void verified(int man, double score, int isup) {
        String study = "9." + man;
        site.completedCase(study, "P" + man, "20261001", score);
        desk.receive(List.of(new LabelSubmission(
                1,
                study,
                null,
                null,
                LabelKind.BIOPSY_TARGETED,
                isup,
                null,
                null,
                LocalDate.parse("2026-10-20"),
                null)));
    }
}
