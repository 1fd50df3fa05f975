package walnut.server.pipeline;

import java.util.Optional;
import walnut.failure.FailureCode;
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

    /** @param heatmap the model's heatmap on the T2W grid, LPS, scores in [0, 1] */
    record Completed(PredictionDocument document, Volume heatmap) implements CaseOutcome {}

    record NotEligible(PredictionDocument document) implements CaseOutcome {}

    record Failed(PredictionDocument document, FailureCode code) implements CaseOutcome {}

    default Optional<Volume> heatmapIfAny() {
        return this instanceof Completed completed ? Optional.of(completed.heatmap()) : Optional.empty();
    }
}
