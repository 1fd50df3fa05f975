package walnut.server.database;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Labels as they came, each with the case it belongs to, if any. */
public final class LabelTable {
    private static final RowMapper<LabelRecord> LABEL = (row, context) -> {
        int pirads = row.getInt("pirads");
        Optional<Integer> knownPirads = row.wasNull() ? Optional.empty() : Optional.of(pirads);
        return new LabelRecord(
                row.getString("label_id"),
                row.getString("study_instance_uid"),
                row.getString("patient_id"),
                row.getString("issuer_of_patient_id"),
                row.getInt("isup"),
                knownPirads,
                Microseconds.toInstant(row.getLong("sampled_at")),
                row.getString("source"),
                row.getString("case_id"),
                Microseconds.toInstant(row.getLong("received_at")));
    };

    private final Database database;

    public LabelTable(Database database) {
        this.database = database;
    }

    /** Stores all or none. A label that is there already, field by field, is not stored twice. Returns how many were new. */
    public int add(List<LabelRecord> labels) {
        return database.write().inTransaction(handle -> {
            int added = 0;
            for (LabelRecord label : labels) {
                if (!present(handle, label)) {
                    insert(handle, label);
                    added++;
                }
            }
            return added;
        });
    }

    /** SQL's unique treats two nulls as different, so equality is asked for in words. */
    private static boolean present(Handle handle, LabelRecord label) {
        return handle.createQuery("select count(*) from label where coalesce(study_instance_uid, '') = :study"
                                + " and coalesce(patient_id, '') = :patient and coalesce(issuer_of_patient_id, '') = :issuer"
                                + " and sampled_at = :sampled and source = :source and isup = :isup")
                        .bind("study", orEmpty(label.studyInstanceUid()))
                        .bind("patient", orEmpty(label.patientId()))
                        .bind("issuer", orEmpty(label.issuerOfPatientId()))
                        .bind("sampled", Microseconds.of(label.sampledAt()))
                        .bind("source", label.source())
                        .bind("isup", label.isup())
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static void insert(Handle handle, LabelRecord label) {
        handle.createUpdate("insert into label (label_id, study_instance_uid, patient_id, issuer_of_patient_id, isup,"
                        + " pirads, sampled_at, source, state, case_id, received_at) values (:id, :study, :patient,"
                        + " :issuer, :isup, :pirads, :sampled, :source, :state, :case, :received)")
                .bind("id", label.labelId())
                .bind("study", label.studyInstanceUid())
                .bind("patient", label.patientId())
                .bind("issuer", label.issuerOfPatientId())
                .bind("isup", label.isup())
                .bind("pirads", label.pirads().orElse(null))
                .bind("sampled", Microseconds.of(label.sampledAt()))
                .bind("source", label.source())
                .bind("state", label.orphan() ? "ORPHAN" : "JOINED")
                .bind("case", label.caseId())
                .bind("received", Microseconds.of(label.receivedAt()))
                .execute();
    }

    /** Gives an orphan its case once that has arrived. */
    public void join(String labelId, String caseId) {
        database.write().useHandle(handle -> handle.createUpdate(
                        "update label set state = 'JOINED', case_id = :case where label_id = :label")
                .bind("case", caseId)
                .bind("label", labelId)
                .execute());
    }

    public List<LabelRecord> orphans() {
        return list("select * from label where state = 'ORPHAN' order by received_at, label_id");
    }

    public List<LabelRecord> all() {
        return list("select * from label order by received_at, label_id");
    }

    private List<LabelRecord> list(String sql) {
        return database.read()
                .withHandle(handle -> handle.createQuery(sql).map(LABEL).list());
    }
}
