package walnut.models.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.TestPackages;
import walnut.models.passport.ModelPackage;
import walnut.models.passport.Passport;
import walnut.models.passport.Passport.Runtime;
import walnut.models.passport.Passport.Runtime.OptimizationLevel;
import walnut.models.passport.Passport.Runtime.Provider;
import walnut.models.preprocess.ModelInput;

class LoadedModelTest {
    @TempDir
    Path scratch;

    /** The graph is sigmoid(0.5·T2W - ADC + 2·HBV + 0.25) inside the box that make_models.py lays into the grid. */
    @Test
    void runs_the_graph_on_the_tensors_given() {
        try (LoadedModel model = load("tiny")) {
            ModelInput input = TestPackages.input(model.passport(), 1);
            float[] fed = input.tensors().get(0).toArray();

            ModelOutput output = model.run(input);

            float[] heat = output.tensor("heat").toArray();
            int voxels = 4 * 6 * 8;
            assertThat(heat).hasSize(voxels);
            int inside = (1 * 6 + 2) * 8 + 3;
            double logit = 0.5 * fed[inside] - fed[voxels + inside] + 2 * fed[2 * voxels + inside] + 0.25;
            assertThat((double) heat[inside]).isCloseTo(1 / (1 + Math.exp(-logit)), within(1e-6));
            assertThat(heat[0]).as("outside the box").isZero();
            assertThat(output.tensor("zones").shape()).containsExactly(1, 3, 4, 6, 8);
        }
    }

    @Test
    void gives_the_same_bits_over_runs_sessions_and_callers() throws Exception {
        ModelPackage stub = ModelPackage.open(TestPackages.stubDetector());
        Set<Map<String, String>> digests = new HashSet<>();
        ModelInput input = TestPackages.input(stub.passport(), 7);
        for (int session = 0; session < 2; session++) {
            try (LoadedModel model = LoadedModel.load(stub)) {
                digests.add(model.run(input).sha256());
                ExecutorService callers = Executors.newFixedThreadPool(4);
                try {
                    List<Future<Map<String, String>>> runs = callers.invokeAll(java.util.Collections.nCopies(
                            8, () -> model.run(input).sha256()));
                    for (Future<Map<String, String>> run : runs) {
                        digests.add(run.get());
                    }
                } finally {
                    callers.shutdown();
                }
            }
        }
        assertThat(digests).hasSize(1);
    }

    @Test
    void gives_the_same_bits_for_one_and_two_threads() {
        ModelPackage stub = ModelPackage.open(TestPackages.stubDetector());
        ModelInput input = TestPackages.input(stub.passport(), 7);

        assertThat(digest(stub, OptimizationLevel.ALL_OPT, 2, input))
                .isEqualTo(digest(stub, OptimizationLevel.ALL_OPT, 1, input));
    }

    /**
     * What changes the bits: the optimisation level may, and so does (here) only by its last bits; runs, sessions and
     * threads may not. Hence the level is part of the runtime class.
     */
    @Test
    void the_optimisation_level_changes_last_bits_and_nothing_else_does() {
        ModelPackage normalised = ModelPackage.open(TestPackages.tiny(scratch, "tiny_normalised"));
        ModelInput input = TestPackages.input(normalised.passport(), 3);
        Map<String, String> unoptimised = digest(normalised, OptimizationLevel.NO_OPT, 1, input);
        Map<String, String> optimised = digest(normalised, OptimizationLevel.ALL_OPT, 1, input);

        assertThat(optimised).isNotEqualTo(unoptimised);
        assertThat(largestDifference(
                        heat(normalised, OptimizationLevel.ALL_OPT, input),
                        heat(normalised, OptimizationLevel.NO_OPT, input)))
                .isPositive()
                .isLessThan(1e-5);
        for (OptimizationLevel level : OptimizationLevel.values()) {
            Map<String, String> once = digest(normalised, level, 1, input);
            assertThat(digest(normalised, level, 1, input))
                    .as("again at " + level)
                    .isEqualTo(once);
            assertThat(digest(normalised, level, 2, input))
                    .as("two threads at " + level)
                    .isEqualTo(once);
        }
        RuntimeFingerprint one = RuntimeFingerprint.of("x", runtime(OptimizationLevel.ALL_OPT));
        assertThat(one.runtimeClass())
                .isNotEqualTo(RuntimeFingerprint.of("x", runtime(OptimizationLevel.NO_OPT))
                        .runtimeClass());
    }

