package walnut.server.pipeline;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import walnut.models.passport.ModelPackage;
import walnut.models.preprocess.ModelInput;
import walnut.models.tensor.Tensor;
import walnut.prostate.series.CaseVolumes;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudyFolder;

/**
 * Where the time of a prediction goes, beside the bare ONNX Runtime call on the same tensor in the same process. Run by
 * hand ({@code PredictBench STUDY PACKAGE RUNS}); never part of a test run. Prints medians in milliseconds.
 */
public final class PredictBench {
    private static final int WARM_UP = 5;

    private PredictBench() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        ModelPackage modelPackage = ModelPackage.open(Path.of(args[1]));
        int runs = Integer.parseInt(args[2]);
        Map<String, List<Double>> times = new LinkedHashMap<>();
        try (ServedModel model = ServedModel.load(
                modelPackage, id -> ModelPackage.open(Path.of(args[1]).resolveSibling(id)), "bench")) {
            CasePipeline pipeline = new CasePipeline(model);
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            OrtSession.SessionOptions options = new OrtSession.SessionOptions();
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setIntraOpNumThreads(model.passport().runtime().intraOpThreads());
            try (OrtSession bare = environment.createSession(
                    modelPackage.read(model.passport().onnx().file()), options)) {
                for (int run = -WARM_UP; run < runs; run++) {
                    Map<String, Double> one = once(folder, pipeline, model, environment, bare);
                    if (run >= 0) {
                        one.forEach((stage, ms) -> times.computeIfAbsent(stage, name -> new ArrayList<>())
                                .add(ms));
                    }
                }
            }
        }
        times.forEach((stage, values) -> System.out.printf(
                Locale.ROOT, "%-28s %8.1f  (%.1f to %.1f)%n", stage, median(values), least(values), most(values)));
    }

    private static Map<String, Double> once(
            Path folder, CasePipeline pipeline, ServedModel model, OrtEnvironment environment, OrtSession bare)
            throws Exception {
        Map<String, Double> ms = new LinkedHashMap<>();
        long begin = System.nanoTime();
        Study study = StudyFolder.read(folder).studies().get(0);
        ms.put("read headers", since(begin));
        long digest = System.nanoTime();
        CaseInput input = FolderInput.of(study, List.of());
        ms.put("hash files", since(digest));
        long corridor = System.nanoTime();
        CaseOutcome outcome = pipeline.run(input);
        ms.put("corridor", since(corridor));
        outcome.document().timingsMs().forEach((stage, value) -> ms.put("  " + stage, value));
        ms.put("whole", since(begin));

        ModelInput tensors =
                model.prepare(CaseVolumes.build(pipeline.select(study)).byChannelName());
        Tensor tensor = tensors.tensors().get(0);
        long call = System.nanoTime();
        try (OnnxTensor feed = OnnxTensor.createTensor(environment, tensor.values(), tensor.shape());
                OrtSession.Result result = bare.run(Map.of(tensor.name(), feed))) {
            result.size();
        }
        ms.put("bare ONNX Runtime call", since(call));
        return ms;
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static double least(List<Double> values) {
        return Arrays.stream(values.stream().mapToDouble(Double::doubleValue).toArray())
                .min()
                .orElseThrow();
    }

    private static double most(List<Double> values) {
        return Arrays.stream(values.stream().mapToDouble(Double::doubleValue).toArray())
                .max()
                .orElseThrow();
    }
}
