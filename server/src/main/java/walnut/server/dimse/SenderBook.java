package walnut.server.dimse;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import walnut.dicom.net.scp.DimseServerListener;
import walnut.failure.FailureCode;
import walnut.server.api.Senders;

/**
 * Keeps who called, in memory: an administrator asks whether a scanner came at all, and who knocks in vain. An AE title is
 * what the caller says of itself, so those that the configuration does not name are bounded. Any thread.
 */
public final class SenderBook implements Senders, DimseServerListener {
    static final int MOST_STRANGERS = 100;

    private final Set<String> known;
    private final DimseServerListener next;
    private final Clock clock;
    private final Map<String, Line> lines = new LinkedHashMap<>();

    /**
     * @param known AE titles that may send
     * @param next is told everything too
     */
    public SenderBook(Collection<String> known, DimseServerListener next, Clock clock) {
        this.known = new TreeSet<>(known);
        this.next = next;
        this.clock = clock;
    }

    /** Changed under the lock of the book. */
    private static final class Line {
        private Instant lastSeenAt;
        private long associations;
        private long stored;
        private long notStored;
        private @Nullable String lastRejection;

        Line(Instant now) {
            lastSeenAt = now;
        }
    }

    @Override
    public void associationAccepted(String callingAeTitle) {
        synchronized (this) {
            Line line = seen(callingAeTitle);
            line.associations++;
            line.lastRejection = null;
        }
        next.associationAccepted(callingAeTitle);
    }

    @Override
    public void associationRejected(String callingAeTitle, FailureCode reason) {
        synchronized (this) {
            seen(callingAeTitle).lastRejection = reason.name();
        }
        next.associationRejected(callingAeTitle, reason);
    }

    @Override
    public void associationEnded(String callingAeTitle, boolean aborted) {
        synchronized (this) {
            seen(callingAeTitle);
        }
        next.associationEnded(callingAeTitle, aborted);
    }

    @Override
    public void storeAnswered(String callingAeTitle, int status, Duration elapsed) {
        synchronized (this) {
            Line line = seen(callingAeTitle);
            if (status == 0) {
                line.stored++;
            } else {
                line.notStored++;
            }
        }
        next.storeAnswered(callingAeTitle, status, elapsed);
    }

    /** The line of an AE title, which moves to the end: the strangers seen longest ago go first. */
    private Line seen(String aeTitle) {
        Instant now = clock.instant();
        Line line = lines.remove(aeTitle);
        if (line == null) {
            line = new Line(now);
        }
        line.lastSeenAt = now;
        lines.put(aeTitle, line);
        if (lines.size() > known.size() + MOST_STRANGERS) {
            lines.keySet().stream()
                    .filter(title -> !known.contains(title))
                    .findFirst()
                    .ifPresent(lines::remove);
        }
        return line;
    }

    @Override
    public synchronized List<Sender> senders() {
        List<Sender> senders = new ArrayList<>();
        for (String aeTitle : known) {
            Line line = lines.get(aeTitle);
            senders.add(line == null ? new Sender(aeTitle, true, null, 0, 0, 0, null) : sender(aeTitle, line));
        }
        lines.entrySet().stream()
                .filter(entry -> !known.contains(entry.getKey()))
                .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
                .forEach(entry -> senders.add(sender(entry.getKey(), entry.getValue())));
        return senders;
    }

    private Sender sender(String aeTitle, Line line) {
        return new Sender(
                aeTitle,
                known.contains(aeTitle),
                line.lastSeenAt,
                line.associations,
                line.stored,
                line.notStored,
                line.lastRejection);
    }
}