    /** A graph whose batch axis is open gives each patch the bits that it gives the patch alone. */
    @Test
    void the_batch_does_not_change_the_bits() throws Exception {
        ModelPackage points = ModelPackage.open(TestPackages.point(scratch, "tiny"));
        try (LoadedModel model = LoadedModel.load(points)) {
            ModelInput first = TestPackages.input(points.passport(), 1);
            ModelInput second = TestPackages.input(points.passport(), 2);
            float alone = model.run(first).tensor("score").values().get(0);
            float other = model.run(second).tensor("score").values().get(0);
            assertThat(alone).isNotEqualTo(other);

            FloatBuffer both = java.nio.ByteBuffer.allocateDirect(2 * 3 * 4 * 6 * 8 * Float.BYTES)
                    .order(java.nio.ByteOrder.nativeOrder())
                    .asFloatBuffer();
            both.put(first.tensors().get(0).values())
                    .put(second.tensors().get(0).values())
                    .flip();
            OrtEnvironment environment = OnnxRuntime.environment();
            try (OrtSession session = environment.createSession(points.read("detector.onnx"));
                    OnnxTensor fed = OnnxTensor.createTensor(environment, both, new long[] {2, 3, 4, 6, 8});
                    OrtSession.Result result = session.run(Map.of("patch", fed))) {
                FloatBuffer scores = ((OnnxTensor) result.get(0)).getFloatBuffer();
                assertThat(scores.get(0)).isEqualTo(alone);
                assertThat(scores.get(1)).isEqualTo(other);
            }
        }
    }

    /** Another study is answered while a run that never returns waits for its deadline, and after it. */
    @Test
    void a_model_that_never_returns_harms_no_other() throws Exception {
        ModelPackage endless = ModelPackage.open(TestPackages.tiny(
                scratch.resolve("endless"),
                "tiny_never_returns",
                passport -> ((com.fasterxml.jackson.databind.node.ObjectNode) passport.get("runtime"))
                        .put("deadlineMs", 1500)));
        ModelPackage good = ModelPackage.open(TestPackages.tiny(scratch.resolve("good"), "tiny"));
        ModelInput input = TestPackages.input(good.passport(), 1);
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try (LoadedModel hanging = LoadedModel.load(endless);
                LoadedModel model = LoadedModel.load(good)) {
            Map<String, String> before = model.run(input).sha256();
            Future<ModelOutput> run = caller.submit(() -> hanging.run(input));
            assertThat(model.run(input).sha256()).isEqualTo(before);
            assertThatThrownBy(run::get).cause().isInstanceOfSatisfying(WalnutException.class, failure -> assertThat(
                            failure.code())
                    .isEqualTo(FailureCode.INFERENCE_TIMEOUT));
            assertThat(model.run(input).sha256()).isEqualTo(before);
        } finally {
            caller.shutdown();
        }
    }

    private static float[] heat(ModelPackage modelPackage, OptimizationLevel level, ModelInput input) {
        try (LoadedModel model = LoadedModel.load(modelPackage, runtime(level))) {
            return model.run(input).tensor("heat").toArray();
        }
    }

    private static Runtime runtime(OptimizationLevel level) {
        return new Runtime(Provider.CPU, level, 1, 60_000);
    }

    private static double largestDifference(float[] one, float[] other) {
        double largest = 0;
        for (int n = 0; n < one.length; n++) {
            largest = Math.max(largest, Math.abs((double) one[n] - other[n]));
        }
        return largest;
    }

    @Test
    void other_input_gives_another_digest() {
        try (LoadedModel model = load("tiny")) {
            assertThat(model.run(TestPackages.input(model.passport(), 1)).sha256())
                    .isNotEqualTo(
                            model.run(TestPackages.input(model.passport(), 2)).sha256());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tiny_nan_weight, MODEL_PACKAGE_INVALID, hold NaN",
        "tiny_external_data, MODEL_PACKAGE_INVALID, another file",
        "tiny_custom_operator, MODEL_IO_MISMATCH, com.example",
        "tiny_contributed_operator, MODEL_IO_MISMATCH, com.microsoft",
        "tiny_other_opset, MODEL_IO_MISMATCH, operator set 16",
        "tiny_other_shape, MODEL_IO_MISMATCH, 'shape [1, 3, 4, 6, 6]'"
    })
    void refuses_a_file_that_is_not_what_the_passport_says(String graph, FailureCode code, String said) {
        assertThatThrownBy(() -> load(graph).close())
                .isInstanceOfSatisfying(WalnutException.class, failure -> assertThat(failure.code())
                        .isEqualTo(code))
                .hasMessageContaining(said);
    }

