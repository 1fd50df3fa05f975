package walnut.dicom.net.pdu;

import java.util.List;

/** P-DATA-TF: fragments of messages. Whoever holds it owns the values' bytes. */
public record PDataTf(List<PresentationDataValue> values) implements Pdu {
    public PDataTf {
        values = List.copyOf(values);
    }

    @Override
    public PduType type() {
        return PduType.P_DATA_TF;
    }

    public void release() {
        values.forEach(value -> value.data().release());
    }
}
