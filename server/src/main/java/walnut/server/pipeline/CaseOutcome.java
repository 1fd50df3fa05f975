package walnut.server.pipeline;

import java.util.Optional;
import walnut.failure.FailureCode;
import walnut.models.findings.CaseFindings;
import walnut.server.api.PredictionDocument;
import walnut.volume.Volume;

/**
 * What became of a case. A refusal is an answer, stored and shown like a result.
 *
 * <p>Each holds the document of {@code walnut predict --json}.
 */
public sealed interface CaseOutcome permits CaseOutcome.Completed, CaseOutcome.NotEligible, CaseOutcome.Failed {

    PredictionDocument document();

    /** The name of this kind of outcome in documents, tables and meters. */
    default String name() {
        return document().outcome();
    }

    record Completed(PredictionDocument document, CaseFindings findings) implements CaseOutcome {}

    record NotEligible(PredictionDocument document) implements CaseOutcome {}

    record Failed(PredictionDocument document, FailureCode code) implements CaseOutcome {}

    /** The model's heatmap on the T2W grid, LPS, scores in [0, 1]; made when it is asked for. */
    default Optional<Volume> heatmapIfAny() {
        return this instanceof Completed completed
                ? Optional.of(completed.findings().heatmap())
                : Optional.empty();
    }
}
