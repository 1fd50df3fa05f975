package walnut.server.api;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which cases to list, newest first. Case ids are UUIDv7 texts, so their descending order is newest first and the last id
 * of a page is where the next one goes on.
 *
 * @param states only cases in one of these states; empty means every state
 * @param studyInstanceUid only the cases of this study
 * @param before only cases whose id sorts before this one: the last id of the page before
 * @param limit at most this many, 1 to {@value #MAX_LIMIT}
 */
public record CaseFilter(
        Set<CaseState> states,
        @Nullable String studyInstanceUid,
        @Nullable String before,
        int limit) {
    public static final int DEFAULT_LIMIT = 50;
    public static final int MAX_LIMIT = 500;

    public CaseFilter {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ", got " + limit);
        }
        states = states.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(states));
    }

    public static CaseFilter newest(int limit) {
        return new CaseFilter(Set.of(), null, null, limit);
    }
}
