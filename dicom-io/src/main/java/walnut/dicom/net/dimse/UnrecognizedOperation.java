package walnut.dicom.net.dimse;

/** The answer to a request that we do not serve: its own response with status 0211H, PS3.7 section C.5.18. */
public final class UnrecognizedOperation {
    private UnrecognizedOperation() {}

    public static CommandSet responseTo(CommandSet request) {
        return CommandSet.builder(CommandField.responseTo(request.commandField()), false)
                .uid(CommandElement.AFFECTED_SOP_CLASS_UID, request.text(CommandElement.AFFECTED_SOP_CLASS_UID))
                .unsignedShort(
                        CommandElement.MESSAGE_ID_BEING_RESPONDED_TO,
                        request.requireUnsignedShort(CommandElement.MESSAGE_ID))
                .unsignedShort(CommandElement.STATUS, Status.UNRECOGNIZED_OPERATION)
                .build();
    }
}
