package walnut.server.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;
import walnut.store.Committed;
import walnut.store.Disposition;
import walnut.store.InstanceIndex;
import walnut.store.StoredInstance;

/**
 * The durable list of instances. The transaction that adds an instance also opens its case or opens it again, so that
 * there is never an acknowledged image that no case is waiting for.
 */
public final class DatabaseInstanceIndex implements InstanceIndex {
    private static final RowMapper<StoredInstance> INSTANCE = (row, context) -> instance(row);

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

    /**
     * One transaction that has written but not yet synced when it lets the writer go, and then the sync: commits of
     * several threads wait for the disk side by side.
     */
    @Override
    public List<Committed> commit(List<StoredInstance> group) {
        List<Committed> outcomes = database.onWriter(connection -> {
            CommitStatements statements = statements(connection);
            statements.begin();
            try {
                List<Committed> judged = new ArrayList<>(group.size());
                for (StoredInstance instance : group) {
                    judged.add(commit(statements, instance));
                }
                statements.commit();
                return judged;
            } catch (SQLException | RuntimeException e) {
                statements.rollback(e);
                throw e;
            }
        });
        database.log().sync();
        return outcomes;
    }

    private Committed commit(CommitStatements statements, StoredInstance instance) throws SQLException {
        List<StoredInstance> known = statements.find(instance.sopInstanceUid());
        for (StoredInstance earlier : known) {
            if (earlier.datasetSha256().equals(instance.datasetSha256())) {
                return new Committed(Disposition.RESEND, earlier);
            }
        }
        boolean conflict = !known.isEmpty();
        statements.insert(instance, conflict);
        statements.openCase(
                ids.next(), instance, Microseconds.of(clock.instant().plus(quiet)));
        if (conflict) {
            statements.markConflict(instance.sopInstanceUid());
        }
        return new Committed(conflict ? Disposition.CONFLICT : Disposition.NEW, instance);
    }

    /** Those of the connection, prepared when it is first seen. Called by one thread at a time: there is one writer. */
    private CommitStatements statements(Connection connection) throws SQLException {
        CommitStatements known = prepared;
        if (known == null || !known.isOf(connection)) {
            known = new CommitStatements(connection);
            prepared = known;
        }
        return known;
    }

    @Override
    public List<StoredInstance> find(String sopInstanceUid) {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select * from instance where sop_instance_uid = :uid order by received_at")
                .bind("uid", sopInstanceUid)
                .map(INSTANCE)
                .list());
    }

    /** The instances of a study, oldest first, whichever patient they say they are of. */
    public List<StoredInstance> ofStudy(String studyInstanceUid) {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select * from instance where study_instance_uid = :uid order by received_at")
                .bind("uid", studyInstanceUid)
                .map(INSTANCE)
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
        database.read().useHandle(handle -> {
            try (Stream<StoredInstance> rows = handle
                    .createQuery("select * from instance where received_at >= :since order by received_at")
                    .bind("since", since)
                    .map(INSTANCE)
                    .stream()) {
                rows.forEach(action);
            }
        });
    }

    @Override
    public void delete(Collection<StoredInstance> instances) {
        if (instances.isEmpty()) {
            return;
        }
        database.write().useTransaction(handle -> {
            for (StoredInstance instance : instances) {
                handle.createUpdate("delete from instance where file = :file")
                        .bind("file", instance.file())
                        .execute();
            }
        });
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
