package walnut.dicom.net.pdu;

/** A-RELEASE-RQ. */
public record ReleaseRq() implements Pdu {
    @Override
    public PduType type() {
        return PduType.A_RELEASE_RQ;
    }
}
