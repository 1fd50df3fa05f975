package walnut.server.labels;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import walnut.server.database.CaseTable;
import walnut.server.database.ContextTable;
import walnut.server.database.Database;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.Ids;
import walnut.server.database.LabelTable;
import walnut.server.database.PredictionKind;
import walnut.server.database.PredictionTable;
import walnut.server.database.ReplayTable;
import walnut.server.database.ReviewTable;
import walnut.server.database.StoredCase;
import walnut.server.database.StoredPrediction;
import walnut.store.StoredInstance;

/** The database of a site where one model completed the cases that a test says. */
final class RecordedSite implements AutoCloseable {
    /** An id of a shipped package, so that its passport says the operating points. */
    static final String MODEL = "walnut-phantom-detector";

    private static final String DIGEST = "0123456789abcdef".repeat(4);

    private final Database database;
    private final DatabaseInstanceIndex instances;
    private final Clock clock;
    private final Ids ids;
    private int received;

    RecordedSite(Path folder, Clock clock, Ids ids) {
        this.database = Database.open(folder.resolve("walnut.db"));
        this.instances = new DatabaseInstanceIndex(database, Duration.ZERO, clock, ids);
        this.clock = clock;
        this.ids = ids;
    }

    CaseTable cases() {
        return new CaseTable(database, clock);
    }

    PredictionTable predictions() {
        return new PredictionTable(database);
    }

    LabelTable labels() {
        return new LabelTable(database);
    }

    ReplayTable replays() {
        return new ReplayTable(database);
    }

    ContextTable contexts() {
        return new ContextTable(database);
    }

    ReviewTable reviews() {
        return new ReviewTable(database);
    }

    /** A study whose images come and that nobody has read yet. */
    StoredCase arriving(String studyInstanceUid, String patientId) {
        received++;
        instances.commit(List.of(new StoredInstance(
                studyInstanceUid + ".1",
                "1.2.840.10008.5.1.4.1.1.4",
                studyInstanceUid + ".2",
                studyInstanceUid,
                "1.2.840.10008.1.2.1",
                patientId,
                "",
                "instances/" + received + ".dcm",
                1000,
                DIGEST,
                received,
                "SENDER")));
        return cases().ofStudy(studyInstanceUid).get(0);
    }

    /** @return the case's id */
    String completedCase(String studyInstanceUid, String patientId, String studyDate, double score) {
        String caseId = arriving(studyInstanceUid, patientId).caseId();
        cases().dated(caseId, studyDate);
        predictions()
                .add(new StoredPrediction(
                        ids.next(),
                        caseId,
                        PredictionKind.SILENT,
                        "COMPLETED",
                        MODEL,
                        "1",
                        DIGEST,
                        DIGEST,
                        DIGEST,
                        score,
                        "{}",
                        clock.instant()));
        return caseId;
    }

    @Override
    public void close() {
        database.close();
    }
}
