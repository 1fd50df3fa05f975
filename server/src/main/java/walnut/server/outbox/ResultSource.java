package walnut.server.outbox;

import java.util.List;
import walnut.dicom.data.DataSet;

/** Makes the objects of a stored prediction. */
public interface ResultSource {

    /**
     * Whether the prediction's model is made for what it was run on. If not, nothing of it leaves the node, whatever an
     * operator has switched on.
     */
    boolean inIntendedUse(String predictionId);

    /**
     * In the order of sending; blocks.
     *
     * @throws walnut.failure.WalnutException INPUT_GONE where the images are no longer stored
     */
    List<DataSet> objects(String predictionId);
}
