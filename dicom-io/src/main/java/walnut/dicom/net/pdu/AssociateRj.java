package walnut.dicom.net.pdu;

/** A-ASSOCIATE-RJ, PS3.8 Table 9-21; written result/source/reason, so 1/1/3 is an unknown calling AE title. */
public record AssociateRj(int result, int source, int reason) implements Pdu {
    public static final AssociateRj NO_REASON_GIVEN = new AssociateRj(1, 1, 1);
    public static final AssociateRj APPLICATION_CONTEXT_NOT_SUPPORTED = new AssociateRj(1, 1, 2);
    public static final AssociateRj CALLING_AE_TITLE_NOT_RECOGNIZED = new AssociateRj(1, 1, 3);
    public static final AssociateRj CALLED_AE_TITLE_NOT_RECOGNIZED = new AssociateRj(1, 1, 7);
    public static final AssociateRj PROTOCOL_VERSION_NOT_SUPPORTED = new AssociateRj(1, 2, 2);
    public static final AssociateRj TEMPORARY_CONGESTION = new AssociateRj(2, 3, 1);
    public static final AssociateRj LOCAL_LIMIT_EXCEEDED = new AssociateRj(2, 3, 2);

    private static final int TRANSIENT = 2;

    @Override
    public PduType type() {
        return PduType.A_ASSOCIATE_RJ;
    }

    /** Whether the same request may succeed later. */
    public boolean isTransient() {
        return result == TRANSIENT;
    }

    /** For people: the standard's words. */
    public String meaning() {
        return (isTransient() ? "rejected for now" : "rejected") + " (" + result + "/" + source + "/" + reason + "): "
                + reasonMeaning();
    }

    private String reasonMeaning() {
        switch (source << 8 | reason) {
            case 0x102:
                return "application context name not supported";
            case 0x103:
                return "calling AE title not recognized";
            case 0x107:
                return "called AE title not recognized";
            case 0x202:
                return "protocol version not supported";
            case 0x301:
                return "temporary congestion";
            case 0x302:
                return "local limit exceeded";
            default:
                return "no reason given";
        }
    }
}
