package walnut.dicom.net.pdu;

/** A-ABORT, PS3.8 Table 9-26. The reason is significant only when the service provider is the source. */
public record Abort(int source, int reason) implements Pdu {
    public static final int SERVICE_USER = 0;
    public static final int SERVICE_PROVIDER = 2;

    public static final int REASON_NOT_SPECIFIED = 0;
    public static final int UNRECOGNIZED_PDU = 1;
    public static final int UNEXPECTED_PDU = 2;
    public static final int UNRECOGNIZED_PDU_PARAMETER = 4;
    public static final int UNEXPECTED_PDU_PARAMETER = 5;
    public static final int INVALID_PDU_PARAMETER_VALUE = 6;

    public static final Abort BY_SERVICE_USER = new Abort(SERVICE_USER, REASON_NOT_SPECIFIED);

    @Override
    public PduType type() {
        return PduType.A_ABORT;
    }
}
