package walnut.server.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;

/** The cases of this node, or of all nodes on one database: a queue of those that are due, claimed by lease. */
public final class CaseTable {
    /** What just came goes first; what an operator wants again takes what is left. */
    private static final int LIVE = 0;

    private static final int AGAIN = 1;

    private static final RowMapper<StoredCase> CASE = (row, context) -> new StoredCase(
            row.getString("case_id"),
            row.getString("issuer_of_patient_id"),
            row.getString("patient_id"),
            row.getString("study_instance_uid"),
            row.getString("study_date"),
            CaseState.valueOf(row.getString("state")),
            row.getInt("instance_count"),
            Microseconds.toInstant(row.getLong("first_received_at")),
            Microseconds.toInstant(row.getLong("last_received_at")),
            Microseconds.toInstant(row.getLong("due_at")),
            discard(row),
            Microseconds.orNull(row, "inputs_removed_at"),
            Optional.ofNullable(row.getString("waits_for"))
                    .map(FailureCode::valueOf)
                    .orElse(null));

    private final Database database;
    private final Clock clock;

    public CaseTable(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    private static StoredCase.@Nullable Discard discard(ResultSet row) throws SQLException {
        Instant at = Microseconds.orNull(row, "discarded_at");
        return at == null
                ? null
                : new StoredCase.Discard(row.getString("discarded_by"), row.getString("discard_reason"), at);
    }

    /**
     * Takes a case that is due, or whose holder's lease is over: live ones first, then the one that has been due longest.
     * Nobody else gets it until the lease ends, it is given back, finished, or opened again by an image.
     */
    public Optional<Claim> claimDue(String holder, Lease lease) {
        return database.write().inTransaction(handle -> {
            Instant now = clock.instant();
            Optional<Claim> due = handle.createQuery("select * from study_case where discarded_at is null and ("
                            + "(state = 'RECEIVING' and (due_at <= :now or due_at > :farthest))"
                            + " or (state = 'RUNNING' and (coalesce(claimed_until, 0) <= :now or claimed_until > :longest)))"
                            + " order by priority, due_at, case_id limit 1" + database.takingFreeRows())
                    .bind("now", Microseconds.of(now))
                    .bind("farthest", Microseconds.of(now.plus(lease.farthest())))
                    .bind("longest", Microseconds.of(now.plus(lease.farthestEnd())))
                    .map((row, context) -> new Claim(CASE.map(row, context), holder, row.getInt("attempts") + 1))
                    .findFirst();
            due.ifPresent(claim -> claim(handle, claim, now, lease.length()));
            return due;
        });
    }

    /** An image that came in the future came before the clock was set back: it counts as having come now. */
    private static void claim(Handle handle, Claim claim, Instant now, Duration length) {
        handle.createUpdate("update study_case set state = 'RUNNING', claimed_by = :holder, claimed_until = :until,"
                        + " attempts = :attempt, waits_for = null, first_received_at ="
                        + " case when first_received_at > :now then :now else first_received_at end"
                        + " where case_id = :id")
                .bind("holder", claim.holder())
                .bind("until", Microseconds.of(now.plus(length)))
                .bind("attempt", claim.attempt())
                .bind("now", Microseconds.of(now))
                .bind("id", claim.caseId())
                .execute();
    }

    /** Makes the lease begin anew; false where the case is not this claim's any more. */
    public boolean renew(Claim claim, Duration length) {
        return database.write().withHandle(handle -> handle.createUpdate("update study_case set claimed_until = :until"
                                + " where case_id = :id and state = 'RUNNING' and claimed_by = :holder")
                        .bind("until", Microseconds.of(clock.instant().plus(length)))
                        .bind("id", claim.caseId())
                        .bind("holder", claim.holder())
                        .execute())
                == 1;
    }

    /**
     * Gives a case back for a reason that lies outside of it; that was no attempt.
     *
     * @param why what it waits for; null for images still missing
     */
    public void postpone(Claim claim, Instant dueAt, @Nullable FailureCode why) {
        giveBack(claim, dueAt, why, ", attempts = 0");
    }

    /** Gives a case back after an attempt that failed with this and may succeed later. */
    public void retry(Claim claim, Instant dueAt, FailureCode why) {
        giveBack(claim, dueAt, why, "");
    }

    private void giveBack(Claim claim, Instant dueAt, @Nullable FailureCode why, String attempts) {
        database.write().useHandle(handle -> handle.createUpdate("update study_case set state = 'RECEIVING',"
                        + " due_at = :due, claimed_by = null, claimed_until = null, waits_for = :why" + attempts
                        + " where case_id = :id and state = 'RUNNING' and claimed_by = :holder")
                .bind("due", Microseconds.of(dueAt))
                .bind("why", why == null ? null : why.name())
                .bind("id", claim.caseId())
                .bind("holder", claim.holder())
                .execute());
    }

    /** What the outcome rests on has changed: a case that has one, or is being worked on, is due again at once. */
    public void reopen(String caseId) {
        database.write().useHandle(handle -> handle.createUpdate("update study_case set state = 'RECEIVING',"
                        + " due_at = :now, attempts = 0, claimed_by = null, claimed_until = null"
                        + " where case_id = :id and state <> 'RECEIVING' and discarded_at is null")
                .bind("now", Microseconds.of(clock.instant()))
                .bind("id", caseId)
                .execute());
    }

    /** When the next case is due or a lease ends; empty while nothing waits. */
    public Optional<Instant> nextDueAt() {
        return database.read().withHandle(handle -> handle.createQuery("select min(moment) from ("
                        + "select due_at as moment from study_case where state = 'RECEIVING' and discarded_at is null"
                        + " union all select claimed_until from study_case where state = 'RUNNING') as waiting")
                .map((row, context) -> {
                    long at = row.getLong(1);
                    return row.wasNull() ? Optional.<Instant>empty() : Optional.of(Microseconds.toInstant(at));
                })
                .one());
    }

    /** Notes the StudyDate once the study has been read. */
    public void dated(String caseId, String studyDate) {
        database.write()
                .useHandle(handle -> handle.createUpdate("update study_case set study_date = :date where case_id = :id")
                        .bind("date", studyDate)
                        .bind("id", caseId)
                        .execute());
    }

    /** A study that retention had removed was sent again as a whole. */
    public void inputsAreBack(String caseId) {
        database.write().useHandle(handle -> handle.createUpdate(
                        "update study_case set inputs_removed_at = null where case_id = :id")
                .bind("id", caseId)
                .execute());
    }

    /**
     * Ends every lease, where it is certain that nobody else works on this database: what was claimed is due at once.
     * Returns how many cases that were.
     */
    public int releaseAll() {
        return database.write().withHandle(handle -> handle.createUpdate("update study_case set state = 'RECEIVING',"
                        + " claimed_by = null, claimed_until = null where state = 'RUNNING'")
                .execute());
    }

    /** What came of asking for a case to be run again. */
    public enum Requeued {
        QUEUED,
        /** It is waiting or being worked on anyway. */
        WAITING_ALREADY,
        DISCARDED,
        INPUT_GONE
    }

    /** Lets a finished case run again, after everything that just came; empty where there is no such case. */
    public Optional<Requeued> requeue(String caseId) {
        return database.write().inTransaction(handle -> {
            Optional<StoredCase> found = forChange(handle, caseId);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            StoredCase stored = found.get();
            if (stored.discard() != null) {
                return Optional.of(Requeued.DISCARDED);
            }
            if (stored.state() != CaseState.DONE) {
                return Optional.of(Requeued.WAITING_ALREADY);
            }
            if (stored.inputsRemovedAt() != null || stored.instanceCount() == 0) {
                return Optional.of(Requeued.INPUT_GONE);
            }
            open(handle, caseId, AGAIN);
            return Optional.of(Requeued.QUEUED);
        });
    }

    private Optional<StoredCase> forChange(Handle handle, String caseId) {
        return handle.createQuery("select * from study_case where case_id = :id" + database.waitingForRows())
                .bind("id", caseId)
                .map(CASE)
                .findOne();
    }

    private void open(Handle handle, String caseId, int priority) {
        handle.createUpdate("update study_case set state = 'RECEIVING', due_at = :now, priority = :priority,"
                        + " attempts = 0, claimed_by = null, claimed_until = null where case_id = :id")
                .bind("now", Microseconds.of(clock.instant()))
                .bind("priority", priority)
                .bind("id", caseId)
                .execute();
    }

    /** Puts a case aside; whoever works on it stores nothing more. False where it was put aside before, or is unknown. */
    public boolean discard(String caseId, String actor, String reason) {
        return database.write().withHandle(handle -> handle.createUpdate("update study_case set state = 'DONE',"
                                + " claimed_by = null, claimed_until = null, discarded_by = :actor,"
                                + " discard_reason = :reason, discarded_at = :now"
                                + " where case_id = :id and discarded_at is null")
                        .bind("actor", actor)
                        .bind("reason", reason)
                        .bind("now", Microseconds.of(clock.instant()))
                        .bind("id", caseId)
                        .execute())
                == 1;
    }

    /** Takes a case up again that was put aside; false where it was not. */
    public boolean takeUpAgain(String caseId) {
        return database.write().inTransaction(handle -> {
            int taken = handle.createUpdate("update study_case set discarded_by = null, discard_reason = null,"
                            + " discarded_at = null where case_id = :id and discarded_at is not null")
                    .bind("id", caseId)
                    .execute();
            if (taken == 1) {
                open(handle, caseId, LIVE);
            }
            return taken == 1;
        });
    }

    public Optional<StoredCase> find(String caseId) {
        return database.read().withHandle(handle -> handle.createQuery("select * from study_case where case_id = :id")
                .bind("id", caseId)
                .map(CASE)
                .findOne());
    }

    /** More than one where two patients share a StudyInstanceUID. */
    public List<StoredCase> ofStudy(String studyInstanceUid) {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select * from study_case where study_instance_uid = :uid order by case_id")
                .bind("uid", studyInstanceUid)
                .map(CASE)
                .list());
    }

