package walnut.server.database;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import walnut.store.Committed;
import walnut.store.Disposition;
import walnut.store.InstanceIndex;
import walnut.store.StoredInstance;

/**
 * The durable list of instances. The transaction that adds an instance also opens its case or opens it again, so that
 * there is never an acknowledged image that no case is waiting for.
 */
public final class DatabaseInstanceIndex implements InstanceIndex {
    private static final RowMapper<StoredInstance> INSTANCE = (row, context) -> new StoredInstance(
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

    private final Database database;
    private final Duration quiet;
    private final Clock clock;
    private final Ids ids;

    /** @param quiet how long nothing may arrive before assembly looks at a case */
    public DatabaseInstanceIndex(Database database, Duration quiet, Clock clock, Ids ids) {
        this.database = database;
        this.quiet = quiet;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public List<Committed> commit(List<StoredInstance> group) {
        return database.write().inTransaction(handle -> {
            List<Committed> outcomes = new ArrayList<>(group.size());
            for (StoredInstance instance : group) {
                outcomes.add(commit(handle, instance));
            }
            return outcomes;
        });
    }

    private Committed commit(Handle handle, StoredInstance instance) {
        List<StoredInstance> known = find(handle, instance.sopInstanceUid());
        for (StoredInstance earlier : known) {
            if (earlier.datasetSha256().equals(instance.datasetSha256())) {
                return new Committed(Disposition.RESEND, earlier);
            }
        }
        boolean conflict = !known.isEmpty();
        insert(handle, instance, conflict);
        openCase(handle, instance);
        if (conflict) {
            handle.createUpdate("update instance set conflict = 1 where sop_instance_uid = :uid")
                    .bind("uid", instance.sopInstanceUid())
                    .execute();
        }
        return new Committed(conflict ? Disposition.CONFLICT : Disposition.NEW, instance);
    }

    private static void insert(Handle handle, StoredInstance instance, boolean conflict) {
        handle.createUpdate("insert into instance (sop_instance_uid, dataset_sha256, sop_class_uid,"
                        + " study_instance_uid, series_instance_uid, transfer_syntax_uid, patient_id,"
                        + " issuer_of_patient_id, calling_ae_title, file, size_bytes, conflict, received_at)"
                        + " values (:sop, :sha256, :sopClass, :study, :series, :syntax, :patient, :issuer, :calling,"
                        + " :file, :size, :conflict, :received)")
                .bind("sop", instance.sopInstanceUid())
                .bind("sha256", instance.datasetSha256())
                .bind("sopClass", instance.sopClassUid())
                .bind("study", instance.studyInstanceUid())
                .bind("series", instance.seriesInstanceUid())
                .bind("syntax", instance.transferSyntaxUid())
                .bind("patient", instance.patientId())
                .bind("issuer", instance.issuerOfPatientId())
                .bind("calling", instance.callingAeTitle())
                .bind("file", instance.file())
                .bind("size", instance.size())
                .bind("conflict", conflict ? 1 : 0)
                .bind("received", instance.receivedAt())
                .execute();
    }

    private void openCase(Handle handle, StoredInstance instance) {
        handle.createUpdate("insert into study_case (case_id, issuer_of_patient_id, patient_id, study_instance_uid,"
                        + " state, instance_count, first_received_at, last_received_at, due_at)"
                        + " values (:id, :issuer, :patient, :study, 'RECEIVING', 1, :received, :received, :due)"
                        + " on conflict (issuer_of_patient_id, patient_id, study_instance_uid) do update set"
                        + " state = 'RECEIVING', instance_count = study_case.instance_count + 1,"
                        + " last_received_at = excluded.last_received_at, due_at = excluded.due_at")
                .bind("id", ids.next())
                .bind("issuer", instance.issuerOfPatientId())
                .bind("patient", instance.patientId())
                .bind("study", instance.studyInstanceUid())
                .bind("received", instance.receivedAt())
                .bind("due", Microseconds.of(clock.instant().plus(quiet)))
                .execute();
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
}
