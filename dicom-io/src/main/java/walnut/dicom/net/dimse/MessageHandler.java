package walnut.dicom.net.dimse;

import walnut.dicom.net.transport.WireBytes;

/** Receives messages from a {@link MessageAssembler} as they unfold. */
public interface MessageHandler {
    /** A command is complete; where it announces a data set, {@link #data} follows. */
    void command(int presentationContextId, CommandSet command);

    /** The next bytes of the data set, which the receiver owns. */
    void data(WireBytes bytes, boolean last);
}
