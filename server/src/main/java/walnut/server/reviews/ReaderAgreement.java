package walnut.server.reviews;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import walnut.monitoring.agreement.OrdinalAgreement;
import walnut.monitoring.statistic.Proportion;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;
import walnut.server.api.Review;
import walnut.server.api.ReviewDecision;

/**
 * How far readers and a model, and readers among themselves, agree on the predictions that stand. Readers have seen the
 * model's answer before they wrote theirs, so agreement with it is an upper bound of what blinded readers would show.
 *
 * @param reviewed predictions with a review
 * @param acceptedShare of these, accepted as they are by the review that stands; Wilson
 * @param modelAgreement share of reviewed cases with a PI-RADS category where it says the same as the model at its first
 *     operating point: {@link #SUSPICIOUS_FROM} and above against at or above the threshold; Wilson
 * @param modelKappa Cohen's kappa of the same pairs
 * @param readersAgreement share of predictions with PI-RADS categories of two readers where these are equal; the two who
 *     reviewed last; Wilson
 * @param readersKappa their quadratically weighted kappa over categories 1 to 5
 */
public record ReaderAgreement(
        int reviewed,
        int accepted,
        int corrected,
        int rejected,
        Statistic acceptedShare,
        Statistic modelAgreement,
        Statistic modelKappa,
        Statistic readersAgreement,
        Statistic readersKappa) {
    /** PI-RADS v2.1: category 3 is equivocal, and the lowest that leads to further work-up in primary diagnosis. */
    public static final int SUSPICIOUS_FROM = 3;
    /** A kappa of fewer pairs is a number nobody should read. */
    public static final int FEWEST_PAIRS = 10;

    private static final int[] PI_RADS = {1, 2, 3, 4, 5};
    private static final int[] NO_OR_YES = {0, 1};

    /**
     * A standing prediction with its reviews.
     *
     * @param modelPositive whether its score lies at or above the first operating point; null where it has no score
     * @param reviews newest first, at least one
     */
    public record Reviewed(@Nullable Boolean modelPositive, List<Review> reviews) {
        public Reviewed {
            reviews = List.copyOf(reviews);
        }

        Review standing() {
            return reviews.get(0);
        }

        /** The last category of each reader, the one who reviewed last first. */
        List<Integer> piRadsByReader() {
            Map<String, Integer> byReader = new LinkedHashMap<>();
            for (Review review : reviews) {
                Integer piRads = review.piRads();
                if (piRads != null) {
                    byReader.putIfAbsent(review.reviewer(), piRads);
                }
            }
            return List.copyOf(byReader.values());
        }
    }

    public static ReaderAgreement of(List<Reviewed> predictions, double level) {
        List<int[]> withModel = new ArrayList<>();
        List<int[]> betweenReaders = new ArrayList<>();
        for (Reviewed prediction : predictions) {
            Integer piRads = prediction.standing().piRads();
            Boolean positive = prediction.modelPositive();
            if (piRads != null && positive != null) {
                withModel.add(new int[] {piRads >= SUSPICIOUS_FROM ? 1 : 0, positive ? 1 : 0});
            }
            List<Integer> readers = prediction.piRadsByReader();
            if (readers.size() > 1) {
                betweenReaders.add(new int[] {readers.get(1), readers.get(0)});
            }
        }
        int accepted = count(predictions, ReviewDecision.ACCEPTED);
        return new ReaderAgreement(
                predictions.size(),
                accepted,
                count(predictions, ReviewDecision.CORRECTED),
                count(predictions, ReviewDecision.REJECTED),
                new Proportion(accepted, predictions.size()).statistic(level),
                equalShare(withModel, level),
                withModel.size() < FEWEST_PAIRS
                        ? Statistic.undefined(Reason.TOO_FEW, withModel.size())
                        : agreement(withModel, NO_OR_YES, level).unweighted().value(),
                equalShare(betweenReaders, level),
                betweenReaders.size() < FEWEST_PAIRS
                        ? Statistic.undefined(Reason.TOO_FEW, betweenReaders.size())
                        : agreement(betweenReaders, PI_RADS, level).quadratic().value());
    }

    private static int count(List<Reviewed> predictions, ReviewDecision decision) {
        Predicate<Reviewed> decided = prediction -> prediction.standing().decision() == decision;
        return (int) predictions.stream().filter(decided).count();
    }

    private static Statistic equalShare(List<int[]> pairs, double level) {
        long equal = pairs.stream().filter(pair -> pair[0] == pair[1]).count();
        return new Proportion(equal, pairs.size()).statistic(level);
    }

    private static OrdinalAgreement agreement(List<int[]> pairs, int[] categories, double level) {
        return OrdinalAgreement.of(
                pairs.stream().mapToInt(pair -> pair[0]).toArray(),
                pairs.stream().mapToInt(pair -> pair[1]).toArray(),
                categories,
                level);
    }
}
