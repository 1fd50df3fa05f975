package walnut.server.database;

import java.time.Instant;

/**
 * A study of one patient as this node knows it.
 *
 * @param caseId our own opaque id (UUIDv7), the only one that logs, addresses and meters may show
 * @param dueAt when assembly looks at the case next
 */
public record StoredCase(
        String caseId,
        String issuerOfPatientId,
        String patientId,
        String studyInstanceUid,
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
