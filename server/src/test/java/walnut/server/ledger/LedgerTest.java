package walnut.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.server.database.Database;
import walnut.server.database.LedgerTable;
import walnut.server.database.MovableClock;

class LedgerTest {
    private static final int ENTRIES = 40;

    @TempDir
    Path folder;

    private final InMemoryLedger store = new InMemoryLedger();
    private Ledger ledger;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00.123456789Z"));

    @BeforeEach
    void fill() {
        ledger = Ledger.open(store, folder, new SecureRandom(), clock);
        for (int index = 1; index <= ENTRIES; index++) {
            clock.advance(Duration.ofSeconds(1));
            ledger.append("Ada", "CASE_READ", "case-" + index, index % 7 == 0 ? "ü, \"and\" more" : "");
        }
    }

    @Test
    void an_untouched_ledger_is_whole() {
        assertThat(ledger.verify()).isEqualTo(new Ledger.Report(ENTRIES, List.of()));
    }

    @Test
    void a_ledger_is_whole_whatever_its_clock_did() {
        ledger.append("Ada", "CASE_READ", "after", "");
        clock.advance(Duration.ofDays(-400));
        ledger.append("Ada", "CASE_READ", "set back", "");
        clock.advance(Duration.ofDays(4000));
        ledger.append("Ada", "CASE_READ", "set forward", "");

        assertThat(ledger.verify()).isEqualTo(new Ledger.Report(ENTRIES + 3, List.of()));
    }

    @Test
    void finds_an_edit_of_any_field_of_any_entry() {
        Random random = new Random(1);
        for (int trial = 0; trial < 200; trial++) {
            int at = random.nextInt(ENTRIES);
            LedgerEntry honest = store.entries.get(at);
            store.entries.set(at, edited(honest, random.nextInt(6)));
            assertThat(kinds()).as("entry %d", at + 1).contains(Ledger.Kind.EDITED);
            store.entries.set(at, honest);
        }
        assertThat(ledger.verify().isWhole()).isTrue();
    }

    /** Who edits an entry and digests it anew has to digest all after it anew as well, and the head stays. */
    @Test
    void finds_an_edit_whose_digest_was_made_to_fit() {
        LedgerEntry honest = store.entries.get(10);
        store.entries.set(
                10,
                LedgerEntry.after(
                        10,
                        honest.previousSha256(),
                        honest.at(),
                        "Eve",
                        honest.action(),
                        honest.subject(),
                        honest.detail()));
        assertThat(kinds()).containsExactly(Ledger.Kind.NOT_LINKED);

        for (int index = 11; index < ENTRIES; index++) {
            LedgerEntry next = store.entries.get(index);
            store.entries.set(
                    index,
                    LedgerEntry.after(
                            index,
                            store.entries.get(index - 1).sha256(),
                            next.at(),
                            next.actor(),
                            next.action(),
                            next.subject(),
                            next.detail()));
        }
        assertThat(kinds()).containsExactly(Ledger.Kind.NOT_LINKED);
    }

    @Test
    void finds_an_insertion() {
        LedgerEntry before = store.entries.get(10);
        store.entries.add(
                11,
                LedgerEntry.after(before.sequence(), before.sha256(), before.at(), "Eve", "CASE_READ", "case-x", ""));
        assertThat(kinds()).contains(Ledger.Kind.MISSING);
    }

    @Test
    void finds_a_deletion_in_the_middle_and_at_the_front() {
        store.entries.remove(10);
        assertThat(kinds()).contains(Ledger.Kind.MISSING);
        store.entries.remove(0);
        assertThat(kinds()).contains(Ledger.Kind.MISSING);
    }

    @Test
    void finds_two_entries_that_changed_places() {
        Collections.swap(store.entries, 20, 21);
        assertThat(ledger.verify().isWhole()).isFalse();
    }

    @Test
    void finds_that_the_end_was_cut_off_or_everything_was() {
        store.entries.remove(ENTRIES - 1);
        assertThat(kinds()).containsExactly(Ledger.Kind.TRUNCATED);
        store.entries.clear();
        assertThat(kinds()).containsExactly(Ledger.Kind.TRUNCATED);
    }

    @Test
    void finds_that_the_head_was_changed_to_hide_a_cut() throws IOException {
        LedgerEntry last = store.entries.get(ENTRIES - 2);
        store.entries.remove(ENTRIES - 1);
        Path head = folder.resolve("ledger-head");
        String hmac = Files.readString(head).split(" ")[2];
        Files.writeString(head, last.sequence() + " " + last.sha256() + " " + hmac);
        assertThat(kinds()).containsExactly(Ledger.Kind.HEAD_INVALID);
        Files.delete(head);
        assertThat(kinds()).containsExactly(Ledger.Kind.HEAD_INVALID);
    }

    @Test
    void goes_on_where_it_was_after_a_restart() {
        Ledger again = Ledger.open(store, folder, new SecureRandom(), Clock.systemUTC());
        assertThat(again.append("Ada", "CASE_READ", "case-1", "").sequence()).isEqualTo(ENTRIES + 1L);
        assertThat(again.verify().isWhole()).isTrue();
    }

    @Test
    void the_database_keeps_entries_as_they_were() {
        try (Database database = Database.open(folder.resolve("walnut.db"))) {
            Ledger kept =
                    Ledger.open(new LedgerTable(database), folder.resolve("."), new SecureRandom(), Clock.systemUTC());
            // The head beside it belongs to the entries in memory; it is replaced by the first append.
            kept.append("Ada", "CASE_READ", "case-1", "ü");
            kept.append("Bob", "DEPLOYMENT_CHANGED", "model", "");
            assertThat(kept.verify()).isEqualTo(new Ledger.Report(2, List.of()));
        }
    }

    private List<Ledger.Kind> kinds() {
        return ledger.verify().findings().stream()
                .map(Ledger.Finding::kind)
                .distinct()
                .toList();
    }

    private static LedgerEntry edited(LedgerEntry entry, int field) {
        return new LedgerEntry(
                entry.sequence(),
                field == 0 ? entry.at().plusNanos(1000) : entry.at(),
                field == 1 ? entry.actor() + "x" : entry.actor(),
                field == 2 ? "" : entry.action(),
                field == 3 ? entry.subject() + "0" : entry.subject(),
                field == 4 ? entry.detail() + " " : entry.detail(),
                entry.previousSha256(),
                field == 5 ? "0".repeat(64) : entry.sha256());
    }
}
