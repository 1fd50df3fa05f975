package walnut.server.database;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;

/**
 * What pathology, follow-up or a reader found. It names a study, or a patient; a label that finds no case is kept as an
 * orphan and tried again when studies arrive.
 *
 * @param kind PROSTATECTOMY, BIOPSY_TARGETED, BIOPSY_SYSTEMATIC, FOLLOWUP_NEGATIVE or READER
 * @param isup grade group 1 to 5, 0 for benign; null where only {@code clinicallySignificant} is known
 * @param clinicallySignificant ISUP 2 or above; null where the label says nothing of it
 * @param caseId the case it was joined to, null for an orphan
 * @param refusal why an orphan whose case arrived was not joined to it; null for every other
 */
public record StoredLabel(
        String labelId,
        @Nullable String studyInstanceUid,
        @Nullable String patientId,
        @Nullable String issuerOfPatientId,
        String kind,
        @Nullable Integer isup,
        @Nullable Boolean clinicallySignificant,
        @Nullable Integer piRads,
        LocalDate sampledOn,
        @Nullable String source,
        @Nullable String caseId,
        Instant receivedAt,
        @Nullable FailureCode refusal) {

    public boolean orphan() {
        return caseId == null;
    }

    public StoredLabel joinedTo(String foundCaseId) {
        return new StoredLabel(
                labelId,
                studyInstanceUid,
                patientId,
                issuerOfPatientId,
                kind,
                isup,
                clinicallySignificant,
                piRads,
                sampledOn,
                source,
                foundCaseId,
                receivedAt,
                null);
    }

    @Override
    public String toString() {
        return "StoredLabel[" + labelId + ", " + (orphan() ? "ORPHAN" : caseId) + "]";
    }
}
