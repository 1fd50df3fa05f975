package walnut.prostate.series;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * One point on which candidates are compared: the smaller cost wins. Candidates are ranked by a list of these in order,
 * and the first point on which one is worse is the reason it lost.
 *
 * @param says what a candidate's cost was read from, for the sentence about the loser
 */
record Preference(String rule, ToDoubleFunction<Candidate> cost, Function<Candidate, String> says) {

    static Comparator<Candidate> order(List<Preference> preferences) {
        Comparator<Candidate> order = (one, other) -> 0;
        for (Preference preference : preferences) {
            order = order.thenComparingDouble(preference.cost());
        }
        return order.thenComparing(LATER_FIRST);
    }

    /** Later acquisition, then higher series number; the UID only makes the order total. */
    private static final Comparator<Candidate> LATER_FIRST = Comparator.comparing(Candidate::timeOfAcquisition)
            .thenComparingInt(candidate -> candidate.series().seriesNumber().orElse(-1))
            .thenComparing(candidate -> candidate.series().seriesInstanceUid())
            .reversed();

    /** The first point on which the loser is worse; empty when they are equal repeats. */
    static Optional<String> whyLost(Candidate loser, Candidate winner, List<Preference> preferences) {
        return preferences.stream()
                .filter(preference -> preference.cost().applyAsDouble(loser)
                        > preference.cost().applyAsDouble(winner))
                .findFirst()
                .map(preference -> preference.rule() + ": " + preference.says().apply(loser) + " against "
                        + preference.says().apply(winner));
    }
}
