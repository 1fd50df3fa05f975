package walnut.dicom.net.dimse;

/** Values of Command Field (0000,0100), PS3.7 Annex E.1. */
public final class CommandField {
    public static final int C_STORE_RQ = 0x0001;
    public static final int C_STORE_RSP = 0x8001;
    public static final int C_ECHO_RQ = 0x0030;
    public static final int C_ECHO_RSP = 0x8030;
    public static final int C_CANCEL_RQ = 0x0FFF;

    private static final int RESPONSE = 0x8000;

    private CommandField() {}

    public static boolean isResponse(int commandField) {
        return (commandField & RESPONSE) != 0;
    }

    static int responseTo(int commandField) {
        return commandField | RESPONSE;
    }
}
