package walnut.server.database;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** What leaves the node: which predictions were looked at for that, and each object's way to each destination. */
public final class OutboxTable {
    private static final RowMapper<OutgoingObject> OBJECT = (row, context) -> new OutgoingObject(
            row.getString("destination"),
            row.getString("sop_instance_uid"),
            row.getString("prediction_id"),
            row.getInt("position"),
            row.getString("file"),
            OutgoingObject.State.valueOf(row.getString("state")),
            row.getInt("attempts"),
            Microseconds.toInstant(row.getLong("next_attempt_at")),
            row.getString("last_answer"),
            Microseconds.toInstant(row.getLong("created_at")),
            Microseconds.toInstant(row.getLong("updated_at")));

    private final Database database;

    public OutboxTable(Database database) {
        this.database = database;
    }

    /** Why the objects of a prediction leave, or do not. */
    public enum Verdict {
        QUEUED,
        /** The model is not made for this input; its word stays here. */
        OUT_OF_INTENDED_USE,
        NO_DESTINATION,
        /** The images it was made from are gone, so no object can be written. */
        INPUT_GONE
    }

    /** Predictions made to be sent that nobody has looked at yet, oldest first. */
    public List<String> undecided(int limit) {
        return database.read().withHandle(handle -> handle.createQuery("select p.prediction_id from prediction p"
                        + " where p.kind = 'CLINICAL' and not exists"
                        + " (select 1 from dispatch d where d.prediction_id = p.prediction_id)"
                        + " order by p.created_at, p.prediction_id limit :limit")
                .bind("limit", limit)
                .mapTo(String.class)
                .list());
    }

    /** Notes the decision with its objects, in one transaction; done twice, it stands once. */
    public void decide(String predictionId, Verdict verdict, Collection<OutgoingObject> objects, Instant at) {
        database.write().useTransaction(handle -> {
            int added = handle.createUpdate("insert into dispatch (prediction_id, verdict, decided_at)"
                            + " values (:id, :verdict, :at) on conflict (prediction_id) do nothing")
                    .bind("id", predictionId)
                    .bind("verdict", verdict.name())
                    .bind("at", Microseconds.of(at))
                    .execute();
            if (added == 1) {
                objects.forEach(object -> insert(handle, object));
            }
        });
    }

    private static void insert(Handle handle, OutgoingObject object) {
        handle.createUpdate("insert into outgoing (destination, sop_instance_uid, prediction_id, position, file,"
                        + " state, attempts, next_attempt_at, last_answer, created_at, updated_at)"
                        + " values (:destination, :uid, :prediction, :position, :file, :state, :attempts, :next,"
                        + " :answer, :created, :updated)")
                .bind("destination", object.destination())
                .bind("uid", object.sopInstanceUid())
                .bind("prediction", object.predictionId())
                .bind("position", object.position())
                .bind("file", object.file())
                .bind("state", object.state().name())
                .bind("attempts", object.attempts())
                .bind("next", Microseconds.of(object.nextAttemptAt()))
                .bind("answer", object.lastAnswer())
                .bind("created", Microseconds.of(object.createdAt()))
                .bind("updated", Microseconds.of(object.updatedAt()))
                .execute();
    }

    public Optional<Verdict> verdictOf(String predictionId) {
        return database.read()
                .withHandle(handle -> handle.createQuery("select verdict from dispatch where prediction_id = :id")
                        .bind("id", predictionId)
                        .mapTo(String.class)
                        .findOne()
                        .map(Verdict::valueOf));
    }

    /** What is to be sent to a destination now, in the order of sending; nothing while an operator holds it. */
    public List<OutgoingObject> due(String destination, Instant now, int limit) {
        return database.read()
                .withHandle(handle -> handle.createQuery("select * from outgoing where destination = :destination"
                                + " and state = 'PENDING' and next_attempt_at <= :now and not exists"
                                + " (select 1 from destination_hold h where h.destination = outgoing.destination)"
                                + " order by created_at, prediction_id, position limit :limit")
                        .bind("destination", destination)
                        .bind("now", Microseconds.of(now))
                        .bind("limit", limit)
                        .map(OBJECT)
                        .list());
    }

    /** What became of one attempt. */
    public void attempted(
            OutgoingObject object, OutgoingObject.State state, Instant nextAttemptAt, String answer, Instant at) {
        database.write().useHandle(handle -> handle.createUpdate("update outgoing set state = :state,"
                        + " attempts = attempts + 1, next_attempt_at = :next, last_answer = :answer,"
                        + " updated_at = :at where destination = :destination and sop_instance_uid = :uid")
                .bind("state", state.name())
                .bind("next", Microseconds.of(nextAttemptAt))
                .bind("answer", answer)
                .bind("at", Microseconds.of(at))
                .bind("destination", object.destination())
                .bind("uid", object.sopInstanceUid())
                .execute());
    }

    /**
     * Sends the objects of a prediction again, delivered ones too: an archive may have lost them.
     *
     * @return how many objects that are
     */
    public int resend(String predictionId, @Nullable String destination, Instant at) {
        return database.write()
                .withHandle(handle -> handle.createUpdate("update outgoing set state = 'PENDING', attempts = 0,"
                                + " next_attempt_at = :at, updated_at = :at where prediction_id = :prediction"
                                + " and (:destination is null or destination = :destination)")
                        .bind("at", Microseconds.of(at))
                        .bind("prediction", predictionId)
                        .bind("destination", destination)
                        .execute());
    }

    public void hold(String destination, String actor, String reason, Instant at) {
        database.write()
                .useHandle(handle -> handle.createUpdate("insert into destination_hold (destination, actor, reason,"
                                + " held_at) values (:destination, :actor, :reason, :at)"
                                + " on conflict (destination) do update set actor = excluded.actor,"
                                + " reason = excluded.reason, held_at = excluded.held_at")
                        .bind("destination", destination)
                        .bind("actor", actor)
                        .bind("reason", reason)
                        .bind("at", Microseconds.of(at))
                        .execute());
    }

    public void release(String destination) {
        database.write()
                .useHandle(handle -> handle.createUpdate("delete from destination_hold where destination = :name")
                        .bind("name", destination)
                        .execute());
    }

    /** Why a destination is held; empty where it is not. */
    public Optional<String> holdOf(String destination) {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select reason from destination_hold where destination = :name")
                .bind("name", destination)
                .mapTo(String.class)
                .findOne());
    }

    public Map<OutgoingObject.State, Long> countByState(String destination) {
        return database.read().withHandle(handle -> {
            Map<OutgoingObject.State, Long> counts = new HashMap<>();
            handle.createQuery("select state, count(*) as n from outgoing where destination = :name group by state")
                    .bind("name", destination)
                    .map((row, context) ->
                            Map.entry(OutgoingObject.State.valueOf(row.getString("state")), row.getLong("n")))
                    .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
            return counts;
        });
    }

    /** In the order of sending. */
    public List<OutgoingObject> ofPrediction(String predictionId) {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select * from outgoing where prediction_id = :id" + " order by destination, position")
                .bind("id", predictionId)
                .map(OBJECT)
                .list());
    }

    /** What an operator must look at, and what waits, newest first. */
    public List<OutgoingObject> unfinished(int limit) {
        return database.read()
                .withHandle(handle -> handle.createQuery("select * from outgoing where state <> 'DELIVERED'"
                                + " order by updated_at desc, sop_instance_uid limit :limit")
                        .bind("limit", limit)
                        .map(OBJECT)
                        .list());
    }
}
