package walnut.server.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import walnut.prostate.eligibility.EnteredContext;

/**
 * What was entered about a patient for one case. Versions are only ever added; the highest holds.
 *
 * @param version 1 for the first, and so on
 * @param role that they signed with; null where the node knew no roles
 */
public record ClinicalContextRecord(
        String contextId,
        String caseId,
        int version,
        String enteredBy,
        @Nullable String role,
        Instant enteredAt,
        EnteredContext context) {}
