package walnut.models.inference;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.passport.ModelPackage;
import walnut.models.passport.Passport;
import walnut.models.preprocess.ModelInput;
import walnut.models.tensor.Tensor;

/**
 * A model ready to run: the package's verified ONNX bytes in a session of ONNX Runtime, found to be what the passport
 * says.
 *
 * <p>Native memory: held until {@link #close()}, which waits for runs under way. Each run's tensors are direct buffers
 * that the garbage collector frees.
 */
public final class LoadedModel implements AutoCloseable {
    /** Softmax and sigmoid may exceed their range by rounding. */
    private static final double RANGE_TOLERANCE = 1e-5;

    private final Passport passport;
    private final String packageDigest;
    private final OrtSession session;
    private final Model model;
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
    private boolean closed;

    private LoadedModel(Passport passport, String packageDigest, OrtSession session) {
        this.passport = passport;
        this.packageDigest = packageDigest;
        this.session = session;
        this.model = Model.newInstance(passport.id(), OnnxRuntime.engineName());
        model.setBlock(new OrtSessionBlock(
                session,
                passport.inputs().stream().map(Passport.Input::name).toList(),
                passport.outputs().stream().map(Passport.Output::name).toList(),
                Duration.ofMillis(passport.runtime().deadlineMs())));
    }

    /**
     * Loads the model of a package under the passport's runtime options.
     *
     * @throws WalnutException MODEL_PACKAGE_INVALID when the file is no model that ONNX Runtime accepts,
     *     MODEL_IO_MISMATCH with every disagreement when it is another than the passport describes
     */
    public static LoadedModel load(ModelPackage modelPackage) {
        return load(modelPackage, modelPackage.passport().runtime());
    }

    /** As {@link #load(ModelPackage)} under other runtime options, to see what difference they make. */
    public static LoadedModel load(ModelPackage modelPackage, Passport.Runtime runtime) {
        Passport passport = modelPackage.passport();
        byte[] onnx = modelPackage.read(passport.onnx().file());
        checkFile(passport, OnnxFile.parse(onnx));
        OrtSession session = open(onnx, runtime);
        try {
            checkInterface(passport, session);
            return new LoadedModel(passport, modelPackage.digest(), session);
        } catch (RuntimeException | OrtException e) {
            closeQuietly(session);
            throw e instanceof RuntimeException unchecked ? unchecked : unreadable((OrtException) e);
        }
    }

    public Passport passport() {
        return passport;
    }

    /** {@link ModelPackage#digest()} of what was loaded. */
    public String packageDigest() {
        return packageDigest;
    }

