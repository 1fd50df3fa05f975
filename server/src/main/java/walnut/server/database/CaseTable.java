package walnut.server.database;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** The cases of this node and the claim a worker takes on one that is due. */
public final class CaseTable {
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
            Microseconds.toInstant(row.getLong("due_at")));

    private final Database database;
    private final Clock clock;

    public CaseTable(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Takes the case that has been due longest; nobody else gets it until it is postponed, finished or re-opened. */
    public Optional<StoredCase> claimDue() {
        return database.write().inTransaction(handle -> {
            Optional<StoredCase> due = handle.createQuery("select * from study_case"
                            + " where state = 'RECEIVING' and due_at <= :now order by due_at, case_id limit 1")
                    .bind("now", Microseconds.of(clock.instant()))
                    .map(CASE)
                    .findFirst();
            due.ifPresent(found -> handle.createUpdate("update study_case set state = 'RUNNING' where case_id = :id")
                    .bind("id", found.caseId())
                    .execute());
            return due;
        });
    }

    /** Gives a claimed case back to look at again later, unless an image that came meanwhile has done so already. */
    public void postpone(String caseId, Instant dueAt) {
        database.write().useHandle(handle -> handle.createUpdate("update study_case set state = 'RECEIVING',"
                        + " due_at = :due where case_id = :id and state = 'RUNNING'")
                .bind("due", Microseconds.of(dueAt))
                .bind("id", caseId)
                .execute());
    }

    /** What the outcome rests on has changed: a case that has one, or is being worked on, is due again at once. */
    public void reopen(String caseId) {
        database.write().useHandle(handle -> handle.createUpdate("update study_case set state = 'RECEIVING',"
                        + " due_at = :now where case_id = :id and state <> 'RECEIVING'")
                .bind("now", Microseconds.of(clock.instant()))
                .bind("id", caseId)
                .execute());
    }

    /** Notes the StudyDate once the study has been read. */
    public void dated(String caseId, String studyDate) {
        database.write()
                .useHandle(handle -> handle.createUpdate("update study_case set study_date = :date where case_id = :id")
                        .bind("date", studyDate)
                        .bind("id", caseId)
                        .execute());
    }

    /** After a restart nobody works on anything: what was claimed is due at once. Returns how many cases that were. */
    public int releaseAll() {
        return database.write().withHandle(handle -> handle.createUpdate(
                        "update study_case set state = 'RECEIVING', due_at = :now where state = 'RUNNING'")
                .bind("now", Microseconds.of(clock.instant()))
                .execute());
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
    public List<StoredCase> newest(@Nullable String studyInstanceUid, @Nullable String before, int limit) {
        return database.read().withHandle(handle -> handle.createQuery("select * from study_case"
                        + " where (:study is null or study_instance_uid = :study)"
                        + " and (:before is null or case_id < :before) order by case_id desc limit :limit")
                .bind("study", studyInstanceUid)
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
    public record StateAndOutcome(CaseState state, @Nullable String outcome) {}

    public Map<StateAndOutcome, Long> countByStateAndOutcome() {
        return database.read().withHandle(handle -> {
            Map<StateAndOutcome, Long> counts = new HashMap<>();
            handle.createQuery("select c.state, (select p.outcome from prediction p where p.case_id = c.case_id"
                            + " order by p.created_at desc, p.prediction_id desc limit 1) as outcome, count(*) as n"
                            + " from study_case c group by 1, 2")
                    .map((row, context) -> {
                        StateAndOutcome key = new StateAndOutcome(
                                CaseState.valueOf(row.getString("state")), row.getString("outcome"));
                        return Map.entry(key, row.getLong("n"));
                    })
                    .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
            return counts;
        });
    }
}
