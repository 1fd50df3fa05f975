package walnut.server.ledger;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Where entries are kept. They are only ever added, never changed. */
public interface LedgerStore {

    /**
     * Adds what the function makes of the last entry, with nobody adding in between; durable when this returns.
     *
     * @param next is given the last entry, or nothing
     */
    LedgerEntry append(Function<Optional<LedgerEntry>, LedgerEntry> next);

    /** Every entry by ascending sequence, one at a time. */
    void forEach(Consumer<LedgerEntry> action);
}
