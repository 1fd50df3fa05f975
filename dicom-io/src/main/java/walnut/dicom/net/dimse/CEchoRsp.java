package walnut.dicom.net.dimse;

/** C-ECHO-RSP, PS3.7 Table 9.3-13. */
public record CEchoRsp(int messageIdBeingRespondedTo, int status) {
    private static final String VERIFICATION = "1.2.840.10008.1.1";

    public static CEchoRsp of(CommandSet command) {
        return new CEchoRsp(
                command.requireUnsignedShort(CommandElement.MESSAGE_ID_BEING_RESPONDED_TO),
                command.requireUnsignedShort(CommandElement.STATUS));
    }

    public CommandSet toCommandSet() {
        return CommandSet.builder(CommandField.C_ECHO_RSP, false)
                .uid(CommandElement.AFFECTED_SOP_CLASS_UID, VERIFICATION)
                .unsignedShort(CommandElement.MESSAGE_ID_BEING_RESPONDED_TO, messageIdBeingRespondedTo)
                .unsignedShort(CommandElement.STATUS, status)
                .build();
    }
}
