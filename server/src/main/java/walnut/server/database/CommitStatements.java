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
    private final boolean shared;
    private final Statement plain;
    private final PreparedStatement find;
    private final PreparedStatement insert;
    private final PreparedStatement reopenCase;
    private final PreparedStatement openCase;

    /** @param shared whether other processes may write to the database, and have to be kept out */
    CommitStatements(Connection connection, boolean shared) throws SQLException {
        this.connection = connection;
        this.shared = shared;
        this.plain = connection.createStatement();
        this.find =
                connection.prepareStatement("select * from instance where sop_instance_uid = ? order by received_at");
        this.insert = connection.prepareStatement("insert into instance (sop_instance_uid, dataset_sha256,"
                + " sop_class_uid, study_instance_uid, series_instance_uid, transfer_syntax_uid, patient_id,"
                + " issuer_of_patient_id, calling_ae_title, file, size_bytes, conflict, received_at)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)");
        this.reopenCase = connection.prepareStatement("update study_case set state = 'RECEIVING', priority = 0,"
                + " attempts = 0, instance_count = instance_count + 1, last_received_at = ?, due_at = ?"
                + " where issuer_of_patient_id = ? and patient_id = ? and study_instance_uid = ?");
        this.openCase = connection.prepareStatement("insert into study_case (case_id, issuer_of_patient_id, patient_id,"
                + " study_instance_uid, state, instance_count, first_received_at, last_received_at, due_at)"
                + " values (?, ?, ?, ?, 'RECEIVING', 1, ?, ?, ?)");
    }

    boolean isOf(Connection other) {
        return connection == other;
    }

    /** Begins a transaction during which nobody else adds an instance. */
    void begin() throws SQLException {
        if (shared) {
            plain.execute("begin");
            plain.execute("lock table instance in share row exclusive mode");
        } else {
            plain.execute("begin immediate");
        }
    }

    void commit() throws SQLException {
        plain.execute("commit");
    }

    /** Undoes the transaction; a failure to do so is told with its reason. */
    void rollback(Exception reason) {
        try {
            plain.execute("rollback");
        } catch (SQLException e) {
            // SQLite has rolled back already where its disk was full.
            reason.addSuppressed(e);
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

    /** Counts one more image of a case that there is; false where there is none. */
    boolean reopenCase(StoredInstance instance, long dueAt) throws SQLException {
        reopenCase.setLong(1, instance.receivedAt());
        reopenCase.setLong(2, dueAt);
        reopenCase.setString(3, instance.issuerOfPatientId());
        reopenCase.setString(4, instance.patientId());
        reopenCase.setString(5, instance.studyInstanceUid());
        return reopenCase.executeUpdate() > 0;
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
