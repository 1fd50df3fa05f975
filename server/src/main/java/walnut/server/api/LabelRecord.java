package walnut.server.api;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A stored label.
 *
 * @param caseId the case it joins; null for an orphan
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
        @Nullable String source) {}
