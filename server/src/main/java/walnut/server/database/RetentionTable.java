package walnut.server.database;

import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Which studies are finished, and how their images go. */
public final class RetentionTable {
    private static final long MICROS_PER_DAY = 24L * 60 * 60 * 1_000_000;

    /**
     * A case of which nothing is left to do: refused, or completed with everything delivered that was to leave; or put
     * aside. A failure is looked at first, and what waits for an operator still needs its images.
     */
    private static final String FINISHED = "(c.discarded_at is not null or (c.state = 'DONE' and exists"
            + " (select 1 from prediction p left join dispatch d on d.prediction_id = p.prediction_id"
            + " where p.case_id = c.case_id and p.outcome <> 'FAILED' and (p.kind <> 'CLINICAL' or d.verdict in"
            + " ('QUEUED', 'OUT_OF_INTENDED_USE', 'NO_DESTINATION', 'INPUT_GONE')) and not exists"
            + " (select 1 from prediction newer where newer.case_id = p.case_id and (newer.created_at > p.created_at"
            + " or (newer.created_at = p.created_at and newer.prediction_id > p.prediction_id))))"
            + " and not exists (select 1 from outgoing o join prediction p on p.prediction_id = o.prediction_id"
            + " where p.case_id = c.case_id and o.state <> 'DELIVERED')))";

    private final Database database;

    public RetentionTable(Database database) {
        this.database = database;
    }

    public record Images(long count, long bytes) {}

    /** @param caseIds more than one where patients share a StudyInstanceUID */
    public record FinishedStudy(
            String studyInstanceUid, List<String> caseIds, Instant lastReceivedAt, long images, long bytes) {}

    /** Studies whose every case is finished and that still have images, oldest first. */
    public List<FinishedStudy> finished(Optional<FinishedStudy> after, int limit) {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select * from (select i.study_instance_uid, count(*) as images, sum(i.size_bytes) as bytes,"
                                + " (select max(c.last_received_at) from study_case c"
                                + " where c.study_instance_uid = i.study_instance_uid) as last_at from instance i"
                                + " where not exists (select 1 from study_case c"
                                + " where c.study_instance_uid = i.study_instance_uid and not " + FINISHED + ")"
                                + " group by i.study_instance_uid) as study where last_at is not null"
                                + " and (last_at > :last or (last_at = :last and study_instance_uid > :uid))"
                                + " order by last_at, study_instance_uid limit :limit")
                .bind(
                        "last",
                        after.map(study -> Microseconds.of(study.lastReceivedAt()))
                                .orElse(Long.MIN_VALUE))
                .bind("uid", after.map(FinishedStudy::studyInstanceUid).orElse(""))
                .bind("limit", limit)
                .map((row, context) -> new FinishedStudy(
                        row.getString("study_instance_uid"),
                        caseIds(handle, row.getString("study_instance_uid")),
                        Microseconds.toInstant(row.getLong("last_at")),
                        row.getLong("images"),
                        row.getLong("bytes")))
                .list());
    }

    private static List<String> caseIds(Handle handle, String studyInstanceUid) {
        return handle.createQuery("select case_id from study_case where study_instance_uid = :uid order by case_id")
                .bind("uid", studyInstanceUid)
                .mapTo(String.class)
                .list();
    }

    /**
     * Takes the rows of a study's images away and marks its cases, in one transaction that leaves behind which files are
     * to be deleted; false where the study is not finished any more.
     */
    public boolean remove(String studyInstanceUid, Instant at) {
        return database.alone("instance", handle -> {
            // Whoever works on a case changes its row: those of this study stand still until the commit.
            handle.createQuery("select case_id from study_case where study_instance_uid = :uid order by case_id"
                            + database.waitingForRows())
                    .bind("uid", studyInstanceUid)
                    .mapTo(String.class)
                    .list();
            long open = handle.createQuery("select count(*) from study_case c where c.study_instance_uid = :uid"
                            + " and not " + FINISHED)
                    .bind("uid", studyInstanceUid)
                    .mapTo(Long.class)
                    .one();
            if (open > 0) {
                return false;
            }
            handle.createUpdate("insert into removed_file (file, removed_at)"
                            + " select file, :at from instance where study_instance_uid = :uid")
                    .bind("at", Microseconds.of(at))
                    .bind("uid", studyInstanceUid)
                    .execute();
            handle.createUpdate("insert into removed_bytes (received_day, bytes)"
                            + " select received_at / " + MICROS_PER_DAY + ", sum(size_bytes) from instance"
                            + " where study_instance_uid = :uid group by received_at / " + MICROS_PER_DAY
                            + " on conflict (received_day) do update set bytes = removed_bytes.bytes + excluded.bytes")
                    .bind("uid", studyInstanceUid)
                    .execute();
            handle.createUpdate("delete from instance where study_instance_uid = :uid")
                    .bind("uid", studyInstanceUid)
                    .execute();
            handle.createUpdate("update study_case set inputs_removed_at = :at, instance_count = 0"
                            + " where study_instance_uid = :uid")
                    .bind("at", Microseconds.of(at))
                    .bind("uid", studyInstanceUid)
                    .execute();
            return true;
        });
    }

    /** From the data directory. */
    public List<String> filesToDelete() {
        return database.read().withHandle(handle -> handle.createQuery("select file from removed_file order by file")
                .mapTo(String.class)
                .list());
    }

    public void deleted(String file) {
        database.write().useHandle(handle -> handle.createUpdate("delete from removed_file where file = :file")
                .bind("file", file)
                .execute());
    }

    public Images images() {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select count(*) as n, coalesce(sum(size_bytes), 0) as bytes from instance")
                .map((row, context) -> new Images(row.getLong("n"), row.getLong("bytes")))
                .one());
    }

    /** When the newest image came, also one that was removed since; empty before the first. */
    public Optional<Instant> newestImage() {
        return database.read()
                .withHandle(handle -> handle.createQuery("select max(last_received_at) as at from study_case")
                        .map((row, context) -> Optional.ofNullable(Microseconds.orNull(row, "at")))
                        .one());
    }

    /** The day (UTC) of the first image that ever came. */
    public Optional<LocalDate> firstDay() {
        return database.read().withHandle(handle -> handle.createQuery("select min(day) from ("
                        + "select min(received_at) / " + MICROS_PER_DAY + " as day from instance"
                        + " union all select min(received_day) from removed_bytes) as days")
                .map((row, context) -> {
                    long day = row.getLong(1);
                    return row.wasNull() ? Optional.<LocalDate>empty() : Optional.of(LocalDate.ofEpochDay(day));
                })
                .one());
    }

    /** Bytes that came on each day (UTC) from this one on, also those that are removed by now. */
    public Map<LocalDate, Long> bytesByDay(LocalDate from) {
        return database.read().withHandle(handle -> {
            Map<LocalDate, Long> bytes = new HashMap<>();
            handle.createQuery("select received_at / " + MICROS_PER_DAY + " as day, sum(size_bytes) as bytes"
                            + " from instance where received_at >= :from group by received_at / " + MICROS_PER_DAY
                            + " union all select received_day, bytes from removed_bytes where received_day >= :day")
                    .bind("from", from.toEpochDay() * MICROS_PER_DAY)
                    .bind("day", from.toEpochDay())
                    .map((row, context) -> Map.entry(LocalDate.ofEpochDay(row.getLong("day")), row.getLong("bytes")))
                    .forEach(entry -> bytes.merge(entry.getKey(), entry.getValue(), Long::sum));
            return bytes;
        });
    }
}
