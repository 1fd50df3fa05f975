package walnut.server.events;

import org.jspecify.annotations.Nullable;
import walnut.server.api.CaseState;

/**
 * Something to tell.
 *
 * @param id {@code epoch-sequence}: the epoch names one process, the sequence counts in it
 * @param caseId null for "ask for everything again"
 */
record CaseEvent(
        String id, @Nullable String caseId, @Nullable CaseState state) {

    /** As the event stream format writes it (HTML, section 9.2.5). Ids and states hold neither quotes nor line ends. */
    String text() {
        return caseId == null
                ? "event: resync\nid: " + id + "\ndata: {}\n\n"
                : "event: case\nid: " + id + "\ndata: {\"caseId\":\"" + caseId + "\",\"state\":\"" + state + "\"}\n\n";
    }
}
