package walnut.server.dimse;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Uid;
import walnut.dicom.data.Vr;
import walnut.dicom.net.dimse.CStoreRq;
import walnut.dicom.net.dimse.MessageFragments;
import walnut.dicom.net.pdu.AssociateRq;
import walnut.dicom.net.pdu.PDataTf;
import walnut.dicom.net.pdu.Pdu;
import walnut.dicom.net.pdu.PduType;
import walnut.dicom.net.pdu.PduWriter;
import walnut.dicom.net.pdu.ProposedContext;
import walnut.dicom.net.pdu.ReleaseRq;
import walnut.dicom.net.pdu.UserInformation;
import walnut.dicom.net.transport.WireBytes;
import walnut.dicom.part10.DataSetWriter;

/** A sender of small made-up MR images over one association, each after the answer to the one before. */
final class MadeUpSender {
    private static final int CONTEXT = 1;

    /** What most senders are content with; an image is several of these, as real ones are. */
    private static final int FRAGMENT_BYTES = 16 * 1024 - 6;

    private static final int ROWS = 128;
    private static final int TIMEOUT_MILLIS = 20_000;

    private final String calledAeTitle;
    private final int port;
    private final String studyUid;
    private final byte[] pixels = new byte[2 * ROWS * ROWS];

    MadeUpSender(String calledAeTitle, int port, int number) {
        this.calledAeTitle = calledAeTitle;
        this.port = port;
        this.studyUid = "2.25." + (number + 1);
    }

    /** Sends while it is told to go on; returns how many images were answered. */
    int send(BooleanSupplier goOn) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            OutputStream out = socket.getOutputStream();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            write(
                    out,
                    new AssociateRq(
                            calledAeTitle,
                            calledAeTitle,
                            List.of(new ProposedContext(
                                    CONTEXT, Uid.MRImageStorage, List.of(Uid.ExplicitVRLittleEndian))),
                            UserInformation.walnut(FRAGMENT_BYTES + 6, Optional.empty())));
            expect(in, PduType.A_ASSOCIATE_AC);
            int sent = 0;
            while (goOn.getAsBoolean()) {
                store(out, ++sent);
                expect(in, PduType.P_DATA_TF);
            }
            write(out, new ReleaseRq());
            expect(in, PduType.A_RELEASE_RP);
            return sent;
        }
    }

    private void store(OutputStream out, int number) throws IOException {
        String instanceUid = studyUid + "." + number;
        CStoreRq request = new CStoreRq(number % 0x10000, Uid.MRImageStorage, instanceUid);
        for (PDataTf command : MessageFragments.ofCommand(CONTEXT, request.toCommandSet(), FRAGMENT_BYTES)) {
            write(out, command);
        }
        byte[] image = DataSetWriter.toBytes(image(instanceUid, number), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        for (int at = 0; at < image.length; at += FRAGMENT_BYTES) {
            int length = Math.min(FRAGMENT_BYTES, image.length - at);
            write(
                    out,
                    MessageFragments.ofData(CONTEXT, ByteBuffer.wrap(image, at, length), at + length == image.length));
        }
    }

    private DataSet image(String instanceUid, int number) {
        return DataSet.builder()
                .putString(Tag.SpecificCharacterSet, "ISO_IR 100")
                .putString(Tag.ImageType, "ORIGINAL", "PRIMARY", "M", "NORM")
                .putString(Tag.SOPClassUID, Uid.MRImageStorage)
                .putString(Tag.SOPInstanceUID, instanceUid)
                .putString(Tag.StudyDate, "20260101")
                .putString(Tag.Modality, "MR")
                .putString(Tag.Manufacturer, "MADE UP")
                .putString(Tag.StudyDescription, "warm-up")
                .putString(Tag.SeriesDescription, "warm-up")
                .putString(Tag.PatientName, "Warm^Up")
                .putString(Tag.PatientID, studyUid)
                .putString(Tag.StudyInstanceUID, studyUid)
                .putString(Tag.SeriesInstanceUID, studyUid + ".0")
                .putString(Tag.SeriesNumber, "1")
                .putString(Tag.InstanceNumber, Integer.toString(number))
                .putInteger(Tag.Rows, ROWS)
                .putInteger(Tag.Columns, ROWS)
                .putInteger(Tag.BitsAllocated, 16)
                .putBytes(Tag.PixelData, Vr.OW, pixels)
                .build();
    }

    private static void write(OutputStream out, Pdu pdu) throws IOException {
        WireBytes bytes = PduWriter.write(pdu);
        out.write(bytes.toByteArray());
        bytes.release();
    }

    /** Reads one PDU, PS3.8 section 9.3.1, and passes over its body. */
    private static void expect(DataInputStream in, PduType type) throws IOException {
        int found = in.readUnsignedByte();
        in.readByte();
        in.skipNBytes(in.readInt());
        if (found != type.code()) {
            throw new IOException("expected " + type + ", found PDU type " + found);
        }
    }
}
