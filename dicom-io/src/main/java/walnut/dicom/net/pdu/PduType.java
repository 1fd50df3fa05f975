package walnut.dicom.net.pdu;

import java.util.Optional;

/** The first byte of a PDU, and how long its body may be before a reader has seen any of it. */
public enum PduType {
    A_ASSOCIATE_RQ(0x01, PduType.NEGOTIATION_LIMIT),
    A_ASSOCIATE_AC(0x02, PduType.NEGOTIATION_LIMIT),
    A_ASSOCIATE_RJ(0x03, 4),
    P_DATA_TF(0x04, PduType.NEGOTIATED),
    A_RELEASE_RQ(0x05, 4),
    A_RELEASE_RP(0x06, 4),
    A_ABORT(0x07, 4);

    /**
     * 128 presentation contexts with 60 transfer syntaxes each and extended negotiation stay below this; the standard
     * sets no limit.
     */
    private static final int NEGOTIATION_LIMIT = 1 << 20;

    private static final int NEGOTIATED = -1;

    private final int code;
    private final int bodyLimit;

    PduType(int code, int bodyLimit) {
        this.code = code;
        this.bodyLimit = bodyLimit;
    }

    public int code() {
        return code;
    }

    public static Optional<PduType> of(int code) {
        return code >= 1 && code <= values().length ? Optional.of(values()[code - 1]) : Optional.empty();
    }

    /** Longest body in bytes, given the maximum P-DATA-TF length that we announced. */
    int bodyLimit(int maximumPduLength) {
        return bodyLimit == NEGOTIATED ? maximumPduLength : bodyLimit;
    }
}