    /** As {@link #ofStudy}, of many at once; studies that are not here are absent. */
    public Map<String, List<StoredCase>> ofStudies(Collection<String> studyInstanceUids) {
        if (studyInstanceUids.isEmpty()) {
            return Map.of();
        }
        return database.read().withHandle(handle -> handle
                .createQuery("select * from study_case where study_instance_uid in (<studies>) order by case_id")
                .bindList("studies", List.copyOf(studyInstanceUids))
                .map(CASE)
                .stream()
                .collect(Collectors.groupingBy(StoredCase::studyInstanceUid)));
    }

    public List<StoredCase> ofPatient(String issuerOfPatientId, String patientId) {
        return database.read()
                .withHandle(handle -> handle.createQuery("select * from study_case where patient_id = :patient"
                                + " and issuer_of_patient_id = :issuer order by first_received_at, case_id")
                        .bind("patient", patientId)
                        .bind("issuer", issuerOfPatientId)
                        .map(CASE)
                        .list());
    }

    /** Every case that a model said something of, by its id. */
    public Map<String, StoredCase> predictedBy(String modelId) {
        return database.read().withHandle(handle -> handle.createQuery("select c.* from study_case c where exists"
                        + " (select 1 from prediction p where p.case_id = c.case_id and p.model_id = :model)")
                .bind("model", modelId)
                .map(CASE)
                .collect(Collectors.toMap(StoredCase::caseId, Function.identity())));
    }

