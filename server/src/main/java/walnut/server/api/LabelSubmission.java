package walnut.server.api;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What pathology, follow-up or a reader found, as handed in. Names a study, or else a patient: then it joins the last
 * eligible study in the 180 days before it was sampled.
 *
 * @param row place in what was handed in, counted from 1 without the CSV header; errors name it
 * @param isup ISUP grade group, 0 (benign) to 5
 * @param csPca clinically significant cancer (ISUP ≥ 2) where only that is known
 * @param piRads overall PI-RADS category of the clinical read, 1 to 5
 * @param sampledOn day of the biopsy, operation or reading
 * @param source the system it comes from, free of patient identifiers
 */
public record LabelSubmission(
        int row,
        @Nullable String studyInstanceUid,
        @Nullable String patientId,
        @Nullable String issuerOfPatientId,
        LabelKind kind,
        @Nullable Integer isup,
        @Nullable Boolean csPca,
        @Nullable Integer piRads,
        LocalDate sampledOn,
        @Nullable String source) {}
