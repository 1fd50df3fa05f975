package walnut.server.ledger;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where entries are kept. They are only ever added, never changed. */
public interface LedgerStore {

    /**
     * Adds what the function makes of the last entry, with nobody adding in between; durable when this returns.
     *
     * @param next is given the last entry, or nothing
     */
    LedgerEntry append(Function<Optional<LedgerEntry>, LedgerEntry> next);

    /**
     * Entries, newest first.
     *
     * @param before only those with a smaller sequence number; null for all
     * @param actor only this actor's; null for all
     * @param subject only those on this subject; null for all
     */
    List<LedgerEntry> newest(@Nullable Long before, @Nullable String actor, @Nullable String subject, int limit);

    /** Every entry by ascending sequence, one at a time. */
    void forEach(Consumer<LedgerEntry> action);
}
