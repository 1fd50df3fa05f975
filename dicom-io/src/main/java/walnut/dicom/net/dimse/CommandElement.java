package walnut.dicom.net.dimse;

/** Tags of the command set elements that we read or write, PS3.7 Annex E.1. */
final class CommandElement {
    static final int COMMAND_GROUP_LENGTH = 0x00000000;
    static final int AFFECTED_SOP_CLASS_UID = 0x00000002;
    static final int COMMAND_FIELD = 0x00000100;
    static final int MESSAGE_ID = 0x00000110;
    static final int MESSAGE_ID_BEING_RESPONDED_TO = 0x00000120;
    static final int PRIORITY = 0x00000700;
    static final int COMMAND_DATA_SET_TYPE = 0x00000800;
    static final int STATUS = 0x00000900;
    static final int OFFENDING_ELEMENT = 0x00000901;
    static final int ERROR_COMMENT = 0x00000902;
    static final int AFFECTED_SOP_INSTANCE_UID = 0x00001000;

    private CommandElement() {}
}
