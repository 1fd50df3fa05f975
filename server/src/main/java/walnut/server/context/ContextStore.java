package walnut.server.context;

import java.util.List;
import java.util.Optional;
import walnut.server.api.ClinicalContextRecord;

/** Where clinical contexts are kept. They are only ever added. */
public interface ContextStore {

    /**
     * @param context its version is one above the newest that whoever entered it has seen
     * @throws walnut.failure.WalnutException CLINICAL_CONTEXT_SUPERSEDED where that is not the newest; nothing is stored
     */
    void add(ClinicalContextRecord context);

    /** Newest first. */
    List<ClinicalContextRecord> ofCase(String caseId);

    /** The one that holds; empty while nobody entered anything. */
    default Optional<ClinicalContextRecord> newestOf(String caseId) {
        return ofCase(caseId).stream().findFirst();
    }
}
