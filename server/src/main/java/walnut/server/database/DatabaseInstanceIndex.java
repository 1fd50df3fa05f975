package walnut.server.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.Committed;
import walnut.store.ContentComparison;
import walnut.store.Disposition;
import walnut.store.InstanceChange;
import walnut.store.InstanceChange.Kind;
import walnut.store.InstanceIndex;
import walnut.store.Likeness;
import walnut.store.StoredInstance;

/**
 * The durable list of instances. The transaction that adds an instance also opens its case or opens it again, so that
 * there is never an acknowledged image that no case is waiting for.
 */
public final class DatabaseInstanceIndex implements InstanceIndex {
    private static final RowMapper<StoredInstance> INSTANCE = (row, context) -> instance(row);

    private static final RowMapper<InstanceChange> CHANGE = (row, context) -> new InstanceChange(
            row.getString("sop_instance_uid"),
            Kind.valueOf(row.getString("kind")),
            row.getString("dataset_sha256"),
            row.getString("earlier_sha256"),
            row.getString("actor"),
            row.getString("reason"),
            row.getLong("recorded_at"));

    private static final String OF_CASE =
            " where study_instance_uid = :study and patient_id = :patient and issuer_of_patient_id = :issuer";

    private final Database database;
    private final Duration quiet;
    private final Clock clock;
    private final Ids ids;
    private volatile @Nullable CommitStatements prepared;

