package walnut.server.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the worklist.
 *
 * @param caseId opaque id (UUIDv7 text), the only name under which a case appears in addresses, logs and meters
 * @param patientId DICOM PatientID as received; null for whoever does not work with patients
 * @param studyDate DICOM StudyDate as received (YYYYMMDD)
 * @param predictionId the prediction that stands for the case, also for a refusal
 * @param predictionKind of that prediction: CLINICAL, SILENT, …; with a kind but no id its result is not for the caller
 * @param scoreKind SYNTHETIC, SCORE or PROBABILITY
 * @param caseScore as shown, null unless completed
 * @param positive whether the score lies at or above the first operating point, null unless completed
 * @param explanation for a refusal or a failure: its first reason in words; for a case that is tried again by itself: what
 *     the last attempt met
 */
public record CaseSummary(
        String caseId,
        @Nullable String patientId,
        @Nullable String issuerOfPatientId,
        String studyInstanceUid,
        @Nullable String studyDate,
        CaseState state,
        int instances,
        Instant receivedAt,
        Instant updatedAt,
        @Nullable String predictionId,
        @Nullable String predictionKind,
        @Nullable String modelId,
        @Nullable String modelVersion,
        @Nullable String scoreKind,
        @Nullable Double caseScore,
        @Nullable Boolean positive,
        @Nullable String explanation) {

    /** The same case without anything that the model said of it. */
    CaseSummary withoutResult() {
        return new CaseSummary(
                caseId,
                patientId,
                issuerOfPatientId,
                studyInstanceUid,
                studyDate,
                state,
                instances,
                receivedAt,
                updatedAt,
                null,
                predictionKind,
                null,
                null,
                null,
                null,
                null,
                state == CaseState.COMPLETED ? null : explanation);
    }

    /** The same case for whoever works with models, not with patients. */
    CaseSummary withoutPatient() {
        return new CaseSummary(
                caseId,
                null,
                null,
                studyInstanceUid,
                studyDate,
                state,
                instances,
                receivedAt,
                updatedAt,
                predictionId,
                predictionKind,
                modelId,
                modelVersion,
                scoreKind,
                caseScore,
                positive,
                explanation);
    }

    /** Without whose it is: what is printed may land in a log. */
    @Override
    public String toString() {
        return "CaseSummary[" + caseId + ", " + state + "]";
    }

    /** Whether a model ran on this case and its result is not for whoever this was made for. */
    public boolean hidesResult() {
        return predictionKind != null && predictionId == null;
    }
}
