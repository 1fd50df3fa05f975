package walnut.server.api;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import walnut.server.security.Caller;

/**
 * Cases as one caller may see them. What a model said while it was silent, in shadow, or asked again is for the ML engineer
 * alone: to others its score, decision, candidates, heatmap, document and id do not exist. That a case is there, that a
 * model ran on it in silence, and why a study was refused or failed is told to all: that speaks of the study. Whose study it
 * is, is told to who reads it or runs the node.
 */
public final class VisibleCases implements CaseQueries {
    /** The only kind that was made to be read. */
    private static final String SPOKEN = "CLINICAL";

    private final CaseQueries cases;
    private final boolean silentToo;
    private final boolean patients;

    private VisibleCases(CaseQueries cases, Caller caller) {
        this.cases = cases;
        this.silentToo = caller.seesSilentResults();
        this.patients = caller.seesPatients();
    }

    public static CaseQueries to(Caller caller, CaseQueries cases) {
        return new VisibleCases(cases, caller);
    }

    /** @throws walnut.failure.WalnutException NOT_FOUND where there is none for this caller */
    public static void requirePrediction(String predictionId, Caller caller, CaseQueries cases) {
        if (to(caller, cases).predictionById(predictionId).isEmpty()) {
            throw Parameters.notFound("prediction", predictionId);
        }
    }

    @Override
    public CasePage cases(CaseFilter filter) {
        CasePage page = cases.cases(filter);
        return new CasePage(page.cases().stream().map(this::visible).toList(), page.next());
    }

    @Override
    public Map<CaseState, Long> countByState() {
        return cases.countByState();
    }

    @Override
    public Optional<CaseDetail> caseById(String caseId) {
        return cases.caseById(caseId)
                .map(detail -> new CaseDetail(
                        visible(detail.summary()),
                        visible(detail.prediction()),
                        detail.predictionIds().stream()
                                .filter(id -> predictionById(id).isPresent())
                                .toList()));
    }

    @Override
    public Optional<PredictionRecord> predictionById(String predictionId) {
        return cases.predictionById(predictionId).filter(prediction -> mayBeRead(prediction.kind()));
    }

    private CaseSummary visible(CaseSummary summary) {
        CaseSummary told = patients ? summary : summary.withoutPatient();
        return summary.predictionKind() == null || mayBeRead(summary.predictionKind()) ? told : told.withoutResult();
    }

    private @Nullable PredictionRecord visible(@Nullable PredictionRecord prediction) {
        return prediction != null && mayBeRead(prediction.kind()) ? prediction : null;
    }

    private boolean mayBeRead(String kind) {
        return silentToo || kind.equals(SPOKEN);
    }
}
