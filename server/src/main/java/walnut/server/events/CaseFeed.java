package walnut.server.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import walnut.server.api.CaseState;
import walnut.server.api.CaseSummary;

/**
 * Finds out what changed between two looks at the newest cases, and remembers the last changes for those who were away.
 * Looking, rather than being told, sees whatever any process did to the shared database. Any thread.
 */
final class CaseFeed {
    static final int MOST_REMEMBERED = 1024;

    private final String epoch;
    private final Deque<CaseEvent> remembered = new ArrayDeque<>();
    private @Nullable Map<String, Seen> seen;
    private long sequence;

    /** @param epoch unlike that of any other process */
    CaseFeed(String epoch) {
        this.epoch = epoch;
    }

    /** All that makes a line of the worklist another one. */
    private record Seen(
            CaseState state, int instances, @Nullable String predictionId) {
        static Seen of(CaseSummary summary) {
            return new Seen(summary.state(), summary.instances(), summary.predictionId());
        }
    }

    /**
     * @param newest the newest cases, newest first
     * @return what is to be told, oldest first; at the first look that everything must be asked for again
     */
    synchronized List<CaseEvent> look(List<CaseSummary> newest) {
        Map<String, Seen> now = new HashMap<>();
        newest.forEach(summary -> now.put(summary.caseId(), Seen.of(summary)));
        Map<String, Seen> before = seen;
        seen = now;
        if (before == null) {
            return List.of(resync());
        }
        List<CaseEvent> events = new ArrayList<>();
        boolean lostSight = !before.isEmpty() && now.keySet().stream().noneMatch(before::containsKey);
        if (lostSight) {
            // More cases came than one look holds: what happened to the others cannot be told one by one.
            events.add(new CaseEvent(nextId(), null, null));
        } else {
            for (int index = newest.size() - 1; index >= 0; index--) {
                CaseSummary summary = newest.get(index);
                if (!Seen.of(summary).equals(before.get(summary.caseId()))) {
                    events.add(new CaseEvent(nextId(), summary.caseId(), summary.state()));
                }
            }
        }
        for (CaseEvent event : events) {
            remembered.addLast(event);
            if (remembered.size() > MOST_REMEMBERED) {
                remembered.removeFirst();
            }
        }
        return events;
    }

    private String nextId() {
        return epoch + "-" + ++sequence;
    }

    /** What happened after the event that somebody saw last; empty where that cannot be told any more. */
    synchronized Optional<List<CaseEvent>> since(@Nullable String lastId) {
        String prefix = epoch + "-";
        if (lastId == null || !lastId.startsWith(prefix)) {
            return Optional.empty();
        }
        long last;
        try {
            last = Long.parseLong(lastId.substring(prefix.length()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        long oldest = sequence - remembered.size();
        if (last < oldest || last > sequence) {
            return Optional.empty();
        }
        return Optional.of(remembered.stream().skip(last - oldest).toList());
    }

    /** "Ask for everything again", under the id of now. */
    synchronized CaseEvent resync() {
        return new CaseEvent(epoch + "-" + sequence, null, null);
    }
}
