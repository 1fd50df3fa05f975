package walnut.server.api;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import walnut.server.ledger.Ledger;
import walnut.server.ledger.LedgerEntry;

/** The ledger, newest entry first. */
public final class AuditRoutes implements Routes {
    private final Ledger ledger;
    private final WorkerAnswers workers;

    public AuditRoutes(Ledger ledger, WorkerAnswers workers) {
        this.ledger = ledger;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/v1/audit").handler(workers.json(this::page));
    }

    private Callable<Page> page(RoutingContext context) {
        String before = Parameters.query(context, "before");
        Long beforeSequence = before == null ? null : sequence(before);
        String actor = Parameters.query(context, "actor");
        String subject = Parameters.query(context, "subject");
        int limit = Parameters.limit(context);
        return () -> {
            List<LedgerEntry> found = ledger.newest(beforeSequence, actor, subject, limit + 1);
            List<LedgerEntry> shown = found.subList(0, Math.min(limit, found.size()));
            Long next = found.size() > limit ? shown.get(limit - 1).sequence() : null;
            return new Page(shown.stream().map(AuditRoutes::report).toList(), next);
        };
    }

    private static long sequence(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Parameters.invalid("before must be the sequence number of an entry");
        }
    }

    private static Entry report(LedgerEntry entry) {
        return new Entry(
                entry.sequence(),
                entry.at(),
                entry.actor(),
                entry.action(),
                entry.subject(),
                entry.detail(),
                entry.sha256());
    }

    private record Entry(
            long sequence, Instant at, String actor, String action, String subject, String detail, String sha256) {}

    /** @param next what to send as {@code before} for the next page; null on the last */
    private record Page(List<Entry> entries, @Nullable Long next) {}
}
