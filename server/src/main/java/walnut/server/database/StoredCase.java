package walnut.server.database;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A study of one patient as this node knows it.
 *
 * @param caseId our own opaque id (UUIDv7), the only one that logs, addresses and meters may show
 * @param studyDate DICOM StudyDate as received (YYYYMMDD); null until the study was read, or where it has none
 * @param dueAt when assembly looks at the case next
 */
public record StoredCase(
        String caseId,
        String issuerOfPatientId,
        String patientId,
        String studyInstanceUid,
        @Nullable String studyDate,
        CaseState state,
        int instanceCount,
        Instant firstReceivedAt,
        Instant lastReceivedAt,
        Instant dueAt) {

    @Override
    public String toString() {
        return "StoredCase[" + caseId + ", " + state + ", " + instanceCount + " instances]";
    }
}
