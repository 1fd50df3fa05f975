package walnut.dicom.net.pdu;

/** Bytes that are no PDU, or one that contradicts itself; carries the reason for the A-ABORT that answers them. */
public final class InvalidPduException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int abortReason;

    InvalidPduException(int abortReason, String message) {
        super(message);
        this.abortReason = abortReason;
    }

    public int abortReason() {
        return abortReason;
    }
}
