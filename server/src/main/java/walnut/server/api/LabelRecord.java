package walnut.server.api;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;

/**
 * A stored label.
 *
 * @param caseId the case it joins; null for an orphan
 * @param refusal the code for which an orphan was not joined to the case it names; null for every other
 */
public record LabelRecord(
        String labelId,
        @Nullable String caseId,
        LabelKind kind,
        @Nullable Integer isup,
        @Nullable Boolean csPca,
        @Nullable Integer piRads,
        LocalDate sampledOn,
        Instant receivedAt,
        @Nullable String source,
        @Nullable FailureCode refusal) {}
