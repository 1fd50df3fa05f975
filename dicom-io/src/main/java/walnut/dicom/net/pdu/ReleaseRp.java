package walnut.dicom.net.pdu;

/** A-RELEASE-RP. */
public record ReleaseRp() implements Pdu {
    @Override
    public PduType type() {
        return PduType.A_RELEASE_RP;
    }
}
