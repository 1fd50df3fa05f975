package walnut.server.database;

import java.time.Duration;
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

    /** The longest pause between two attempts; a later one was written before the clock was set back. */
    private static final Duration FARTHEST_ATTEMPT = Duration.ofHours(2);

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
        INPUT_GONE,
        /** Images came after a review: it supersedes nothing of what was sent until an operator says so. */
        AFTER_REVIEW,
        /** An operator said so; its objects are still to be written. */
        RELEASED,
        /** Its objects cannot be written, for a reason that the log names. */
        NOT_WRITABLE
    }

    /** @param afterReview whether it must wait for an operator, since somebody had reviewed the one before it */
    public record Undecided(String predictionId, boolean afterReview) {}

    /** Predictions made to be sent that nobody has looked at yet, or that an operator has let go, oldest first. */
    public List<Undecided> undecided(int limit) {
        return database.read().withHandle(handle -> handle.createQuery("select p.prediction_id,"
                        + " case when d.verdict is null then p.after_review else 0 end as waits from prediction p"
                        + " join study_case c on c.case_id = p.case_id"
                        + " left join dispatch d on d.prediction_id = p.prediction_id"
                        + " where p.kind = 'CLINICAL' and (d.verdict is null or d.verdict = 'RELEASED')"
                        + " and c.discarded_at is null order by p.created_at, p.prediction_id limit :limit")
                .bind("limit", limit)
                .map((row, context) -> new Undecided(row.getString("prediction_id"), row.getInt("waits") == 1))
                .list());
    }

    /** Lets a prediction go that waits since a review came before it; false where none such waits. */
    public boolean letGo(String predictionId, Instant at) {
        return database.write().withHandle(handle -> handle.createUpdate("update dispatch set verdict = 'RELEASED',"
                                + " decided_at = :at where prediction_id = :id and verdict = 'AFTER_REVIEW'")
                        .bind("at", Microseconds.of(at))
                        .bind("id", predictionId)
                        .execute())
                == 1;
    }

    /** Notes the decision with its objects, in one transaction; done twice, it stands once. */
    public void decide(String predictionId, Verdict verdict, Collection<OutgoingObject> objects, Instant at) {
        database.write().useTransaction(handle -> {
            int added = handle.createUpdate("insert into dispatch (prediction_id, verdict, decided_at)"
                            + " values (:id, :verdict, :at) on conflict (prediction_id) do update set"
                            + " verdict = excluded.verdict, decided_at = excluded.decided_at"
                            + " where dispatch.verdict = 'RELEASED'")
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

    /**
     * Takes what is to be sent to a destination now, in the order of sending; nobody else gets it until the lease ends.
     * Nothing while an operator holds the destination, nothing of a case that was put aside.
     */
    public List<OutgoingObject> claim(String destination, String holder, Instant now, Duration lease, int limit) {
        return database.write().inTransaction(handle -> {
            List<OutgoingObject> due = handle.createQuery(
                            "select o.* from outgoing o where o.destination = :destination"
                                    + " and o.state = 'PENDING' and (o.next_attempt_at <= :now or o.next_attempt_at > :farthest)"
                                    + " and (coalesce(o.claimed_until, 0) <= :now or o.claimed_until > :longest) and not exists"
                                    + " (select 1 from destination_hold h where h.destination = o.destination) and not exists"
                                    + " (select 1 from prediction p join study_case c on c.case_id = p.case_id"
                                    + " where p.prediction_id = o.prediction_id and c.discarded_at is not null)"
                                    + " order by o.created_at, o.prediction_id, o.position limit :limit"
                                    + database.takingFreeRows("o"))
                    .bind("destination", destination)
                    .bind("now", Microseconds.of(now))
                    .bind("farthest", Microseconds.of(now.plus(FARTHEST_ATTEMPT)))
                    .bind("longest", Microseconds.of(now.plus(Lease.farthestEnd(lease))))
                    .bind("limit", limit)
                    .map(OBJECT)
                    .list();
            for (OutgoingObject object : due) {
                handle.createUpdate("update outgoing set claimed_by = :holder, claimed_until = :until"
                                + " where destination = :destination and sop_instance_uid = :uid")
                        .bind("holder", holder)
                        .bind("until", Microseconds.of(now.plus(lease)))
                        .bind("destination", destination)
                        .bind("uid", object.sopInstanceUid())
                        .execute();
            }
            return due;
        });
    }

    /** Makes the lease of everything that somebody took for a destination end later. */
    public void renew(String destination, String holder, Instant until) {
        database.write().useHandle(handle -> handle.createUpdate("update outgoing set claimed_until = :until"
                        + " where destination = :destination and claimed_by = :holder")
                .bind("until", Microseconds.of(until))
                .bind("destination", destination)
                .bind("holder", holder)
                .execute());
    }

    /** Ends every claim, where it is certain that nobody else works on this database. */
    public void releaseAll() {
        database.write()
                .useHandle(handle -> handle.execute("update outgoing set claimed_by = null, claimed_until = null"
                        + " where claimed_until is not null"));
    }

    /**
     * What became of one attempt. Whoever does not hold the object any more (its lease ended, or an operator wants it sent
     * again) changes nothing.
     */
    public void attempted(
            OutgoingObject object,
            String holder,
            OutgoingObject.State state,
            Instant nextAttemptAt,
            String answer,
            Instant at) {
        database.write().useHandle(handle -> handle.createUpdate("update outgoing set state = :state,"
                        + " attempts = attempts + 1, next_attempt_at = :next, last_answer = :answer,"
                        + " claimed_by = null, claimed_until = null,"
                        + " updated_at = :at where destination = :destination and sop_instance_uid = :uid"
                        + " and claimed_by = :holder")
                .bind("holder", holder)
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
                                + " next_attempt_at = :at, created_at = :at, updated_at = :at, claimed_by = null,"
                                + " claimed_until = null where prediction_id = :prediction"
                                + " and (cast(:destination as text) is null or destination = :destination)")
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