    /**
     * Newest first: case ids are UUIDv7 and sort by time.
     *
     * @param before the last id of the page before
     */
    public List<StoredCase> newest(
            @Nullable String studyInstanceUid, @Nullable String patientId, @Nullable String before, int limit) {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select * from study_case"
                                + " where (cast(:study as text) is null or study_instance_uid = :study)"
                                + " and (cast(:patient as text) is null or patient_id = :patient)"
                                + " and (cast(:before as text) is null or case_id < :before) order by case_id desc limit :limit")
                .bind("study", studyInstanceUid)
                .bind("patient", patientId)
                .bind("before", before)
                .bind("limit", limit)
                .map(CASE)
                .list());
    }

    public long count(CaseState state) {
        return database.read()
                .withHandle(handle -> handle.createQuery("select count(*) from study_case where state = :state")
                        .bind("state", state.name())
                        .mapTo(Long.class)
                        .one());
    }

    /** A state and, once there is one, the outcome of the newest prediction. */
    public record StateAndOutcome(
            CaseState state, boolean discarded, @Nullable String outcome) {}

    public Map<StateAndOutcome, Long> countByStateAndOutcome() {
        return database.read().withHandle(handle -> {
            Map<StateAndOutcome, Long> counts = new HashMap<>();
            handle.createQuery("select state, discarded, outcome, count(*) as n from (select c.state,"
                            + " case when c.discarded_at is null then 0 else 1 end as discarded,"
                            + " (select p.outcome from prediction p where p.case_id = c.case_id"
                            + " order by p.created_at desc, p.prediction_id desc limit 1) as outcome"
                            + " from study_case c) as seen group by state, discarded, outcome")
                    .map((row, context) -> {
                        StateAndOutcome key = new StateAndOutcome(
                                CaseState.valueOf(row.getString("state")),
                                row.getInt("discarded") == 1,
                                row.getString("outcome"));
                        return Map.entry(key, row.getLong("n"));
                    })
                    .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
            return counts;
        });
    }
}
