package walnut.dicom.net.dimse;

/** C-STORE-RQ, PS3.7 Table 9.3-1; UIDs are zero-length when the peer left them out. */
public record CStoreRq(int messageId, String affectedSopClassUid, String affectedSopInstanceUid) {
    private static final int MEDIUM_PRIORITY = 0x0000;

    public static CStoreRq of(CommandSet command) {
        return new CStoreRq(
                command.requireUnsignedShort(CommandElement.MESSAGE_ID),
                command.text(CommandElement.AFFECTED_SOP_CLASS_UID),
                command.text(CommandElement.AFFECTED_SOP_INSTANCE_UID));
    }

    public CommandSet toCommandSet() {
        return CommandSet.builder(CommandField.C_STORE_RQ, true)
                .uid(CommandElement.AFFECTED_SOP_CLASS_UID, affectedSopClassUid)
                .unsignedShort(CommandElement.MESSAGE_ID, messageId)
                .unsignedShort(CommandElement.PRIORITY, MEDIUM_PRIORITY)
                .uid(CommandElement.AFFECTED_SOP_INSTANCE_UID, affectedSopInstanceUid)
                .build();
    }
}
