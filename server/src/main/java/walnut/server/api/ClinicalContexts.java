package walnut.server.api;

import java.util.List;
import walnut.prostate.eligibility.EnteredContext;
import walnut.server.security.Caller;

/** Takes in what people know about a patient and tells it. Methods may block. */
public interface ClinicalContexts {

    /** Every version of a case, the one that holds first; empty while nobody entered anything. */
    List<ClinicalContextRecord> ofCase(String caseId);

    /**
     * Stores a new version and, where it says anything new, has the case evaluated again.
     *
     * @param version of the newest that whoever enters it has seen, 0 for none
     * @throws walnut.failure.WalnutException NOT_FOUND; CLINICAL_CONTEXT_INVALID with all that is wrong, in words;
     *     CLINICAL_CONTEXT_SUPERSEDED where somebody entered a newer one meanwhile. Nothing is stored then
     */
    ClinicalContextRecord enter(String caseId, EnteredContext context, int version, Caller caller);
}