    /** @param quiet how long nothing may arrive before assembly looks at a case */
    public DatabaseInstanceIndex(Database database, Duration quiet, Clock clock, Ids ids) {
        this.database = database;
        this.quiet = quiet;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public List<Committed> commit(List<StoredInstance> group, ContentComparison contents) {
        return database.onRelaxedWriter(connection -> {
            CommitStatements statements = statements(connection);
            statements.begin();
            try {
                List<Committed> judged = new ArrayList<>(group.size());
                for (StoredInstance instance : group) {
                    judged.add(commit(statements, connection, instance, contents));
                }
                statements.commit();
                return judged;
            } catch (SQLException | RuntimeException e) {
                statements.rollback(e);
                throw e;
            }
        });
    }

    @Override
    public void sync() {
        database.awaitDurable();
    }

    private Committed commit(
            CommitStatements statements, Connection connection, StoredInstance instance, ContentComparison contents)
            throws SQLException {
        List<StoredInstance> known = statements.find(instance.sopInstanceUid());
        for (StoredInstance earlier : known) {
            if (earlier.datasetSha256().equals(instance.datasetSha256())) {
                return new Committed(Disposition.RESEND, earlier);
            }
        }
        if (!known.isEmpty()) {
            // Rare enough for statements that are parsed each time; on the same connection, in the same transaction.
            try (Handle handle = Jdbi.create(connection).open()) {
                return commitBeside(statements, handle, known, instance, contents);
            }
        }
        add(statements, instance);
        return new Committed(Disposition.NEW, instance);
    }

    private void add(CommitStatements statements, StoredInstance instance) throws SQLException {
        statements.insert(instance);
        if (instance.isOfStudy()) {
            long dueAt = Microseconds.of(clock.instant().plus(quiet));
            if (!statements.reopenCase(instance, dueAt)) {
                statements.openCase(ids.next(), instance, dueAt);
            }
        }
    }

    /** Those of the connection, prepared when it is first seen. Called by one thread at a time: there is one writer. */
    private CommitStatements statements(Connection connection) throws SQLException {
        CommitStatements known = prepared;
        if (known == null || !known.isOf(connection)) {
            known = new CommitStatements(connection, database.isShared());
            prepared = known;
        }
        return known;
    }

    private Committed commitBeside(
            CommitStatements statements,
            Handle handle,
            List<StoredInstance> known,
            StoredInstance instance,
            ContentComparison contents)
            throws SQLException {
        List<StoredInstance> standing = standing(handle, instance.sopInstanceUid());
        Optional<StoredInstance> samePixels = Optional.empty();
        for (StoredInstance earlier : known) {
            Likeness likeness = contents.compare(earlier, instance);
            if (likeness == Likeness.SAME_DATA_SET) {
                return new Committed(Disposition.RESEND, earlier);
            }
            if (likeness == Likeness.SAME_PIXELS && standing.contains(earlier)) {
                samePixels = Optional.of(earlier);
            }
        }
        add(statements, instance);
        Kind kind = samePixels.isPresent() ? Kind.ATTRIBUTE_UPDATE : Kind.CONFLICT;
        StoredInstance earlier = samePixels.orElse(standing.get(standing.size() - 1));
        record(
                handle,
                new InstanceChange(
                        instance.sopInstanceUid(),
                        kind,
                        instance.datasetSha256(),
                        earlier.datasetSha256(),
                        instance.callingAeTitle(),
                        "",
                        instance.receivedAt()));
        if (kind == Kind.ATTRIBUTE_UPDATE) {
            supersede(handle, earlier, instance.datasetSha256());
            reopenCase(handle, earlier);
        }
        flagConflict(handle, instance.sopInstanceUid());
        return new Committed(
                kind == Kind.ATTRIBUTE_UPDATE ? Disposition.ATTRIBUTE_UPDATE : Disposition.CONFLICT, instance);
    }

    private static void supersede(Handle handle, StoredInstance earlier, String datasetSha256) {
        handle.createUpdate("update instance set superseded_by = :sha256 where file = :file")
                .bind("sha256", datasetSha256)
                .bind("file", earlier.file())
                .execute();
    }

    private static void record(Handle handle, InstanceChange change) {
        handle.createUpdate("insert into instance_change (sop_instance_uid, kind, dataset_sha256, earlier_sha256,"
                        + " actor, reason, recorded_at) values (:uid, :kind, :sha256, :earlier, :actor, :reason, :at)")
                .bind("uid", change.sopInstanceUid())
                .bind("kind", change.kind().name())
                .bind("sha256", change.datasetSha256())
                .bind("earlier", change.earlierSha256())
                .bind("actor", change.actor())
                .bind("reason", change.reason())
                .bind("at", change.recordedAt())
                .execute();
    }

    /** Every standing row of a UID is flagged while there are several. */
    private static void flagConflict(Handle handle, String sopInstanceUid) {
        handle.createUpdate("update instance set conflict = case when superseded_by is null and"
                        + " (select count(*) from instance beside where beside.sop_instance_uid = :uid"
                        + " and beside.superseded_by is null) > 1 then 1 else 0 end where sop_instance_uid = :uid")
                .bind("uid", sopInstanceUid)
                .execute();
    }

    /**
     * Counts a case's standing images anew and lets assembly look again, since what it was made of has changed. A case
     * that has none any more is over; nobody will miss it when nothing was ever said of it.
     */
    private void reopenCase(Handle handle, StoredInstance changed) {
        handle.createUpdate("update study_case set state = 'RECEIVING', due_at = :due, instance_count ="
                        + " (select count(*) from instance i where i.study_instance_uid = :study"
                        + " and i.patient_id = :patient and i.issuer_of_patient_id = :issuer"
                        + " and i.superseded_by is null)" + OF_CASE)
                .bind("due", Microseconds.of(clock.instant().plus(quiet)))
                .bindMap(caseOf(changed))
                .execute();
        handle.createUpdate("delete from study_case" + OF_CASE + " and instance_count = 0"
                        + " and not exists (select 1 from prediction p where p.case_id = study_case.case_id)"
                        + " and not exists (select 1 from label l where l.case_id = study_case.case_id)")
                .bindMap(caseOf(changed))
                .execute();
        handle.createUpdate("update study_case set state = 'DONE'" + OF_CASE + " and instance_count = 0")
                .bindMap(caseOf(changed))
                .execute();
    }

    private static Map<String, String> caseOf(StoredInstance instance) {
        return Map.of(
                "study", instance.studyInstanceUid(),
                "patient", instance.patientId(),
                "issuer", instance.issuerOfPatientId());
    }

    @Override
    public List<StoredInstance> find(String sopInstanceUid) {
        return database.read().withHandle(handle -> find(handle, sopInstanceUid));
    }

    private static List<StoredInstance> find(Handle handle, String sopInstanceUid) {
        return handle.createQuery("select * from instance where sop_instance_uid = :uid order by received_at")
                .bind("uid", sopInstanceUid)
                .map(INSTANCE)
                .list();
    }

    @Override
    public List<StoredInstance> standing(String sopInstanceUid) {
        return database.read().withHandle(handle -> standing(handle, sopInstanceUid));
    }

    private static List<StoredInstance> standing(Handle handle, String sopInstanceUid) {
        return handle.createQuery("select * from instance where sop_instance_uid = :uid and superseded_by is null"
                        + " order by received_at")
                .bind("uid", sopInstanceUid)
                .map(INSTANCE)
                .list();
    }

    @Override
    public List<InstanceChange> changes(String sopInstanceUid) {
        return database.read().withHandle(handle -> handle.createQuery("select * from instance_change"
                        + " where sop_instance_uid = :uid order by recorded_at, earlier_sha256")
                .bind("uid", sopInstanceUid)
                .map(CHANGE)
                .list());
    }

    @Override
    public void choose(String sopInstanceUid, String datasetSha256, String operator, String reason) {
        database.alone("instance", handle -> {
            List<StoredInstance> standing = standing(handle, sopInstanceUid);
            if (standing.stream().noneMatch(one -> one.datasetSha256().equals(datasetSha256))) {
                throw new WalnutException(FailureCode.NOT_FOUND, "no such content stands under this SOP Instance UID");
            }
            long now = Microseconds.of(clock.instant());
            for (StoredInstance other : standing) {
                if (!other.datasetSha256().equals(datasetSha256)) {
                    supersede(handle, other, datasetSha256);
                    record(
                            handle,
                            new InstanceChange(
                                    sopInstanceUid,
                                    Kind.CHOICE,
                                    datasetSha256,
                                    other.datasetSha256(),
                                    operator,
                                    reason,
                                    now));
                }
            }
            flagConflict(handle, sopInstanceUid);
            standing.forEach(one -> reopenCase(handle, one));
            return standing.size();
        });
    }

    /** The instances of a study that stand, oldest first, whichever patient they say they are of. */
    public List<StoredInstance> ofStudy(String studyInstanceUid) {
        return database.read().withHandle(handle -> handle.createQuery("select * from instance"
                        + " where study_instance_uid = :uid and superseded_by is null order by received_at")
                .bind("uid", studyInstanceUid)
                .map(INSTANCE)
                .list());
    }

    /** What stands and belongs to no patient, newest first: hanging protocols, implant templates and the like. */
    public List<StoredInstance> newestOfNoStudy(int limit) {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select * from instance where study_instance_uid = '' and superseded_by is null"
                                + " order by received_at desc limit :limit")
                .bind("limit", limit)
                .map(INSTANCE)
                .list());
    }

    /** How many of those there are. */
    public long countOfNoStudy() {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select count(*) from instance where study_instance_uid = '' and superseded_by is null")
                .mapTo(Long.class)
                .one());
    }

    /** Every content that ever came under a study, superseded ones included: what a past prediction was made from. */
    public List<StoredInstance> keptOfStudy(String studyInstanceUid) {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select * from instance where study_instance_uid = :uid order by received_at")
                .bind("uid", studyInstanceUid)
                .map(INSTANCE)
                .list());
    }

    /** Every SOP Instance UID that waits for an operator's choice. */
    public List<String> conflicts() {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select distinct sop_instance_uid from instance where conflict = 1 order by sop_instance_uid")
                .mapTo(String.class)
                .list());
    }

    /** SOP Instance UIDs of a study that came with more than one content; nothing is inferred on them. */
    public List<String> conflictsOfStudy(String studyInstanceUid) {
        return database.read().withHandle(handle -> handle.createQuery("select distinct sop_instance_uid from instance"
                        + " where study_instance_uid = :uid and conflict = 1 order by sop_instance_uid")
                .bind("uid", studyInstanceUid)
                .mapTo(String.class)
                .list());
    }

    @Override
    public void forEachSince(long since, Consumer<StoredInstance> action) {
        database.stream(
                "select * from instance where received_at >= :since order by received_at",
                Map.of("since", since),
                INSTANCE,
                action);
    }

    @Override
    public void delete(Collection<StoredInstance> instances) {
        if (instances.isEmpty()) {
            return;
        }
        database.alone("instance", handle -> {
            instances.forEach(instance -> delete(handle, instance));
            return instances.size();
        });
    }

    private void delete(Handle handle, StoredInstance instance) {
        Optional<String> successor = handle.createQuery("select superseded_by from instance where file = :file")
                .bind("file", instance.file())
                .mapTo(String.class)
                .findFirst();
        int deleted = handle.createUpdate("delete from instance where file = :file")
                .bind("file", instance.file())
                .execute();
        if (deleted == 0) {
            return;
        }
        handle.createUpdate("update instance set superseded_by = :successor"
                        + " where sop_instance_uid = :uid and superseded_by = :sha256")
                .bind("successor", successor.orElse(null))
                .bind("uid", instance.sopInstanceUid())
                .bind("sha256", instance.datasetSha256())
                .execute();
        handle.createUpdate("delete from instance_change where sop_instance_uid = :uid and dataset_sha256 = :sha256")
                .bind("uid", instance.sopInstanceUid())
                .bind("sha256", instance.datasetSha256())
                .execute();
        flagConflict(handle, instance.sopInstanceUid());
        reopenCase(handle, instance);
        standing(handle, instance.sopInstanceUid()).forEach(one -> reopenCase(handle, one));
    }

    static StoredInstance instance(ResultSet row) throws SQLException {
        return new StoredInstance(
                row.getString("sop_instance_uid"),
                row.getString("sop_class_uid"),
                row.getString("series_instance_uid"),
                row.getString("study_instance_uid"),
                row.getString("transfer_syntax_uid"),
                row.getString("patient_id"),
                row.getString("issuer_of_patient_id"),
                row.getString("file"),
                row.getLong("size_bytes"),
                row.getString("dataset_sha256"),
                row.getLong("received_at"),
                row.getString("calling_ae_title"));
    }
}
