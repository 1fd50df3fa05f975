package walnut.server.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Entries in a list, which a test may tamper with. */
public final class InMemoryLedger implements LedgerStore {
    final List<LedgerEntry> entries = new ArrayList<>();

    @Override
    public synchronized LedgerEntry append(Function<Optional<LedgerEntry>, LedgerEntry> next) {
        LedgerEntry entry =
                next.apply(entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(entries.size() - 1)));
        entries.add(entry);
        return entry;
    }

    @Override
    public synchronized List<LedgerEntry> newest(
            @Nullable Long before, @Nullable String actor, @Nullable String subject, int limit) {
        List<LedgerEntry> newest = new ArrayList<>(entries);
        Collections.reverse(newest);
        return newest.stream()
                .filter(entry -> before == null || entry.sequence() < before)
                .filter(entry -> actor == null || actor.equals(entry.actor()))
                .filter(entry -> subject == null || subject.equals(entry.subject()))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized void forEach(Consumer<LedgerEntry> action) {
        entries.forEach(action);
    }

    /** Actor, action and subject of each entry. */
    public synchronized List<String> noted() {
        return entries.stream()
                .map(entry -> entry.actor() + " " + entry.action() + " " + entry.subject())
                .toList();
    }

    public synchronized List<String> details() {
        return entries.stream().map(LedgerEntry::detail).toList();
    }

    /** A ledger on these entries, its head in a folder that goes with the process. */
    public Ledger ledger(Clock clock) {
        try {
            Path folder = Files.createTempDirectory("ledger");
            folder.toFile().deleteOnExit();
            return Ledger.open(this, folder, new SecureRandom(), clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
