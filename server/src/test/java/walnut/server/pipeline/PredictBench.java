package walnut.server.pipeline;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import walnut.models.passport.ModelPackage;
import walnut.models.preprocess.ModelInput;
import walnut.models.tensor.Tensor;
import walnut.prostate.series.CaseVolumes;
import walnut.prostate.series.Selection;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudyFolder;

/**
 * Where the time of a prediction goes, beside the bare ONNX Runtime call on the same tensor in the same process, and
 * beside the pipeline an ML team would otherwise write (shared bench/e2e_python.py). Run by hand, never in a test run:
 *
 * <pre>PredictBench STUDY PACKAGE RUNS [PYTHON E2E_SCRIPT PEER_STUDY]</pre>
 *
 * <p>PEER_STUDY is made by models/src/test/python/python_peer_study.py. With a peer each round runs both, one after the
 * other, so that both see the same machine. Prints medians and least times in milliseconds, the processor time of a
 * whole run, what the calling thread allocates on the heap, and the load of the machine.
 *
 * <p>Overhead is stated in two ways. Stages added up: of the whole, everything but the stages that decode
 * ({@code volumes}), resample and normalise ({@code preprocess}) and run the network; what that stage takes beyond the
 * bare call counts too. Beyond the parts alone: of the whole, what is more than decoding, preparing, hashing and the bare
 * call take one after the other, each measured alone right after; hashing runs beside the network, so this may be below 0.
 */
public final class PredictBench {
    private static final int WARM_UP = 25;
    private static final int ROUNDS = 3;

    private final Map<String, List<Double>> times = new LinkedHashMap<>();
    private final Path folder;
    private final ServedModel model;
    private final CasePipeline pipeline;
    private final OrtEnvironment environment;
    private final OrtSession bare;

    private PredictBench(Path folder, ServedModel model, OrtEnvironment environment, OrtSession bare) {
        this.folder = folder;
        this.model = model;
        this.pipeline = new CasePipeline(model);
        this.environment = environment;
        this.bare = bare;
    }

    public static void main(String[] args) throws Exception {
        ModelPackage modelPackage = ModelPackage.open(Path.of(args[1]));
        int runs = Integer.parseInt(args[2]);
        try (ServedModel model = ServedModel.load(
                modelPackage, id -> ModelPackage.open(Path.of(args[1]).resolveSibling(id)), "bench")) {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            OrtSession.SessionOptions options = new OrtSession.SessionOptions();
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setIntraOpNumThreads(model.passport().runtime().intraOpThreads());
            try (OrtSession bare = environment.createSession(
                    modelPackage.read(model.passport().onnx().file()), options)) {
                PredictBench bench = new PredictBench(Path.of(args[0]), model, environment, bare);
                for (int run = 0; run < WARM_UP; run++) {
                    bench.once();
                }
                bench.times.clear();
                for (int round = 0; round < ROUNDS; round++) {
                    for (int run = 0; run < runs; run++) {
                        bench.once();
                    }
                    System.out.printf(
                            Locale.ROOT,
                            "round %d, load %.1f%n",
                            round + 1,
                            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
                    if (args.length == 6) {
                        System.out.println(peer(args, runs));
                    }
                }
                bench.print();
            }
        }
    }

    private static String peer(String[] args, int runs) throws Exception {
        Process process = new ProcessBuilder(
                        args[3],
                        args[4],
                        args[5],
                        "--model",
                        Path.of(args[1], "detector.onnx").toString(),
                        "--zyx",
                        "20",
                        "96",
                        "96",
                        "--spacing",
                        "3",
                        "1",
                        "1",
                        "--threads",
                        "1",
                        "--repeat",
                        Integer.toString(runs))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.strip();
    }

    private void once() throws Exception {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long cpu = system.getProcessCpuTime();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long begin = System.nanoTime();
        Study study = StudyFolder.read(folder).studies().get(0);
        double headers = since(begin);
        note("read headers", headers);
        CaseInput input = FolderInput.of(study, List.of());
        CaseOutcome outcome = pipeline.run(input);
        double whole = since(begin);
        Map<String, Double> stages = outcome.document().timingsMs();
        stages.forEach((stage, time) -> note("  " + stage, time));
        double sum = stages.values().stream().mapToDouble(Double::doubleValue).sum();
        note("  elsewhere in the corridor", whole - headers - sum);
        note("whole", whole);
        note("whole, processor time", (system.getProcessCpuTime() - cpu) / 1e6);
        note("heap of a run, MB", (threads.getCurrentThreadAllocatedBytes() - allocated) / 1e6);

        Selection selection = pipeline.select(study);
        long decode = System.nanoTime();
        CaseVolumes volumes = CaseVolumes.build(selection);
        double decoded = since(decode);
        note("decode alone", decoded);
        long preprocess = System.nanoTime();
        ModelInput tensors = model.prepare(volumes.byChannelName());
        double prepared = since(preprocess);
        note("resample and normalise alone", prepared);
        note("decode, resample, normalise", decoded + prepared);
        long hashing = System.nanoTime();
        tensors.sha256();
        volumes.volumeSha256();
        FolderInput.of(study, List.of()).instanceDigests();
        double hashed = since(hashing);
        note("hashing alone", hashed);
        Tensor tensor = tensors.tensors().get(0);
        long call = System.nanoTime();
        try (OnnxTensor feed = OnnxTensor.createTensor(environment, tensor.values(), tensor.shape());
                OrtSession.Result result = bare.run(Map.of(tensor.name(), feed))) {
            result.size();
        }
        double bareCall = since(call);
        note("bare ONNX Runtime call", bareCall);
        note(
                "overhead, stages added up",
                whole - stages.getOrDefault("volumes", 0.0) - stages.getOrDefault("preprocess", 0.0) - bareCall);
        note("overhead beyond the parts alone", whole - decoded - prepared - hashed - bareCall);
    }

    private void note(String what, double value) {
        times.computeIfAbsent(what, name -> new ArrayList<>()).add(value);
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    private void print() {
        times.forEach((what, values) -> {
            List<Double> sorted = new ArrayList<>(values);
            Collections.sort(sorted);
            System.out.printf(
                    Locale.ROOT,
                    "%-32s median %8.1f  least %8.1f  (%d runs)%n",
                    what,
                    sorted.get(sorted.size() / 2),
                    sorted.get(0),
                    sorted.size());
        });
    }
}
