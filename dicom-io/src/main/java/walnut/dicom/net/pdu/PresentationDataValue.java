package walnut.dicom.net.pdu;

import walnut.dicom.net.transport.WireBytes;

/**
 * One fragment of a message, PS3.8 Table 9-23 and Annex E.
 *
 * @param command a command fragment, otherwise a data set fragment
 * @param last the last fragment of that command or data set
 */
public record PresentationDataValue(int presentationContextId, boolean command, boolean last, WireBytes data) {}
