package walnut.server.reviews;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import walnut.monitoring.statistic.Reason;
import walnut.server.api.Review;
import walnut.server.api.ReviewDecision;
import walnut.server.api.ReviewReason;
import walnut.server.reviews.ReaderAgreement.Reviewed;

class ReaderAgreementTest {

    /** 20 both yes, 5 model alone, 10 reader alone, 15 both no: po .7, pe .5, kappa .4 (Cohen 1960 by hand). */
    @Test
    void kappa_of_model_and_reader_is_cohens_with_n_and_interval() {
        List<Reviewed> predictions = new ArrayList<>();
        IntStream.range(0, 20).forEach(i -> predictions.add(read(true, 4)));
        IntStream.range(0, 5).forEach(i -> predictions.add(read(true, 2)));
        IntStream.range(0, 10).forEach(i -> predictions.add(read(false, 3)));
        IntStream.range(0, 15).forEach(i -> predictions.add(read(false, 1)));

        ReaderAgreement agreement = ReaderAgreement.of(predictions, 0.95);

        assertThat(agreement.reviewed()).isEqualTo(50);
        assertThat(agreement.modelAgreement().value().orElseThrow()).isEqualTo(0.7);
        assertThat(agreement.modelAgreement().interval()).isPresent();
        assertThat(agreement.modelKappa().value().orElseThrow()).isCloseTo(0.4, within(1e-12));
        assertThat(agreement.modelKappa().n()).isEqualTo(50);
        assertThat(agreement.modelKappa().interval()).hasValueSatisfying(interval -> {
            assertThat(interval.lower()).isBetween(0.1, 0.2);
            assertThat(interval.upper()).isBetween(0.6, 0.7);
        });
    }

    @Test
    void nothing_reviewed_is_undefined_and_never_zero() {
        ReaderAgreement agreement = ReaderAgreement.of(List.of(), 0.95);

        assertThat(agreement.acceptedShare().value()).isEmpty();
        assertThat(agreement.acceptedShare().reason()).contains(Reason.ZERO_DENOMINATOR);
        assertThat(agreement.modelKappa().reason()).contains(Reason.TOO_FEW);
        assertThat(agreement.readersKappa().reason()).contains(Reason.TOO_FEW);
    }

    @Test
    void a_kappa_of_nine_pairs_is_undefined_and_says_nine() {
        List<Reviewed> nine =
                IntStream.range(0, 9).mapToObj(i -> read(i % 2 == 0, 1 + i % 5)).toList();

        ReaderAgreement agreement = ReaderAgreement.of(nine, 0.95);

        assertThat(agreement.modelKappa().value()).isEmpty();
        assertThat(agreement.modelKappa().n()).isEqualTo(9);
        assertThat(agreement.modelAgreement().value()).isPresent();
    }

    @Test
    void reviews_without_a_category_or_a_score_count_as_reviewed_alone() {
        ReaderAgreement agreement = ReaderAgreement.of(List.of(read(true, null), read(null, 4)), 0.95);

        assertThat(agreement.reviewed()).isEqualTo(2);
        assertThat(agreement.accepted()).isEqualTo(2);
        assertThat(agreement.modelAgreement().n()).isZero();
    }

    @Test
    void two_readers_are_compared_by_the_last_word_of_each() {
        List<Reviewed> predictions = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int grade = 1 + i % 5;
            predictions.add(new Reviewed(
                    true, List.of(review("ada", grade, 3), review("bea", i == 0 ? 5 : grade, 2), review("ada", 1, 1))));
        }

        ReaderAgreement agreement = ReaderAgreement.of(predictions, 0.95);

        assertThat(agreement.readersAgreement().value().orElseThrow()).isCloseTo(11.0 / 12, within(1e-12));
        assertThat(agreement.readersKappa().value().orElseThrow()).isBetween(0.5, 0.95);
        assertThat(agreement.readersKappa().n()).isEqualTo(12);
    }

    private static Reviewed read(@Nullable Boolean modelPositive, @Nullable Integer piRads) {
        return new Reviewed(modelPositive, List.of(review("ada", piRads, 1)));
    }

    private static Review review(String reviewer, @Nullable Integer piRads, int version) {
        return new Review(
                "r" + version,
                "case",
                "prediction",
                version,
                null,
                reviewer,
                null,
                Instant.EPOCH,
                null,
                ReviewDecision.ACCEPTED,
                ReviewReason.SAME_AS_MY_READING,
                piRads,
                List.of(),
                null,
                null);
    }
}
