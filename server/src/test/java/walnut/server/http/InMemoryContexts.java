package walnut.server.http;

import java.util.ArrayList;
import java.util.List;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.api.ClinicalContextRecord;
import walnut.server.context.ContextStore;

/** Clinical contexts in memory, one version after the other. */
final class InMemoryContexts implements ContextStore {
    private final List<ClinicalContextRecord> contexts = new ArrayList<>();

    @Override
    public synchronized void add(ClinicalContextRecord context) {
        if (ofCase(context.caseId()).size() != context.version() - 1) {
            throw new WalnutException(
                    FailureCode.CLINICAL_CONTEXT_SUPERSEDED, "somebody entered a clinical context meanwhile");
        }
        contexts.add(0, context);
    }

    @Override
    public synchronized List<ClinicalContextRecord> ofCase(String caseId) {
        return contexts.stream()
                .filter(context -> context.caseId().equals(caseId))
                .toList();
    }
}
