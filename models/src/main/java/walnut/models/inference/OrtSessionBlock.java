package walnut.models.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.AbstractSymbolBlock;
import ai.djl.nn.ParameterList;
import ai.djl.onnxruntime.engine.OrtNDArray;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * An ONNX Runtime session as a DJL block.
 *
 * <p>DJL's own ONNX block keeps its session private, lets ONNX Runtime allocate each output and copies it to the heap.
 * This one is handed the inputs followed by the outputs to fill: the outputs are pinned, so results land in the
 * caller's direct buffers, and each run has RunOptions, so that it can be ended.
 */
final class OrtSessionBlock extends AbstractSymbolBlock {
    private final OrtSession session;
    private final List<String> inputs;
    private final List<String> outputs;
    private final Duration deadline;

    OrtSessionBlock(OrtSession session, List<String> inputs, List<String> outputs, Duration deadline) {
        this.session = session;
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.deadline = deadline;
    }

    /** Takes the inputs, then the outputs, in the order of their names; gives back those outputs, filled. */
    @Override
    protected NDList forwardInternal(
            ParameterStore parameterStore, NDList arrays, boolean training, @Nullable PairList<String, Object> params) {
        Map<String, OnnxTensor> fed = tensors(inputs, arrays.subNDList(0, inputs.size()));
        NDList filled = arrays.subNDList(inputs.size());
        Map<String, OnnxTensor> pinned = tensors(outputs, filled);
        try (DeadlineWatch.WatchedRun run = DeadlineWatch.begin(deadline)) {
            try (OrtSession.Result result = session.run(fed, Set.of(), pinned, run.options())) {
                return filled;
            } catch (OrtException e) {
                throw run.expired() ? timedOut(e) : failed(e);
            }
        } catch (OrtException e) {
            throw failed(e);
        }
    }

    private WalnutException timedOut(OrtException cause) {
        return new WalnutException(
                FailureCode.INFERENCE_TIMEOUT,
                "the model had not answered after " + deadline.toMillis()
                        + " ms and was ended; raise deadlineMs in its passport or make it smaller",
                cause);
    }

    private static WalnutException failed(OrtException cause) {
        return new WalnutException(
                FailureCode.INFERENCE_FAILED, "ONNX Runtime could not run the model (" + cause.getCode() + ")", cause);
    }

    private static Map<String, OnnxTensor> tensors(List<String> names, NDList arrays) {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        for (int n = 0; n < names.size(); n++) {
            NDArray array = arrays.get(n);
            tensors.put(names.get(n), ((OrtNDArray) array).getTensor());
        }
        return tensors;
    }

    /** None that DJL could see: the weights live in the session. */
    @Override
    public ParameterList getDirectParameters() {
        return new ParameterList();
    }

    @Override
    public void removeLastBlock() {
        throw new UnsupportedOperationException("an ONNX graph is run as it is");
    }
}
