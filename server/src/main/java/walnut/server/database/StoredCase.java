package walnut.server.database;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;

/**
 * A study of one patient as this node knows it.
 *
 * @param caseId our own opaque id (UUIDv7), the only one that logs, addresses and meters may show
 * @param studyDate DICOM StudyDate as received (YYYYMMDD); null until the study was read, or where it has none
 * @param dueAt when assembly looks at the case next
 * @param discard who put the case aside; null where nobody did
 * @param inputsRemovedAt when retention removed its images; null where they are here
 * @param waitsFor what the last attempt met that may pass; null where it waits for nothing but its turn or its images
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
        Instant dueAt,
        @Nullable Discard discard,
        @Nullable Instant inputsRemovedAt,
        @Nullable FailureCode waitsFor) {

    public record Discard(String actor, String reason, Instant at) {}

    @Override
    public String toString() {
        return "StoredCase[" + caseId + ", " + state + ", " + instanceCount + " instances]";
    }
}
