package walnut.dicom.net.dimse;

/** Values of Status (0000,0900), PS3.7 Annex C and PS3.4 Table B.2-1. */
public final class Status {
    public static final int SUCCESS = 0x0000;
    public static final int PROCESSING_FAILURE = 0x0110;
    public static final int DUPLICATE_SOP_INSTANCE = 0x0111;
    public static final int INVALID_OBJECT_INSTANCE = 0x0117;
    public static final int SOP_CLASS_NOT_SUPPORTED = 0x0122;
    public static final int DUPLICATE_INVOCATION = 0x0210;
    public static final int UNRECOGNIZED_OPERATION = 0x0211;
    public static final int RESOURCE_LIMITATION = 0x0213;
    public static final int CANNOT_UNDERSTAND = 0xC000;

    private Status() {}

    /** 0001H, 0107H, 0116H and Bxxx: done, with a remark. */
    public static boolean isWarning(int status) {
        return (status & 0xF000) == 0xB000 || status == 0x0001 || status == 0x0107 || status == 0x0116;
    }

    public static String hex(int status) {
        return String.format("%04XH", status);
    }
}
