package walnut.server.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
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
 * Runs a stored prediction again on the very instances it was made from, and says whether every stage gives the same
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
    private final CasePipeline pipeline;
    private final Clock clock;
    private final Ids ids;

    public ReplayDesk(
            PredictionTable predictions,
            StoredInputs inputs,
            ReplayTable replays,
            HeatmapFolder heatmaps,
            CasePipeline pipeline,
            Clock clock,
            Ids ids) {
        this.predictions = predictions;
        this.inputs = inputs;
        this.replays = replays;
        this.heatmaps = heatmaps;
        this.pipeline = pipeline;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public Optional<ReplayReport> replay(String predictionId) {
        return predictions.find(predictionId).map(this::replay);
    }

    private ReplayReport replay(StoredPrediction stored) {
        PredictionDocument recorded = document(stored);
        CaseInput input = inputs.of(stored, recorded);
        CaseOutcome again = pipeline.run(input);
        List<ReplayReport.Stage> stages = compare(recorded, again.document());
        Optional<String> firstDifference = stages.stream()
                .filter(stage -> !stage.equal())
                .map(ReplayReport.Stage::name)
                .findFirst();
        @Nullable Double distance = distance(stored, again);
        String verdict = firstDifference.isEmpty()
                ? "BITWISE"
                : distance != null && distance <= TOLERANCE && sameDecisions(recorded, again.document())
                        ? "WITHIN_TOLERANCE"
                        : "DIFFERENT";
        ReplayReport report = new ReplayReport(
                stored.predictionId(),
                null,
                verdict,
                recorded.runtime().equals(again.document().runtime()),
                firstDifference.orElse(null),
                distance,
                stages);
        replays.add(ids.next(), stored.predictionId(), verdict, toJson(report), clock.instant());
        return report;
    }

    /** Stage by stage in the order of the corridor, so that the first difference is the cause of those after it. */
    private static List<ReplayReport.Stage> compare(PredictionDocument recorded, PredictionDocument again) {
        PredictionDocument.Digests before = recorded.digests();
        PredictionDocument.Digests after = again.digests();
        List<ReplayReport.Stage> stages = new ArrayList<>();
        if (before == null || after == null) {
            return stages;
        }
        stages.add(stage("inputs", Digests.ofTexts(before.inputs()), Digests.ofTexts(after.inputs())));
        stages.add(stage("config", before.config(), after.config()));
        stages.addAll(stages("volume", before.volumes(), after.volumes()));
        stages.add(stage("passport", before.passport(), after.passport()));
        stages.addAll(stages("tensor", before.tensors(), after.tensors()));
        stages.add(stage("model", before.model(), after.model()));
        stages.addAll(stages("output", before.outputs(), after.outputs()));
        stages.add(stage("findings", digestOf(recorded.findings()), digestOf(again.findings())));
        stages.add(stage("decisions", digestOf(recorded.decisions()), digestOf(again.decisions())));
        stages.add(stage(
                "outcome",
                recorded.outcome() + " " + digestOf(recorded.reasons()),
                again.outcome() + " " + digestOf(again.reasons())));
        return stages;
    }

    private static List<ReplayReport.Stage> stages(
            String name, Map<String, String> recorded, Map<String, String> again) {
        TreeSet<String> keys = new TreeSet<>(recorded.keySet());
        keys.addAll(again.keySet());
        return keys.stream()
                .map(key -> stage(name + " " + key, recorded.get(key), again.get(key)))
                .toList();
    }

    private static ReplayReport.Stage stage(String name, @Nullable String recorded, @Nullable String again) {
        return new ReplayReport.Stage(name, recorded, again, recorded != null && recorded.equals(again));
    }

    private static String digestOf(List<?> values) {
        return Digests.ofTexts(List.of(toJson(values)));
    }

    private static boolean sameDecisions(PredictionDocument recorded, PredictionDocument again) {
        Map<String, Boolean> before = new TreeMap<>();
        recorded.decisions().forEach(decision -> before.put(decision.operatingPoint(), decision.positive()));
        Map<String, Boolean> after = new TreeMap<>();
        again.decisions().forEach(decision -> after.put(decision.operatingPoint(), decision.positive()));
        return before.equals(after);
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
