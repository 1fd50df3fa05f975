package walnut.dicom.net.dimse;

import java.io.ByteArrayOutputStream;
import walnut.dicom.net.pdu.PDataTf;
import walnut.dicom.net.pdu.PresentationDataValue;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Puts messages together from presentation data values: commands whole, data sets as their fragments come (PS3.8 Annex
 * E.1: fragments of one message follow each other, on one presentation context, command first).
 */
public final class MessageAssembler {
    /** Real command sets stay below 1 KiB. */
    private static final int MAXIMUM_COMMAND_LENGTH = 16 * 1024;

    private final MessageHandler handler;
    private final ByteArrayOutputStream command = new ByteArrayOutputStream(256);
    private int contextId;
    private boolean inCommand;
    private boolean inDataSet;

    public MessageAssembler(MessageHandler handler) {
        this.handler = handler;
    }

    /**
     * Takes a P-DATA-TF and ownership of its bytes.
     *
     * @throws WalnutException PROTOCOL_VIOLATION when fragments contradict each other or a command cannot be read
     */
    public void accept(PDataTf data) {
        int accepted = 0;
        try {
            for (PresentationDataValue value : data.values()) {
                accepted++;
                if (value.command()) {
                    acceptCommand(value);
                } else {
                    acceptData(value);
                }
            }
        } finally {
            data.values().stream().skip(accepted).forEach(value -> value.data().release());
        }
    }

    private void acceptCommand(PresentationDataValue value) {
        byte[] fragment = value.data().toByteArray();
        value.data().release();
        if (inDataSet) {
            throw violation("a command fragment within a data set");
        }
        if (inCommand && value.presentationContextId() != contextId) {
            throw violation("a command changes its presentation context");
        }
        if (fragment.length > MAXIMUM_COMMAND_LENGTH - command.size()) {
            throw violation("a command set longer than " + MAXIMUM_COMMAND_LENGTH + " bytes");
        }
        inCommand = true;
        contextId = value.presentationContextId();
        command.writeBytes(fragment);
        if (value.last()) {
            CommandSet complete = CommandSet.read(command.toByteArray());
            command.reset();
            inCommand = false;
            inDataSet = complete.hasDataSet();
            handler.command(contextId, complete);
        }
    }

    private void acceptData(PresentationDataValue value) {
        if (!inDataSet || value.presentationContextId() != contextId) {
            value.data().release();
            throw violation(inDataSet ? "a data set changes its presentation context" : "a data set without a command");
        }
        inDataSet = !value.last();
        handler.data(value.data(), value.last());
    }

    private static WalnutException violation(String message) {
        return new WalnutException(FailureCode.PROTOCOL_VIOLATION, message);
    }
}
