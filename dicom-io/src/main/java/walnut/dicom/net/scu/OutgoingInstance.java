package walnut.dicom.net.scu;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.part10.DataSetWriter;
import walnut.dicom.part10.DicomFile;
import walnut.dicom.part10.Part10Reader;
import walnut.dicom.part10.ReadOptions;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * A file to be sent: what must be known before its bytes go out. Identity is the data set's own, since peers compare.
 *
 * @param dataSetOffset where in the file the data set begins
 */
record OutgoingInstance(
        Path file, String sopClassUid, String sopInstanceUid, TransferSyntax transferSyntax, long dataSetOffset) {

    /** Reads no more of the file than its identity; blocks. */
    static OutgoingInstance read(Path file) throws IOException {
        DicomFile header = Part10Reader.read(file, ReadOptions.header().before(Tag.SOPInstanceUID + 1));
        return new OutgoingInstance(
                file,
                required(header, Tag.SOPClassUID, "SOP Class UID"),
                required(header, Tag.SOPInstanceUID, "SOP Instance UID"),
                header.transferSyntax(),
                header.dataSetOffset());
    }

    private static String required(DicomFile header, int tag, String name) {
        return header.dataSet()
                .string(tag)
                .filter(uid -> !uid.isEmpty())
                .orElseThrow(() -> new WalnutException(FailureCode.IDENTITY_MISSING, "the data set has no " + name));
    }

    /** Opens the data set bytes, in the file's own transfer syntax or, uncompressed, in another; blocks. */
    Source open(TransferSyntax wanted) throws IOException {
        if (wanted.equals(transferSyntax)) {
            InputStream in = Files.newInputStream(file);
            in.skipNBytes(dataSetOffset);
            return new Source(in, Files.size(file) - dataSetOffset);
        }
        DicomFile whole = Part10Reader.read(file);
        ByteArrayOutputStream converted = new ByteArrayOutputStream();
        DataSetWriter.write(converted, whole.dataSet(), wanted);
        byte[] bytes = converted.toByteArray();
        return new Source(new ByteArrayInputStream(bytes), bytes.length);
    }

    /** Data set bytes, a block at a time. */
    static final class Source implements AutoCloseable {
        private final InputStream in;
        private long left;

        Source(InputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        /** The next bytes, up to {@code limit} of them; blocks. */
        ByteBuffer read(int limit) throws IOException {
            byte[] block = in.readNBytes((int) Math.min(limit, left));
            if (block.length == 0 && left > 0) {
                throw new EOFException("the file became shorter while it was sent");
            }
            left -= block.length;
            return ByteBuffer.wrap(block);
        }

        boolean hasMore() {
            return left > 0;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