    /**
     * Runs the model once; several threads may.
     *
     * @throws WalnutException INFERENCE_TIMEOUT past the passport's deadline, INFERENCE_FAILED when ONNX Runtime fails,
     *     MODEL_OUTPUT_INVALID when an output is not finite or out of its range
     */
    public ModelOutput run(ModelInput input) {
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException(passport.id() + " is closed");
            }
            requireInputs(input);
            // A predictor per run: it holds the arrays of one run and costs microseconds.
            try (Predictor<ModelInput, ModelOutput> predictor =
                    model.newPredictor(new TensorTranslator(passport.outputs()))) {
                ModelOutput output = predictor.predict(input);
                checkOutput(output);
                return output;
            } catch (TranslateException e) {
                throw e.getCause() instanceof WalnutException foreseen
                        ? foreseen
                        : new WalnutException(FailureCode.INFERENCE_FAILED, passport.id() + " could not be run", e);
            }
        } finally {
            lifetime.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                model.close();
                closeQuietly(session);
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }

    private static OrtSession open(byte[] onnx, Passport.Runtime runtime) {
        var environment = OnnxRuntime.environment();
        try (SessionOptions options = new SessionOptions()) {
            options.setOptimizationLevel(
                    SessionOptions.OptLevel.valueOf(runtime.optimizationLevel().name()));
            options.setIntraOpNumThreads(runtime.intraOpThreads());
            options.setInterOpNumThreads(1);
            options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
            // Idle workers would burn the cores that decode the next study.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            return environment.createSession(onnx, options);
        } catch (OrtException e) {
            throw unreadable(e);
        }
    }

    private static WalnutException unreadable(OrtException cause) {
        return new WalnutException(
                FailureCode.MODEL_PACKAGE_INVALID,
                "ONNX Runtime does not accept the model file (" + cause.getMessage() + "); export the model again.",
                cause);
    }

    private static void checkFile(Passport passport, OnnxFile file) {
        List<String> differences = new ArrayList<>();
        if (file.externalData()) {
            differences.add("its weights lie in another file; export it as one file");
        }
        if (!file.nonFiniteWeights().isEmpty()) {
            differences.add("weights " + file.nonFiniteWeights() + " hold NaN; train or export it again");
        }
        if (!differences.isEmpty()) {
            throw new WalnutException(
                    FailureCode.MODEL_PACKAGE_INVALID, "the ONNX file: " + String.join("; ", differences) + ".");
        }
        Long opset = file.opsets().get(OnnxFile.STANDARD_DOMAIN);
        if (opset == null || opset != passport.onnx().opset()) {
            differences.add(
                    "operator set " + opset + ", passport " + passport.onnx().opset());
        }
        if (!passport.onnx().domains().containsAll(file.domains())) {
            differences.add("operators of " + file.domains() + ", passport "
                    + passport.onnx().domains());
        }
        throwIfAny(differences);
    }

    private static void checkInterface(Passport passport, OrtSession session) throws OrtException {
        List<String> differences = new ArrayList<>();
        Map<String, NodeInfo> inputs = session.getInputInfo();
        Map<String, NodeInfo> outputs = session.getOutputInfo();
        for (Passport.Input input : passport.inputs()) {
            compare("input " + input.name(), input.shape(), inputs.get(input.name()), differences);
        }
        for (Passport.Output output : passport.outputs()) {
            compare("output " + output.name(), output.shape(), outputs.get(output.name()), differences);
        }
        if (inputs.size() != passport.inputs().size()) {
            differences.add("inputs " + inputs.keySet() + ", passport describes "
                    + passport.inputs().stream().map(Passport.Input::name).toList());
        }
        throwIfAny(differences);
    }

    /** A dimension that the graph leaves open (-1) is settled by the passport. */
    private static void compare(
            String what,
            List<Long> shape,
            @org.jspecify.annotations.Nullable NodeInfo found,
            List<String> differences) {
        if (found == null) {
            differences.add("no " + what);
        } else if (!(found.getInfo() instanceof TensorInfo tensor) || tensor.type != OnnxJavaType.FLOAT) {
            differences.add(what + " is " + found.getInfo() + ", passport FLOAT32");
        } else {
            long[] graph = tensor.getShape();
            boolean same = graph.length == shape.size();
            for (int axis = 0; same && axis < graph.length; axis++) {
                same = graph[axis] == -1 || graph[axis] == shape.get(axis);
            }
            if (!same) {
                differences.add(what + " has shape " + Arrays.toString(graph) + ", passport " + shape);
            }
        }
    }

    private static void throwIfAny(List<String> differences) {
        if (!differences.isEmpty()) {
            throw new WalnutException(
                    FailureCode.MODEL_IO_MISMATCH,
                    "the ONNX file is not the model that the passport describes: " + String.join("; ", differences)
                            + "; correct the passport or take the right file.");
        }
    }

    private void requireInputs(ModelInput input) {
        List<String> expected =
                passport.inputs().stream().map(Passport.Input::name).toList();
        List<String> found = input.tensors().stream().map(Tensor::name).toList();
        if (!found.equals(expected)) {
            throw new IllegalArgumentException(passport.id() + " takes " + expected + ", got " + found);
        }
        for (int n = 0; n < expected.size(); n++) {
            long[] shape = passport.inputs().get(n).shape().stream()
                    .mapToLong(Long::longValue)
                    .toArray();
            if (!Arrays.equals(input.tensors().get(n).shape(), shape)) {
                throw new IllegalArgumentException(
                        input.tensors().get(n) + " should have shape " + Arrays.toString(shape));
            }
        }
    }

    private void checkOutput(ModelOutput output) {
        for (Passport.Output declared : passport.outputs()) {
            double lower = declared.range().lower() - RANGE_TOLERANCE;
            double upper = declared.range().upper() + RANGE_TOLERANCE;
            FloatBuffer values = output.tensor(declared.name()).values();
            for (int n = 0; n < values.limit(); n++) {
                float value = values.get(n);
                // Negated, so that NaN fails too.
                if (!(value >= lower && value <= upper)) {
                    throw new WalnutException(
                            FailureCode.MODEL_OUTPUT_INVALID,
                            "output " + declared.name() + " of " + passport.id() + " holds " + value
                                    + ", expected values from "
                                    + declared.range().lower() + " to "
                                    + declared.range().upper()
                                    + "; bound it in the graph or correct its range in the passport");
                }
            }
        }
    }

    private static void closeQuietly(OrtSession session) {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("closing an ONNX Runtime session cannot fail", e);
        }
    }
}
