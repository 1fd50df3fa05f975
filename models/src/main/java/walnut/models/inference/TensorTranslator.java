package walnut.models.inference;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import java.util.ArrayList;
import java.util.List;
import walnut.models.passport.Passport;
import walnut.models.preprocess.ModelInput;
import walnut.models.tensor.Tensor;

/**
 * Between our tensors and DJL's arrays, without copying either way: an array is a view of a tensor's direct buffer. The
 * batch axis is part of the tensors, hence no batchifier (DJL's would need a second engine for its arithmetic).
 */
final class TensorTranslator implements NoBatchifyTranslator<ModelInput, ModelOutput> {
    private static final String OUTPUTS = "walnut.outputs";

    private final List<Passport.Output> outputs;

    TensorTranslator(List<Passport.Output> outputs) {
        this.outputs = List.copyOf(outputs);
    }

    @Override
    public NDList processInput(TranslatorContext context, ModelInput input) {
        List<Tensor> results = new ArrayList<>();
        for (Passport.Output output : outputs) {
            results.add(Tensor.allocate(
                    output.name(),
                    output.shape().stream().mapToLong(Long::longValue).toArray()));
        }
        context.setAttachment(OUTPUTS, new ModelOutput(results));
        NDList arrays = new NDList(input.tensors().size() + results.size());
        input.tensors().forEach(tensor -> arrays.add(view(tensor, context.getNDManager())));
        results.forEach(tensor -> arrays.add(view(tensor, context.getNDManager())));
        return arrays;
    }

    @Override
    public ModelOutput processOutput(TranslatorContext context, NDList filled) {
        return (ModelOutput) context.getAttachment(OUTPUTS);
    }

    private static ai.djl.ndarray.NDArray view(Tensor tensor, NDManager manager) {
        return manager.create(tensor.values(), new Shape(tensor.shape()), DataType.FLOAT32);
    }
}
