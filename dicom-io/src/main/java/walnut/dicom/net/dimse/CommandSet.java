package walnut.dicom.net.dimse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * The elements of group 0000 that make a command, PS3.7 section 6.3.1: always Implicit VR Little Endian, never nested.
 */
public final class CommandSet {
    /** No Data Set present; any other value of (0000,0800) announces one. */
    private static final int NO_DATA_SET = 0x0101;

    private static final int DATA_SET = 0x0000;

    private final SortedMap<Integer, byte[]> elements;

    private CommandSet(SortedMap<Integer, byte[]> elements) {
        this.elements = elements;
    }

    /**
     * Reads a command set: tag (group, element), four-byte length, value, all little endian.
     *
     * @throws WalnutException PROTOCOL_VIOLATION when it is not one
     */
    public static CommandSet read(byte[] bytes) {
        SortedMap<Integer, byte[]> elements = new TreeMap<>();
        int at = 0;
        while (at < bytes.length) {
            if (bytes.length - at < 8) {
                throw violation("command set ends within an element header");
            }
            int group = unsignedShort(bytes, at);
            int tag = group << 16 | unsignedShort(bytes, at + 2);
            long length = unsignedInt(bytes, at + 4);
            at += 8;
            if (group != 0) {
                throw violation(String.format("element %08X in a command set", tag));
            }
            if (length > bytes.length - at) {
                throw violation(String.format(
                        "command element %08X: length %d with %d bytes left", tag, length, bytes.length - at));
            }
            elements.put(tag, Arrays.copyOfRange(bytes, at, at + (int) length));
            at += (int) length;
        }
        CommandSet commandSet = new CommandSet(elements);
        commandSet.commandField();
        return commandSet;
    }

    public byte[] write() {
        ByteArrayOutputStream body = new ByteArrayOutputStream(256);
        elements.forEach((tag, value) -> {
            if (tag != CommandElement.COMMAND_GROUP_LENGTH) {
                writeElement(body, tag, value);
            }
        });
        ByteArrayOutputStream whole = new ByteArrayOutputStream(body.size() + 12);
        writeElement(whole, CommandElement.COMMAND_GROUP_LENGTH, littleEndian(body.size(), 4));
        whole.writeBytes(body.toByteArray());
        return whole.toByteArray();
    }

    public int commandField() {
        return requireUnsignedShort(CommandElement.COMMAND_FIELD);
    }

    public boolean hasDataSet() {
        return requireUnsignedShort(CommandElement.COMMAND_DATA_SET_TYPE) != NO_DATA_SET;
    }

    public int messageId() {
        return requireUnsignedShort(CommandElement.MESSAGE_ID);
    }

    public int messageIdBeingRespondedTo() {
        return requireUnsignedShort(CommandElement.MESSAGE_ID_BEING_RESPONDED_TO);
    }

    int requireUnsignedShort(int tag) {
        byte[] value = elements.get(tag);
        if (value == null || value.length != 2) {
            throw violation(String.format("command element %08X: expected two bytes, found ", tag)
                    + (value == null ? "none" : String.valueOf(value.length)));
        }
        return unsignedShort(value, 0);
    }

    /** Text without trailing padding; zero-length when absent. */
    String text(int tag) {
        byte[] value = elements.get(tag);
        if (value == null) {
            return "";
        }
        int end = value.length;
        while (end > 0 && (value[end - 1] == 0 || value[end - 1] == ' ')) {
            end--;
        }
        return new String(value, 0, end, StandardCharsets.ISO_8859_1);
    }

    static Builder builder(int commandField, boolean dataSet) {
        return new Builder()
                .unsignedShort(CommandElement.COMMAND_FIELD, commandField)
                .unsignedShort(CommandElement.COMMAND_DATA_SET_TYPE, dataSet ? DATA_SET : NO_DATA_SET);
    }

    static final class Builder {
        private final SortedMap<Integer, byte[]> elements = new TreeMap<>();

        Builder unsignedShort(int tag, int value) {
            elements.put(tag, littleEndian(value, 2));
            return this;
        }

        /** A UID, padded with NUL to even length; left out when zero-length. */
        Builder uid(int tag, String value) {
            return text(tag, value, (byte) 0);
        }

        /** Text, padded with a space to even length; left out when zero-length. */
        Builder text(int tag, String value) {
            return text(tag, value, (byte) ' ');
        }

        private Builder text(int tag, String value, byte padding) {
            if (!value.isEmpty()) {
                byte[] text = value.getBytes(StandardCharsets.ISO_8859_1);
                byte[] even = Arrays.copyOf(text, text.length + text.length % 2);
                if (even.length > text.length) {
                    even[text.length] = padding;
                }
                elements.put(tag, even);
            }
            return this;
        }

        /** Attribute tags (VR AT); left out when there are none. */
        Builder tags(int tag, int... values) {
            if (values.length > 0) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                for (int value : values) {
                    out.writeBytes(littleEndian(value >>> 16, 2));
                    out.writeBytes(littleEndian(value, 2));
                }
                elements.put(tag, out.toByteArray());
            }
            return this;
        }

        CommandSet build() {
            return new CommandSet(elements);
        }
    }

    private static WalnutException violation(String message) {
        return new WalnutException(FailureCode.PROTOCOL_VIOLATION, message);
    }

    private static void writeElement(ByteArrayOutputStream out, int tag, byte[] value) {
        out.writeBytes(littleEndian(tag >>> 16, 2));
        out.writeBytes(littleEndian(tag, 2));
        out.writeBytes(littleEndian(value.length, 4));
        out.writeBytes(value);
    }

    private static byte[] littleEndian(int value, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (value >>> 8 * i);
        }
        return bytes;
    }

    private static int unsignedShort(byte[] bytes, int at) {
        return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
    }

    private static long unsignedInt(byte[] bytes, int at) {
        return unsignedShort(bytes, at) | (long) unsignedShort(bytes, at + 2) << 16;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CommandSet && Arrays.equals(write(), ((CommandSet) other).write());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(write());
    }

    /** The command field only: a command may name an instance. */
    @Override
    public String toString() {
        return Status.hex(commandField());
    }
}
