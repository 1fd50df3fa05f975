package walnut.dicom.net.pdu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import walnut.dicom.net.transport.WireBytes;

/**
 * Cuts the byte stream into PDUs. Keeps received buffers as they are until a body is whole, and never more than one body
 * of a length that was checked before anything was kept.
 */
public final class PduFramer {
    private static final int HEADER_LENGTH = 6;

    /** ContentType handshake, RFC 8446 section 5.1: the first byte of a ClientHello's record. */
    private static final int TLS_HANDSHAKE = 0x16;

    private final int maximumPduLength;
    private final Deque<WireBytes> pending = new ArrayDeque<>();
    private int pendingLength;
    private @Nullable PduType type;
    private int bodyLength;

    /** @param maximumPduLength longest P-DATA-TF body, as announced to the peer */
    public PduFramer(int maximumPduLength) {
        this.maximumPduLength = maximumPduLength;
    }

    /**
     * Takes bytes as they come and tells each PDU that they complete; takes ownership.
     *
     * @throws InvalidPduException when the stream is no longer one of PDUs; nothing after it can be understood
     */
    public void feed(WireBytes bytes, Consumer<Pdu> complete) throws InvalidPduException {
        if (bytes.length() == 0) {
            bytes.release();
            return;
        }
        pending.addLast(bytes);
        pendingLength += bytes.length();
        while (true) {
            if (type == null) {
                if (pendingLength > 0) {
                    // One byte is enough to know a TLS hello (16H) or an HTTP request ('G') for what it is not.
                    knownType(pending.getFirst().unsignedByte(0));
                }
                if (pendingLength < HEADER_LENGTH) {
                    return;
                }
                readHeader();
            }
            if (pendingLength < bodyLength) {
                return;
            }
            PduType completed = requireType();
            type = null;
            complete.accept(PduReader.read(completed, take(bodyLength)));
        }
    }

    /** Gives back what is held; the framer is not used afterwards. */
    public void release() {
        pending.forEach(WireBytes::release);
        pending.clear();
        pendingLength = 0;
    }

    /*
     * PS3.8 section 9.3.1
     *  1      PDU-type
     *  2      Reserved
     *  3-6    PDU-length    bytes that follow
     */
    private void readHeader() throws InvalidPduException {
        WireBytes header = take(HEADER_LENGTH);
        PduType found = knownType(header.unsignedByte(0));
        long length = header.unsignedInt(2);
        header.release();
        int limit = found.bodyLimit(maximumPduLength);
        if (length > limit) {
            throw new InvalidPduException(
                    Abort.INVALID_PDU_PARAMETER_VALUE,
                    found + ": length " + length + " exceeds the maximum of " + limit);
        }
        type = found;
        bodyLength = (int) length;
    }

    private static PduType knownType(int code) throws InvalidPduException {
        Optional<PduType> found = PduType.of(code);
        if (found.isEmpty()) {
            throw new InvalidPduException(
                    Abort.UNRECOGNIZED_PDU, String.format("PDU type %02XH is none of 01H to 07H", code) + guess(code));
        }
        return found.get();
    }

    /** What a first byte that no PDU begins with usually means, for whoever reads the log. */
    private static String guess(int code) {
        if (code == TLS_HANDSHAKE) {
            return ": the peer begins with TLS, and this is a plain DICOM port; switch TLS off at the peer";
        }
        return code >= 'A' && code <= 'Z' ? ": this looks like HTTP, and this is a DICOM port" : "";
    }

    private PduType requireType() {
        if (type == null) {
            throw new IllegalStateException("no header read");
        }
        return type;
    }

    /** Removes the next {@code length} bytes, which are there. */
    private WireBytes take(int length) {
        if (length == 0) {
            return WireBytes.wrap(new byte[0]);
        }
        List<WireBytes> parts = new ArrayList<>(4);
        int missing = length;
        while (missing > 0) {
            WireBytes first = pending.removeFirst();
            if (first.length() <= missing) {
                parts.add(first);
                missing -= first.length();
            } else {
                parts.add(first.slice(0, missing));
                pending.addFirst(first.slice(missing, first.length() - missing));
                first.release();
                missing = 0;
            }
        }
        pendingLength -= length;
        return WireBytes.concat(parts);
    }
}
