package walnut.server.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A case and what became of it.
 *
 * @param prediction the one that stands; null while the case has none
 * @param predictionIds every prediction of the case, newest first, those that were superseded among them
 */
public record CaseDetail(CaseSummary summary, @Nullable PredictionRecord prediction, List<String> predictionIds) {
    public CaseDetail {
        predictionIds = List.copyOf(predictionIds);
    }
}
