package walnut.testing;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import walnut.dicom.net.dimse.CommandSet;
import walnut.dicom.net.dimse.MessageFragments;
import walnut.dicom.net.pdu.AssociateRq;
import walnut.dicom.net.pdu.InvalidPduException;
import walnut.dicom.net.pdu.OperationsWindow;
import walnut.dicom.net.pdu.PDataTf;
import walnut.dicom.net.pdu.Pdu;
import walnut.dicom.net.pdu.PduFramer;
import walnut.dicom.net.pdu.PduWriter;
import walnut.dicom.net.pdu.ProposedContext;
import walnut.dicom.net.pdu.UserInformation;
import walnut.dicom.net.transport.WireBytes;

/** A peer on a plain blocking socket that says exactly what it is told to, right or wrong. */
public final class RawPeer implements AutoCloseable {
    public static final String VERIFICATION = "1.2.840.10008.1.1";
    public static final String MR_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.4";
    public static final String EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";

    private final Socket socket;
    private final PduFramer framer = new PduFramer(1 << 20);
    private final Queue<Pdu> received = new ArrayDeque<>();

    public RawPeer(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
    }

    /** MR Image Storage on context 1 and Verification on context 3. */
    public static AssociateRq request(String calledAeTitle, String callingAeTitle, Optional<OperationsWindow> window) {
        return new AssociateRq(
                calledAeTitle,
                callingAeTitle,
                List.of(
                        new ProposedContext(1, MR_IMAGE_STORAGE, List.of(EXPLICIT_VR_LITTLE_ENDIAN)),
                        new ProposedContext(3, VERIFICATION, List.of(EXPLICIT_VR_LITTLE_ENDIAN))),
                new UserInformation(16384, "1.2.3", "RAW_PEER", window));
    }

    /** What goes over the wire for a message; the data set, if any, in fragments of at most 16 KiB. */
    public static byte[] message(int contextId, CommandSet command, byte[] dataSet) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        MessageFragments.ofCommand(contextId, command, 16378).forEach(pdu -> out.writeBytes(bytes(pdu)));
        for (int at = 0; at < dataSet.length; at += 16378) {
            int length = Math.min(16378, dataSet.length - at);
            ByteBuffer fragment = ByteBuffer.wrap(dataSet, at, length);
            out.writeBytes(bytes(MessageFragments.ofData(contextId, fragment, at + length == dataSet.length)));
        }
        return out.toByteArray();
    }

    public static byte[] bytes(Pdu pdu) {
        return PduWriter.write(pdu).toByteArray();
    }

    public void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    public void write(Pdu pdu) throws IOException {
        write(bytes(pdu));
    }

    /** The next PDU; fails when the connection ends instead. */
    public Pdu read() throws IOException, InvalidPduException {
        byte[] chunk = new byte[8192];
        while (received.isEmpty()) {
            int read = socket.getInputStream().read(chunk);
            if (read < 0) {
                throw new EOFException("connection closed");
            }
            framer.feed(WireBytes.wrap(java.util.Arrays.copyOf(chunk, read)), received::add);
        }
        return received.remove();
    }

    /** The next command; there are no data sets in what we receive. */
    public CommandSet readCommand() throws IOException, InvalidPduException {
        PDataTf data = (PDataTf) read();
        return CommandSet.read(data.values().get(0).data().toByteArray());
    }

    /** Waits until the other side has closed. */
    public void awaitClose() throws IOException {
        try {
            InputStream in = new DataInputStream(socket.getInputStream());
            while (in.read() >= 0) {
                // What still comes is of no interest.
                continue;
            }
        } catch (SocketException e) {
            // A reset is an end too.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
