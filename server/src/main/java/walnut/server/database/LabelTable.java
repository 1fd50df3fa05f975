package walnut.server.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;

/** Labels as they came, each with the case it belongs to, if any. */
public final class LabelTable {
    private static final RowMapper<StoredLabel> LABEL = (row, context) -> new StoredLabel(
            row.getString("label_id"),
            row.getString("study_instance_uid"),
            row.getString("patient_id"),
            row.getString("issuer_of_patient_id"),
            row.getString("kind"),
            nullableInt(row, "isup"),
            nullableBoolean(row, "cs_pca"),
            nullableInt(row, "pirads"),
            LocalDate.parse(row.getString("sampled_on")),
            row.getString("source"),
            row.getString("case_id"),
            Microseconds.toInstant(row.getLong("received_at")),
            Optional.ofNullable(row.getString("refusal"))
                    .map(FailureCode::valueOf)
                    .orElse(null));

    private final Database database;

    public LabelTable(Database database) {
        this.database = database;
    }

    /**
     * Stores labels in one transaction, each unless the same was stored before: same study or patient, kind, day, grade and
     * source.
     *
     * @return the ids of those that were new
     */
    public Set<String> addAll(List<StoredLabel> labels) {
        return database.alone("label", handle -> {
            Set<Sameness> known = new HashSet<>();
            namingTheSame(handle, labels).forEach(stored -> known.add(Sameness.of(stored)));
            List<StoredLabel> fresh = labels.stream()
                    .filter(label -> known.add(Sameness.of(label)))
                    .toList();
            insert(handle, fresh);
            return fresh.stream().map(StoredLabel::labelId).collect(Collectors.toSet());
        });
    }

    /** What makes two labels one. SQL's own unique constraint would treat two nulls as different. */
    private record Sameness(
            @Nullable String study,
            String patient,
            String issuer,
            String kind,
            @Nullable Integer isup,
            @Nullable Boolean clinicallySignificant,
            LocalDate sampledOn,
            String source) {
        static Sameness of(StoredLabel label) {
            return new Sameness(
                    label.studyInstanceUid(),
                    orEmpty(label.patientId()),
                    orEmpty(label.issuerOfPatientId()),
                    label.kind(),
                    label.isup(),
                    label.clinicallySignificant(),
                    label.sampledOn(),
                    orEmpty(label.source()));
        }
    }

    /** Stored labels of the studies, and of the patients, that these name. */
    private static List<StoredLabel> namingTheSame(Handle handle, List<StoredLabel> labels) {
        Set<String> studies = new HashSet<>();
        Set<String> patients = new HashSet<>();
        for (StoredLabel label : labels) {
            if (label.studyInstanceUid() != null) {
                studies.add(label.studyInstanceUid());
            } else {
                patients.add(orEmpty(label.patientId()));
            }
        }
        List<StoredLabel> found = new ArrayList<>();
        if (!studies.isEmpty()) {
            found.addAll(handle.createQuery("select * from label where study_instance_uid in (<named>)")
                    .bindList("named", List.copyOf(studies))
                    .map(LABEL)
                    .list());
        }
        if (!patients.isEmpty()) {
            found.addAll(handle.createQuery(
                            "select * from label where study_instance_uid is null and patient_id in (<named>)")
                    .bindList("named", List.copyOf(patients))
                    .map(LABEL)
                    .list());
        }
        return found;
    }

    /** The day of a case's first prostatectomy, as its labels say. */
    public Optional<LocalDate> firstProstatectomy(String caseId) {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select min(sampled_on) from label where case_id = :case and kind = 'PROSTATECTOMY'")
                .bind("case", caseId)
                .mapTo(String.class)
                .findOne()
                .map(LocalDate::parse));
    }

    private static void insert(Handle handle, List<StoredLabel> labels) {
        if (labels.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch("insert into label (label_id, study_instance_uid, patient_id,"
                + " issuer_of_patient_id, kind, isup, cs_pca, pirads, sampled_on, source, case_id, received_at)"
                + " values (:id, :study, :patient, :issuer, :kind, :isup, :csPca, :pirads, :sampled, :source, :case,"
                + " :received)");
        for (StoredLabel label : labels) {
            batch.bind("id", label.labelId())
                    .bind("study", label.studyInstanceUid())
                    .bind("patient", label.patientId())
                    .bind("issuer", label.issuerOfPatientId())
                    .bind("kind", label.kind())
                    .bind("isup", label.isup())
                    .bind("csPca", label.clinicallySignificant() == null ? null : asInt(label.clinicallySignificant()))
                    .bind("pirads", label.piRads())
                    .bind("sampled", label.sampledOn().toString())
                    .bind("source", label.source())
                    .bind("case", label.caseId())
                    .bind("received", Microseconds.of(label.receivedAt()))
                    .add();
        }
        batch.execute();
    }

    /** Gives an orphan its case once that has arrived. */
    public void join(String labelId, String caseId) {
        database.write().useHandle(handle -> handle.createUpdate(
                        "update label set case_id = :case, refusal = null where label_id = :label")
                .bind("case", caseId)
                .bind("label", labelId)
                .execute());
    }

    /** Notes why an orphan whose case arrived was not given it. */
    public void refuse(String labelId, FailureCode why) {
        database.write()
                .useHandle(handle -> handle.createUpdate("update label set refusal = :why where label_id = :label")
                        .bind("why", why.name())
                        .bind("label", labelId)
                        .execute());
    }

    /** Orphans that name this study, or this patient: those that a case of theirs may end. */
    public List<StoredLabel> orphansOf(StoredCase stored) {
        return database.read().withHandle(handle -> handle.createQuery("select * from label where case_id is null and"
                        + " (study_instance_uid = :study or (patient_id = :patient"
                        + " and coalesce(issuer_of_patient_id, '') = :issuer)) order by label_id")
                .bind("study", stored.studyInstanceUid())
                .bind("patient", stored.patientId())
                .bind("issuer", stored.issuerOfPatientId())
                .map(LABEL)
                .list());
    }

    /** Newest first; label ids are UUIDv7 and sort by time. {@code before} is the last id of the page before. */
    public List<StoredLabel> newest(@Nullable String caseId, @Nullable String before, int limit) {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select * from label where (cast(:case as text) is null or case_id = :case)"
                                + " and (cast(:before as text) is null or label_id < :before) order by label_id desc limit :limit")
                .bind("case", caseId)
                .bind("before", before)
                .bind("limit", limit)
                .map(LABEL)
                .list());
    }

    /** Labels that were joined to a case and settle whether there was significant cancer. */
    public List<StoredLabel> verifying() {
        return database.read().withHandle(handle -> handle.createQuery("select * from label where case_id is not null"
                        + " and (isup is not null or cs_pca is not null) order by label_id")
                .map(LABEL)
                .list());
    }

    private static int asInt(boolean value) {
        return value ? 1 : 0;
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static @Nullable Integer nullableInt(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }

    private static @Nullable Boolean nullableBoolean(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value != 0;
    }
}
