package walnut.models.preprocess;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import walnut.models.tensor.Tensor;
import walnut.models.tensor.TensorDigest;
import walnut.volume.VolumeGeometry;

/**
 * What a model is fed: its input tensors and where their voxels lie in the patient.
 *
 * @param tensors in the passport's order
 * @param grid of the last three axes of each tensor: (slice, row, column)
 * @param t2wGeometry of the T2W volume whose axes the grid follows, to bring results back
 */
public record ModelInput(List<Tensor> tensors, VolumeGeometry grid, VolumeGeometry t2wGeometry) {

    public ModelInput {
        tensors = List.copyOf(tensors);
    }

    /** {@link TensorDigest} of each tensor by name. */
    public Map<String, String> sha256() {
        Map<String, String> digests = new TreeMap<>();
        tensors.forEach(tensor -> digests.put(tensor.name(), TensorDigest.sha256(tensor)));
        return digests;
    }
}
