package walnut.server.database;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What histology said. It names a study, or a patient; a label that finds no case is kept as an orphan and tried again.
 *
 * @param isup grade group 1 to 5, 0 for no cancer found; 2 and above is clinically significant
 * @param caseId the case it was joined to, null for an orphan
 */
public record LabelRecord(
        String labelId,
        @Nullable String studyInstanceUid,
        @Nullable String patientId,
        @Nullable String issuerOfPatientId,
        int isup,
        Optional<Integer> pirads,
        Instant sampledAt,
        String source,
        @Nullable String caseId,
        Instant receivedAt) {

    /** Lowest ISUP grade group that counts as clinically significant cancer. */
    public static final int CLINICALLY_SIGNIFICANT_ISUP = 2;

    public boolean clinicallySignificant() {
        return isup >= CLINICALLY_SIGNIFICANT_ISUP;
    }

    public boolean orphan() {
        return caseId == null;
    }

    @Override
    public String toString() {
        return "LabelRecord[" + labelId + ", " + (orphan() ? "ORPHAN" : caseId) + "]";
    }
}
