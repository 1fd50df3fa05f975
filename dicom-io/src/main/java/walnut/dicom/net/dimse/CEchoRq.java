package walnut.dicom.net.dimse;

/** C-ECHO-RQ, PS3.7 Table 9.3-12. */
public record CEchoRq(int messageId) {
    private static final String VERIFICATION = "1.2.840.10008.1.1";

    public static CEchoRq of(CommandSet command) {
        return new CEchoRq(command.requireUnsignedShort(CommandElement.MESSAGE_ID));
    }

    public CommandSet toCommandSet() {
        return CommandSet.builder(CommandField.C_ECHO_RQ, false)
                .uid(CommandElement.AFFECTED_SOP_CLASS_UID, VERIFICATION)
                .unsignedShort(CommandElement.MESSAGE_ID, messageId)
                .build();
    }
}
