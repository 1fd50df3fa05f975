package walnut.models.inference;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import walnut.models.tensor.Tensor;
import walnut.models.tensor.TensorDigest;

/**
 * What a model answered: its output tensors, found finite and within the passport's ranges.
 *
 * @param tensors in the passport's order
 */
public record ModelOutput(List<Tensor> tensors) {

    public ModelOutput {
        tensors = List.copyOf(tensors);
    }

    public Tensor tensor(String name) {
        return tensors.stream()
                .filter(tensor -> tensor.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no output " + name + " among " + tensors));
    }

    /** {@link TensorDigest} of each tensor by name. */
    public Map<String, String> sha256() {
        Map<String, String> digests = new TreeMap<>();
        tensors.forEach(tensor -> digests.put(tensor.name(), TensorDigest.sha256(tensor)));
        return digests;
    }
}
