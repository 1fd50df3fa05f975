package walnut.dicom.net.dimse;

import java.util.List;

/**
 * C-STORE-RSP, PS3.7 Table 9.3-2.
 *
 * @param offendingElements tags for (0000,0901); not read back
 * @param errorComment for (0000,0902), at most 64 characters
 */
public record CStoreRsp(
        int messageIdBeingRespondedTo,
        String affectedSopClassUid,
        String affectedSopInstanceUid,
        int status,
        List<Integer> offendingElements,
        String errorComment) {
    private static final int COMMENT_LENGTH = 64;

    public CStoreRsp {
        offendingElements = List.copyOf(offendingElements);
        errorComment = errorComment.substring(0, Math.min(COMMENT_LENGTH, errorComment.length()));
    }

    public static CStoreRsp of(CommandSet command) {
        return new CStoreRsp(
                command.requireUnsignedShort(CommandElement.MESSAGE_ID_BEING_RESPONDED_TO),
                command.text(CommandElement.AFFECTED_SOP_CLASS_UID),
                command.text(CommandElement.AFFECTED_SOP_INSTANCE_UID),
                command.requireUnsignedShort(CommandElement.STATUS),
                List.of(),
                command.text(CommandElement.ERROR_COMMENT));
    }

    public CommandSet toCommandSet() {
        return CommandSet.builder(CommandField.C_STORE_RSP, false)
                .uid(CommandElement.AFFECTED_SOP_CLASS_UID, affectedSopClassUid)
                .unsignedShort(CommandElement.MESSAGE_ID_BEING_RESPONDED_TO, messageIdBeingRespondedTo)
                .unsignedShort(CommandElement.STATUS, status)
                .tags(
                        CommandElement.OFFENDING_ELEMENT,
                        offendingElements.stream().mapToInt(Integer::intValue).toArray())
                .text(CommandElement.ERROR_COMMENT, errorComment)
                .uid(CommandElement.AFFECTED_SOP_INSTANCE_UID, affectedSopInstanceUid)
                .build();
    }
}
