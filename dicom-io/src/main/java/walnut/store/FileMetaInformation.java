package walnut.store;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Vr;
import walnut.dicom.part10.DataSetWriter;
import walnut.dicom.part10.Implementation;

/**
 * Preamble, prefix and group 0002 that go before the received bytes, PS3.10 section 7.1; made from what the sender
 * announced, before the data set itself has come.
 */
final class FileMetaInformation {
    private static final int PREAMBLE_LENGTH = 128;
    private static final String PREFIX = "DICM";

    private FileMetaInformation() {}

    static byte[] of(InstanceOrigin origin) {
        DataSet.Builder group = DataSet.builder()
                .putInteger(Tag.FileMetaInformationGroupLength, 0)
                .putBytes(Tag.FileMetaInformationVersion, Vr.OB, new byte[] {0, 1})
                .putString(Tag.MediaStorageSOPClassUID, origin.sopClassUid())
                .putString(Tag.MediaStorageSOPInstanceUID, origin.sopInstanceUid())
                .putString(Tag.TransferSyntaxUID, origin.transferSyntaxUid())
                .putString(Tag.ImplementationClassUID, Implementation.CLASS_UID)
                .putString(Tag.ImplementationVersionName, Implementation.VERSION_NAME);
        if (!origin.callingAeTitle().isEmpty()) {
            group.putString(Tag.SourceApplicationEntityTitle, origin.callingAeTitle());
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream(512);
        file.writeBytes(new byte[PREAMBLE_LENGTH]);
        file.writeBytes(PREFIX.getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(DataSetWriter.toBytes(group.build(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        return file.toByteArray();
    }

    /** Passes over what {@link #of} wrote, in this release or an earlier one, up to the data set. */
    static void skip(InputStream in) throws IOException {
        in.skipNBytes(PREAMBLE_LENGTH + PREFIX.length());
        // (0002,0000) UL, length 4: eight bytes before the value, which counts what follows it.
        byte[] element = in.readNBytes(12);
        if (element.length < 12) {
            throw new EOFException("file ends within group 0002");
        }
        long length = 0;
        for (int i = 3; i >= 0; i--) {
            length = length << 8 | element[8 + i] & 0xff;
        }
        in.skipNBytes(length);
    }
}
