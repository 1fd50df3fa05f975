package walnut.server.pages;

import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import walnut.server.api.CaseState;

/** A link that narrows a list of cases to some states, with how many cases it leads to. */
public record StateFilter(String label, String href, long count, boolean current) {

    /**
     * What the filters of one page have in common.
     *
     * @param address of the page, from the states as its query names them
     * @param counts of the cases in each state
     * @param shown the states that are chosen; none for all
     */
    record Page(UnaryOperator<String> address, Map<CaseState, Long> counts, Set<CaseState> shown) {

        StateFilter all(String label) {
            long all = counts.values().stream().mapToLong(Long::longValue).sum();
            return new StateFilter(label, address.apply(""), all, shown.isEmpty());
        }

        StateFilter underWay() {
            return of("Under way", CaseState.ASSEMBLING, CaseState.QUEUED, CaseState.RUNNING);
        }

        StateFilter of(String label, CaseState... states) {
            Set<CaseState> these = Set.of(states);
            long count = Stream.of(states)
                    .mapToLong(state -> counts.getOrDefault(state, 0L))
                    .sum();
            return new StateFilter(label, address.apply(query(these)), count, shown.equals(these));
        }
    }

    StateFilter notChosen() {
        return new StateFilter(label, href, count, false);
    }

    static String query(Set<CaseState> states) {
        return states.stream().sorted().map(state -> "state=" + state.name()).collect(Collectors.joining("&"));
    }
}
