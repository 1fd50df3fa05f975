package walnut.server.database;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.mapper.RowMapper;
import walnut.server.ledger.LedgerEntry;
import walnut.server.ledger.LedgerStore;

/** The ledger's entries. */
public final class LedgerTable implements LedgerStore {
    private static final RowMapper<LedgerEntry> ENTRY = (row, context) -> new LedgerEntry(
            row.getLong("sequence"),
            Microseconds.toInstant(row.getLong("at")),
            row.getString("actor"),
            row.getString("action"),
            row.getString("subject"),
            row.getString("detail"),
            row.getString("previous_sha256"),
            row.getString("sha256"));

    private final Database database;

    public LedgerTable(Database database) {
        this.database = database;
    }

    @Override
    public LedgerEntry append(Function<Optional<LedgerEntry>, LedgerEntry> next) {
        return database.alone("ledger", handle -> {
            LedgerEntry entry = next.apply(handle.createQuery("select * from ledger order by sequence desc limit 1")
                    .map(ENTRY)
                    .findOne());
            handle.createUpdate(
                            "insert into ledger (sequence, at, actor, action, subject, detail, previous_sha256,"
                                    + " sha256) values (:sequence, :at, :actor, :action, :subject, :detail, :previous, :sha256)")
                    .bind("sequence", entry.sequence())
                    .bind("at", Microseconds.of(entry.at()))
                    .bind("actor", entry.actor())
                    .bind("action", entry.action())
                    .bind("subject", entry.subject())
                    .bind("detail", entry.detail())
                    .bind("previous", entry.previousSha256())
                    .bind("sha256", entry.sha256())
                    .execute();
            return entry;
        });
    }

    @Override
    public void forEach(Consumer<LedgerEntry> action) {
        database.stream("select * from ledger order by sequence", Map.of(), ENTRY, action);
    }
}
