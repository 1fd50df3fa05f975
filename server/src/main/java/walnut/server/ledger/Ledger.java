package walnut.server.ledger;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ledger of one node. Appending blocks until the entry is on the disk; any thread. */
public final class Ledger {
    /** As many as an operator reads; the rest is the same story. */
    private static final int MOST_FINDINGS = 100;

    private final LedgerStore store;
    private final LedgerHead head;
    private final Clock clock;

    private Ledger(LedgerStore store, LedgerHead head, Clock clock) {
        this.store = store;
        this.head = head;
        this.clock = clock;
    }

    /** @param folder the data directory, which holds the head and its key */
    public static Ledger open(LedgerStore store, Path folder, SecureRandom random, Clock clock) {
        return new Ledger(store, LedgerHead.in(folder, random), clock);
    }

    /** Notes what was done. Only after this returns may it be answered for. */
    public synchronized LedgerEntry append(String actor, String action, String subject, String detail) {
        LedgerEntry entry = store.append(last -> LedgerEntry.after(
                last.map(LedgerEntry::sequence).orElse(0L),
                last.map(LedgerEntry::sha256).orElse(LedgerEntry.FIRST),
                clock.instant(),
                actor,
                action,
                subject,
                detail));
        head.write(entry);
        return entry;
    }

    /** As {@link LedgerStore#newest}. */
    public List<LedgerEntry> newest(
            @Nullable Long before, @Nullable String actor, @Nullable String subject, int limit) {
        return store.newest(before, actor, subject, limit);
    }

    /** @param findings empty where the ledger is whole */
    public record Report(long entries, List<Finding> findings) {
        public boolean isWhole() {
            return findings.isEmpty();
        }
    }

    /**
     * Something that should not be.
     *
     * @param sequence where
     */
    public record Finding(Kind kind, long sequence, String detail) {}

    public enum Kind {
        /** The entry does not say what its digest was made from. */
        EDITED,
        /** Entries are missing before this one. */
        MISSING,
        /** The entry does not follow the one before it: something was put in, taken out or exchanged here. */
        NOT_LINKED,
        /** The ledger was longer once. */
        TRUNCATED,
        /** What says how far the ledger has come is gone or was changed. */
        HEAD_INVALID
    }

    /** Reads the whole ledger and says everything that is wrong with it, up to {@value #MOST_FINDINGS} findings. */
    public Report verify() {
        Check check = new Check(head.read().orElse(null));
        store.forEach(check::take);
        return check.report(head.exists());
    }

    private static final class Check {
        private final LedgerHead.@Nullable Position head;
        private final List<Finding> findings = new ArrayList<>();
        private long entries;
        private long lastSequence;
        private String lastSha256 = LedgerEntry.FIRST;
        private boolean headSeen;

        Check(LedgerHead.@Nullable Position head) {
            this.head = head;
        }

        void take(LedgerEntry entry) {
            entries++;
            if (!entry.isWhole()) {
                find(Kind.EDITED, entry.sequence(), "its content is not what was digested");
            }
            if (entry.sequence() != lastSequence + 1) {
                find(Kind.MISSING, entry.sequence(), "follows " + lastSequence);
            } else if (!entry.previousSha256().equals(lastSha256)) {
                find(Kind.NOT_LINKED, entry.sequence(), "does not name the digest of entry " + lastSequence);
            }
            if (head != null && head.sequence() == entry.sequence()) {
                headSeen = true;
                if (!head.sha256().equals(entry.sha256())) {
                    find(Kind.NOT_LINKED, entry.sequence(), "was another entry when it was written");
                }
            }
            lastSequence = entry.sequence();
            lastSha256 = entry.sha256();
        }

        private void find(Kind kind, long sequence, String detail) {
            if (findings.size() < MOST_FINDINGS) {
                findings.add(new Finding(kind, sequence, detail));
            }
        }

        Report report(boolean headThere) {
            Optional<LedgerHead.Position> position = Optional.ofNullable(head);
            if (position.isPresent() && !headSeen) {
                find(
                        Kind.TRUNCATED,
                        lastSequence,
                        "the ledger had " + position.get().sequence() + " entries, it ends after " + lastSequence);
            } else if (position.isEmpty() && (headThere || entries > 0)) {
                find(Kind.HEAD_INVALID, lastSequence, "ledger-head is missing or not what was written");
            }
            return new Report(entries, List.copyOf(findings));
        }
    }
}
