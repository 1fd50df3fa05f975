package walnut.server.api;

import java.util.Map;
import java.util.Optional;

/** Reads cases and predictions. Methods may block. */
public interface CaseQueries {

    CasePage cases(CaseFilter filter);

    /** How many cases are in each state; states without a case may be absent. */
    Map<CaseState, Long> countByState();

    Optional<CaseDetail> caseById(String caseId);

    Optional<PredictionRecord> predictionById(String predictionId);
}