    @Test
    void refuses_names_that_the_graph_does_not_have() {
        Path renamed = TestPackages.tiny(scratch, "tiny", passport -> {
            ((com.fasterxml.jackson.databind.node.ObjectNode) passport.at("/inputs/0")).put("name", "mpmri");
            ((com.fasterxml.jackson.databind.node.ObjectNode) passport.at("/outputs/0")).put("name", "score");
        });

        assertThatThrownBy(() -> LoadedModel.load(ModelPackage.open(renamed)))
                .isInstanceOfSatisfying(WalnutException.class, failure -> assertThat(failure.code())
                        .isEqualTo(FailureCode.MODEL_IO_MISMATCH))
                .hasMessageContaining("no input mpmri")
                .hasMessageContaining("no output score");
    }

    @ParameterizedTest
    @CsvSource({"tiny_answers_nan, NaN", "tiny_out_of_range, expected values from 0.0 to 1.0"})
    void refuses_answers_that_are_none(String graph, String said) {
        try (LoadedModel model = load(graph)) {
            assertThatThrownBy(() -> model.run(TestPackages.input(model.passport(), 1)))
                    .isInstanceOfSatisfying(WalnutException.class, failure -> assertThat(failure.code())
                            .isEqualTo(FailureCode.MODEL_OUTPUT_INVALID))
                    .hasMessageContaining(said);
        }
    }

    @Test
    void ends_a_model_that_never_returns_and_closes_it() {
        ModelPackage endless = ModelPackage.open(TestPackages.tiny(
                scratch, "tiny_never_returns", passport -> ((com.fasterxml.jackson.databind.node.ObjectNode)
                                passport.get("runtime"))
                        .put("deadlineMs", 300)));
        try (LoadedModel model = LoadedModel.load(endless)) {
            Instant start = Instant.now();
            assertThatThrownBy(() -> model.run(TestPackages.input(model.passport(), 1)))
                    .isInstanceOfSatisfying(WalnutException.class, failure -> assertThat(failure.code())
                            .isEqualTo(FailureCode.INFERENCE_TIMEOUT))
                    .hasMessageContaining("300 ms");
            assertThat(Duration.between(start, Instant.now()))
                    .isBetween(Duration.ofMillis(290), Duration.ofSeconds(20));
        }
    }

    @Test
    void closing_waits_for_the_run_under_way() throws Exception {
        ModelPackage endless = ModelPackage.open(TestPackages.tiny(
                scratch, "tiny_never_returns", passport -> ((com.fasterxml.jackson.databind.node.ObjectNode)
                                passport.get("runtime"))
                        .put("deadlineMs", 500)));
        LoadedModel model = LoadedModel.load(endless);
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try {
            Future<?> run = caller.submit(() -> model.run(TestPackages.input(model.passport(), 1)));
            TimeUnit.MILLISECONDS.sleep(100);
            Instant closing = Instant.now();
            model.close();
            assertThat(Duration.between(closing, Instant.now()))
                    .as("the deadline ends the run, then the session is freed")
                    .isGreaterThan(Duration.ofMillis(200));
            assertThatThrownBy(run::get)
                    .hasCauseInstanceOf(WalnutException.class)
                    .hasMessageContaining("500 ms");
            assertThatThrownBy(() -> model.run(TestPackages.input(model.passport(), 1)))
                    .isInstanceOf(IllegalStateException.class);
        } finally {
            caller.shutdown();
        }
    }

    @Test
    void fingerprints_the_runtime_that_ran() {
        Passport passport = ModelPackage.readPassport(TestPackages.stubDetector());

        RuntimeFingerprint fingerprint = RuntimeFingerprint.of("0.1.0", passport.runtime());

        assertThat(fingerprint.ort())
                .as("ONNX Runtime's own version, not DJL's constant")
                .isEqualTo("1.29.0");
        assertThat(fingerprint.optimizationLevel()).isEqualTo("ALL_OPT");
        assertThat(fingerprint.cpu()).isNotBlank();
        assertThat(fingerprint.runtimeClass()).contains("1.29.0", "threads 1");
    }

    @Test
    void names_an_arm_processor_by_its_parts() {
        assertThat(RuntimeFingerprint.cpuFrom(
                        List.of("processor\t: 0", "CPU implementer\t: 0x41", "CPU part\t: 0xd0c")))
                .isEqualTo("implementer 0x41 part 0xd0c");
    }

    private LoadedModel load(String graph) {
        return LoadedModel.load(ModelPackage.open(TestPackages.tiny(scratch, graph)));
    }

    private static Map<String, String> digest(
            ModelPackage modelPackage, OptimizationLevel level, int threads, ModelInput input) {
        try (LoadedModel model = LoadedModel.load(modelPackage, new Runtime(Provider.CPU, level, threads, 60_000))) {
            return model.run(input).sha256();
        }
    }
}
