package walnut.server.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import walnut.store.StoredInstance;

/**
 * The statements that index an instance, prepared once for the connection they belong to: every received image waits for
 * them. Parsing them anew each time, and mapping their names, cost more than running them.
 */
final class CommitStatements {
    private final Connection connection;
    private final boolean syncsApart;
    private final Statement plain;
    private final PreparedStatement find;
    private final PreparedStatement insert;
    private final PreparedStatement openCase;

    /** @param syncsApart whether the commit is SQLite's, synced by who waits for it; otherwise PostgreSQL's */
    CommitStatements(Connection connection, boolean syncsApart) throws SQLException {
        this.connection = connection;
        this.syncsApart = syncsApart;
        this.plain = connection.createStatement();
        this.find =
                connection.prepareStatement("select * from instance where sop_instance_uid = ? order by received_at");
        this.insert = connection.prepareStatement("insert into instance (sop_instance_uid, dataset_sha256,"
                + " sop_class_uid, study_instance_uid, series_instance_uid, transfer_syntax_uid, patient_id,"
                + " issuer_of_patient_id, calling_ae_title, file, size_bytes, conflict, received_at)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)");
        this.openCase = connection.prepareStatement("insert into study_case (case_id, issuer_of_patient_id, patient_id,"
                + " study_instance_uid, state, instance_count, first_received_at, last_received_at, due_at)"
                + " values (?, ?, ?, ?, 'RECEIVING', 1, ?, ?, ?)"
                + " on conflict (issuer_of_patient_id, patient_id, study_instance_uid) do update set"
                + " state = 'RECEIVING', priority = 0, attempts = 0,"
                + " instance_count = study_case.instance_count + 1,"
                + " last_received_at = excluded.last_received_at, due_at = excluded.due_at");
    }

    boolean isOf(Connection other) {
        return connection == other;
    }

    /**
     * Begins a transaction during which nobody else adds an instance. On SQLite its commit writes the log without syncing
     * it, see {@link WriteAheadLog}; on PostgreSQL it is durable when it returns.
     */
    void begin() throws SQLException {
        if (syncsApart) {
            plain.execute("pragma synchronous = normal");
            plain.execute("begin immediate");
        } else {
            plain.execute("begin");
            plain.execute("lock table instance in share row exclusive mode");
        }
    }

    void commit() throws SQLException {
        plain.execute("commit");
        syncFully();
    }

    /** Undoes the transaction; a failure to do so is told with its reason. */
    void rollback(Exception reason) {
        try {
            plain.execute("rollback");
        } catch (SQLException e) {
            // SQLite has rolled back already where its disk was full.
            reason.addSuppressed(e);
        }
        try {
            syncFully();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    private void syncFully() throws SQLException {
        if (syncsApart) {
            plain.execute("pragma synchronous = full");
        }
    }

    List<StoredInstance> find(String sopInstanceUid) throws SQLException {
        find.setString(1, sopInstanceUid);
        List<StoredInstance> found = new ArrayList<>(1);
        try (ResultSet rows = find.executeQuery()) {
            while (rows.next()) {
                found.add(DatabaseInstanceIndex.instance(rows));
            }
        }
        return found;
    }

    void insert(StoredInstance instance) throws SQLException {
        insert.setString(1, instance.sopInstanceUid());
        insert.setString(2, instance.datasetSha256());
        insert.setString(3, instance.sopClassUid());
        insert.setString(4, instance.studyInstanceUid());
        insert.setString(5, instance.seriesInstanceUid());
        insert.setString(6, instance.transferSyntaxUid());
        insert.setString(7, instance.patientId());
        insert.setString(8, instance.issuerOfPatientId());
        insert.setString(9, instance.callingAeTitle());
        insert.setString(10, instance.file());
        insert.setLong(11, instance.size());
        insert.setLong(12, instance.receivedAt());
        insert.executeUpdate();
    }

    void openCase(String caseId, StoredInstance instance, long dueAt) throws SQLException {
        openCase.setString(1, caseId);
        openCase.setString(2, instance.issuerOfPatientId());
        openCase.setString(3, instance.patientId());
        openCase.setString(4, instance.studyInstanceUid());
        openCase.setLong(5, instance.receivedAt());
        openCase.setLong(6, instance.receivedAt());
        openCase.setLong(7, dueAt);
        openCase.executeUpdate();
    }
}
