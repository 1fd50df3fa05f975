package walnut.server.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.api.PredictionDocument;
import walnut.server.api.ReplayReport;
import walnut.server.api.ReplayService;
import walnut.server.database.Ids;
import walnut.server.database.PredictionTable;
import walnut.server.database.ReplayTable;
import walnut.server.database.StoredPrediction;
import walnut.volume.Volume;

/**
 * Runs a stored prediction again on the very instances it was made from, with the very model, and says whether every stage gives the same
 * bytes or which stage differed first. A replay measures the software; it is neither a perturbation nor a rescan.
 */
public final class ReplayDesk implements ReplayService {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** Below this a score that changed is the rounding of another runtime class, not another answer. */
    private static final double TOLERANCE = 1e-4;

    private final PredictionTable predictions;
    private final StoredInputs inputs;
    private final ReplayTable replays;
    private final HeatmapFolder heatmaps;
    private final RecordedModels models;
    private final Clock clock;
    private final Ids ids;

    public ReplayDesk(
            PredictionTable predictions,
            StoredInputs inputs,
            ReplayTable replays,
            HeatmapFolder heatmaps,
            RecordedModels models,
            Clock clock,
            Ids ids) {
        this.predictions = predictions;
        this.inputs = inputs;
        this.replays = replays;
        this.heatmaps = heatmaps;
        this.models = models;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public Optional<ReplayReport> replay(String predictionId) {
        return predictions.find(predictionId).map(this::replay);
    }

    private ReplayReport replay(StoredPrediction stored) {
        PredictionDocument recorded = document(stored);
        CaseInput input = asFoundOnDisk(inputs.of(stored, recorded));
        CaseOutcome again = models.with(stored.modelDigest(), pipeline -> pipeline.run(input));
        ReplayComparison comparison = new ReplayComparison(recorded, again.document());
        @Nullable Double distance = distance(stored, again);
        String verdict = comparison.bitwise()
                ? "BITWISE"
                : distance != null && distance <= TOLERANCE && comparison.sameDecisions()
                        ? "WITHIN_TOLERANCE"
                        : "DIFFERENT";
        ReplayReport report = new ReplayReport(
                stored.predictionId(),
                null,
                verdict,
                comparison.sameRuntimeClass(),
                comparison.firstDifference().orElse(null),
                distance,
                comparison.stages());
        replays.add(ids.next(), stored.predictionId(), verdict, toJson(report), clock.instant());
        return report;
    }

    /** The database knows what the images were; whether the disk still holds just that is the first thing to find out. */
    private static CaseInput asFoundOnDisk(CaseInput input) {
        List<CaseInput.Instance> found = input.digested().get().stream()
                .map(instance -> new CaseInput.Instance(instance.file(), DatasetDigest.of(instance.file())))
                .sorted(Comparator.comparing(CaseInput.Instance::datasetSha256))
                .toList();
        return new CaseInput(input.caseId(), input.study(), found, input.objections(), input.points())
                .withContext(input.context());
    }

    /** Largest absolute difference of the heatmaps; null where one of the two has none or they lie on other grids. */
    private @Nullable Double distance(StoredPrediction stored, CaseOutcome again) {
        Optional<Volume> before = heatmaps.read(stored.predictionId());
        Optional<Volume> after = again.heatmapIfAny();
        if (before.isEmpty() || after.isEmpty()) {
            return null;
        }
        float[] a = before.orElseThrow().values();
        float[] b = after.orElseThrow().values();
        if (a.length != b.length) {
            return null;
        }
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs((double) a[i] - b[i]));
        }
        return largest;
    }

    private static PredictionDocument document(StoredPrediction stored) {
        try {
            return PredictionDocument.read(JSON.readTree(stored.document()));
        } catch (JsonProcessingException e) {
            throw new WalnutException(FailureCode.INTERNAL_ERROR, "a stored prediction is not JSON", e);
        }
    }

    private static String toJson(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records are always JSON", e);
        }
    }
}
