package walnut.server.database;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * Who set which model to which state, when and why. Rows are only ever added; the last counts. A change is noted after the
 * one before it even where the clock was set back meanwhile: a stop must stop.
 */
public final class DeploymentTable {
    /** Stands for the whole node. */
    public static final String EVERY_MODEL = "*";

    private static final RowMapper<Change> CHANGE = (row, context) -> new Change(
            row.getString("model_digest"),
            DeploymentState.valueOf(row.getString("state")),
            row.getString("actor"),
            row.getString("reason"),
            Microseconds.toInstant(row.getLong("changed_at")));

    private final Database database;

    public DeploymentTable(Database database) {
        this.database = database;
    }

    public record Change(String modelDigest, DeploymentState state, String actor, String reason, Instant at) {}

    public void add(String changeId, Change change) {
        database.alone("deployment_change", handle -> handle.createUpdate(
                        "insert into deployment_change (change_id, model_digest,"
                                + " state, actor, reason, changed_at)"
                                + " values (:id, :model, :state, :actor, :reason, :at)")
                .bind("id", changeId)
                .bind("model", change.modelDigest())
                .bind("state", change.state().name())
                .bind("actor", change.actor())
                .bind("reason", change.reason())
                .bind("at", after(lastChange(handle, change.modelDigest()), change.at()))
                .execute());
    }

    private static long lastChange(Handle handle, String modelDigest) {
        return handle.createQuery(
                        "select coalesce(max(changed_at), 0) from deployment_change where model_digest = :model")
                .bind("model", modelDigest)
                .mapTo(Long.class)
                .one();
    }

    private static long after(long last, Instant at) {
        return Math.max(Microseconds.of(at), last + 1);
    }

    public Optional<Change> latest(String modelDigest) {
        return database.read()
                .withHandle(handle -> handle.createQuery("select * from deployment_change where model_digest = :model"
                                + " order by changed_at desc, change_id desc limit 1")
                        .bind("model", modelDigest)
                        .map(CHANGE)
                        .findOne());
    }

    /** Newest first. */
    public List<Change> history(String modelDigest) {
        return database.read()
                .withHandle(handle -> handle.createQuery("select * from deployment_change where model_digest = :model"
                                + " order by changed_at desc, change_id desc")
                        .bind("model", modelDigest)
                        .map(CHANGE)
                        .list());
    }

    /** What holds for a model now: a stopped node stops every model; nothing said means SILENT. */
    public DeploymentState stateOf(String modelDigest) {
        boolean nodeStopped = latest(EVERY_MODEL)
                .filter(change -> change.state() == DeploymentState.STOPPED)
                .isPresent();
        return nodeStopped
                ? DeploymentState.STOPPED
                : latest(modelDigest).map(Change::state).orElse(DeploymentState.SILENT);
    }
}
