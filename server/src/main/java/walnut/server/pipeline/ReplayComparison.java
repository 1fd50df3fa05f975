package walnut.server.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import walnut.server.api.PredictionDocument;
import walnut.server.api.ReplayReport;

/**
 * What was recorded beside what came out now, stage by stage in the order of the corridor, so that the first difference
 * is the cause of those after it: the images, where their voxels lie, the voxels, the model's tensors, its outputs, the
 * findings, the decisions.
 *
 * <p>The runtime stands before the outputs, which are computed under it. Another one is named as a difference; whether
 * the bits are equal all the same, the results alone decide.
 */
final class ReplayComparison {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** What decides the bits of an output, as {@link walnut.models.inference.RuntimeFingerprint#runtimeClass()} has it. */
    private static final List<String> RUNTIME_CLASS =
            List.of("ort", "provider", "optimizationLevel", "intraOpThreads", "arch", "cpu");

    private static final String RUNTIME = "runtime ";

    private final PredictionDocument recorded;
    private final PredictionDocument again;
    private final List<ReplayReport.Stage> stages;

    ReplayComparison(PredictionDocument recorded, PredictionDocument again) {
        this.recorded = recorded;
        this.again = again;
        this.stages = stages(recorded, again);
    }

    List<ReplayReport.Stage> stages() {
        return stages;
    }

    /** Whether both ran on one runtime class; only then are equal bits promised. */
    boolean sameRuntimeClass() {
        return stages.stream().filter(ReplayComparison::isRuntime).allMatch(ReplayReport.Stage::equal);
    }

    /** The first stage that differs, a runtime of another class among them. */
    Optional<String> firstDifference() {
        return stages.stream()
                .filter(stage -> !stage.equal())
                .map(ReplayReport.Stage::name)
                .findFirst();
    }

    /** Whether every result is the same to the last bit, under whatever runtime. */
    boolean bitwise() {
        return stages.stream().filter(stage -> !isRuntime(stage)).allMatch(ReplayReport.Stage::equal);
    }

    /** Whether every operating point says the same of the case. */
    boolean sameDecisions() {
        return positives(recorded).equals(positives(again));
    }

    private static Map<String, Boolean> positives(PredictionDocument document) {
        Map<String, Boolean> positives = new TreeMap<>();
        document.decisions().forEach(decision -> positives.put(decision.operatingPoint(), decision.positive()));
        return positives;
    }

    private static boolean isRuntime(ReplayReport.Stage stage) {
        return stage.name().startsWith(RUNTIME);
    }

    private static List<ReplayReport.Stage> stages(PredictionDocument recorded, PredictionDocument again) {
        PredictionDocument.Digests before = recorded.digests();
        PredictionDocument.Digests after = again.digests();
        List<ReplayReport.Stage> stages = new ArrayList<>();
        if (before != null && after != null) {
            stages.add(stage("inputs", Digests.ofTexts(before.inputs()), Digests.ofTexts(after.inputs())));
            stages.add(stage("config", before.config(), after.config()));
            if (!before.geometries().isEmpty()) {
                stages.addAll(stages("geometry ", before.geometries(), after.geometries()));
            }
            stages.addAll(stages("volume ", before.volumes(), after.volumes()));
            stages.add(stage("passport", before.passport(), after.passport()));
            stages.addAll(stages("tensor ", before.tensors(), after.tensors()));
            stages.add(stage("model", before.model(), after.model()));
            stages.addAll(stages(RUNTIME, runtimeClass(recorded), runtimeClass(again)));
            stages.addAll(stages("output ", before.outputs(), after.outputs()));
        }
        stages.add(stage("findings", digestOf(recorded.findings()), digestOf(again.findings())));
        stages.add(stage("decisions", digestOf(recorded.decisions()), digestOf(again.decisions())));
        stages.add(stage(
                "outcome",
                recorded.outcome() + " " + digestOf(recorded.reasons()),
                again.outcome() + " " + digestOf(again.reasons())));
        return List.copyOf(stages);
    }

    private static Map<String, String> runtimeClass(PredictionDocument document) {
        Map<String, String> found = new TreeMap<>();
        RUNTIME_CLASS.forEach(
                key -> found.put(key, String.valueOf(document.runtime().get(key))));
        return found;
    }

    private static List<ReplayReport.Stage> stages(
            String prefix, Map<String, String> recorded, Map<String, String> again) {
        TreeSet<String> keys = new TreeSet<>(recorded.keySet());
        keys.addAll(again.keySet());
        return keys.stream()
                .map(key -> stage(prefix + key, recorded.get(key), again.get(key)))
                .toList();
    }

    private static ReplayReport.Stage stage(String name, @Nullable String recorded, @Nullable String again) {
        return new ReplayReport.Stage(name, recorded, again, recorded != null && recorded.equals(again));
    }

    private static String digestOf(List<?> values) {
        try {
            return Digests.ofTexts(List.of(JSON.writeValueAsString(values)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records are always JSON", e);
        }
    }
}
