package walnut.server.database;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
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
    public List<LedgerEntry> newest(
            @Nullable Long before, @Nullable String actor, @Nullable String subject, int limit) {
        String where = " where sequence < :before" + (actor == null ? "" : " and actor = :actor")
                + (subject == null ? "" : " and subject = :subject");
        return database.read().withHandle(handle -> {
            Query query = handle.createQuery("select * from ledger" + where + " order by sequence desc limit :limit")
                    .bind("before", before == null ? Long.MAX_VALUE : before)
                    .bind("limit", limit);
            if (actor != null) {
                query.bind("actor", actor);
            }
            if (subject != null) {
                query.bind("subject", subject);
            }
            return query.map(ENTRY).list();
        });
    }

    @Override
    public void forEach(Consumer<LedgerEntry> action) {
        database.stream("select * from ledger order by sequence", Map.of(), ENTRY, action);
    }
}
