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
 * @param patientId only cases of a patient with this PatientID, whoever issued it
 * @param before only cases whose id sorts before this one: the last id of the page before
 * @param limit at most this many, 1 to {@value #MAX_LIMIT}
 */
public record CaseFilter(
        Set<CaseState> states,
        @Nullable String studyInstanceUid,
        @Nullable String patientId,
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

    /** What somebody typed to find a study: its UID, or its patient's ID. */
    public static CaseFilter found(String text) {
        boolean uid = text.matches("[0-9]+(\\.[0-9]+){2,}");
        return new CaseFilter(Set.of(), uid ? text : null, uid ? null : text, null, MAX_LIMIT);
    }

    public static CaseFilter newest(int limit) {
        return new CaseFilter(Set.of(), null, null, null, limit);
    }
}
