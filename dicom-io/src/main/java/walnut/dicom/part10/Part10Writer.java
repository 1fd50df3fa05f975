package walnut.dicom.part10;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Dictionary;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Vr;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** Writes DICOM files (PS3.10 chapter 7). The same data set gives the same bytes: nothing comes from clock or host. */
public final class Part10Writer {
    private static final byte[] PREFIX = "DICM".getBytes(StandardCharsets.US_ASCII);

    private Part10Writer() {}

    /** Writes preamble, a new group 0002 and the data set; does not close the stream. */
    public static void write(OutputStream out, DataSet dataSet, String transferSyntaxUid) throws IOException {
        TransferSyntax syntax = TransferSyntax.of(transferSyntaxUid)
                .orElseThrow(() -> new WalnutException(
                        FailureCode.UNSUPPORTED_TRANSFER_SYNTAX,
                        "no transfer syntax is known as " + transferSyntaxUid));
        write(out, dataSet, syntax);
    }

    public static void write(OutputStream out, DataSet dataSet, TransferSyntax syntax) throws IOException {
        write(out, DataSet.EMPTY, dataSet, syntax);
    }

    /** Writes a file as it was read: what its group 0002 says beyond the necessary is kept, private information too. */
    public static void write(OutputStream out, DicomFile file) throws IOException {
        write(out, file.metaInformation(), file.dataSet(), file.transferSyntax());
    }

    /** Writes a new file, or over an old one; the caller sees to durability. */
    public static void write(Path file, DataSet dataSet, TransferSyntax syntax) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            write(out, dataSet, syntax);
        }
    }

    private static void write(OutputStream out, DataSet meta, DataSet dataSet, TransferSyntax syntax)
            throws IOException {
        out.write(new byte[128]);
        out.write(PREFIX);
        out.write(DataSetWriter.toBytes(
                metaInformation(meta, dataSet, syntax), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        DataSetWriter.write(out, dataSet, syntax);
    }

    /** Group 0002 (PS3.10 Table 7.1-1) of a data set; {@code DataSetWriter} counts its length. */
    public static DataSet metaInformation(DataSet dataSet, TransferSyntax syntax) {
        return metaInformation(DataSet.EMPTY, dataSet, syntax);
    }

    private static DataSet metaInformation(DataSet kept, DataSet dataSet, TransferSyntax syntax) {
        return kept.toBuilder()
                .putInteger(Tag.FileMetaInformationGroupLength, 0)
                .putBytes(Tag.FileMetaInformationVersion, Vr.OB, new byte[] {0, 1})
                .putString(
                        Tag.MediaStorageSOPClassUID,
                        identity(kept, Tag.MediaStorageSOPClassUID, dataSet, Tag.SOPClassUID))
                .putString(
                        Tag.MediaStorageSOPInstanceUID,
                        identity(kept, Tag.MediaStorageSOPInstanceUID, dataSet, Tag.SOPInstanceUID))
                .putString(Tag.TransferSyntaxUID, syntax.uid())
                .putString(Tag.ImplementationClassUID, Implementation.CLASS_UID)
                .putString(Tag.ImplementationVersionName, Implementation.VERSION_NAME)
                .build();
    }

    /** The data set's own UID; a DICOMDIR has it in group 0002 only. */
    private static String identity(DataSet meta, int metaTag, DataSet dataSet, int tag) {
        return dataSet.string(tag)
                .or(() -> meta.string(metaTag))
                .orElseThrow(() -> new WalnutException(
                        FailureCode.IDENTITY_MISSING, "a file cannot be written without " + Dictionary.label(tag)));
    }
}
