package walnut.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Uid;
import walnut.dicom.data.Vr;
import walnut.dicom.part10.DataSetWriter;
import walnut.dicom.part10.Part10Writer;

/** Small MR images with a plausible header, for tests of what carries them rather than of what is in them. */
public final class MrInstances {
    public static final String STUDY_INSTANCE_UID = "2.25.1000";
    public static final String SERIES_INSTANCE_UID = "2.25.1000.1";

    private MrInstances() {}

    public static String sopInstanceUid(int number) {
        return SERIES_INSTANCE_UID + "." + number;
    }

    /** Image {@code number} of one series; {@code pixelBytes} bytes of pixels that depend on {@code seed}. */
    public static DataSet image(int number, int pixelBytes, int seed) {
        byte[] pixels = new byte[pixelBytes];
        new java.util.Random(seed).nextBytes(pixels);
        return DataSet.builder()
                .putString(Tag.SOPClassUID, Uid.MRImageStorage)
                .putString(Tag.SOPInstanceUID, sopInstanceUid(number))
                .putString(Tag.Modality, "MR")
                .putString(Tag.PatientID, "WALNUT-TEST-1")
                .putString(Tag.IssuerOfPatientID, "TEST")
                .putString(Tag.StudyInstanceUID, STUDY_INSTANCE_UID)
                .putString(Tag.SeriesInstanceUID, SERIES_INSTANCE_UID)
                .putInteger(Tag.InstanceNumber, number)
                .putInteger(Tag.Rows, Math.max(1, pixelBytes / 128))
                .putInteger(Tag.Columns, 64)
                .putInteger(Tag.BitsAllocated, 16)
                .putBytes(Tag.PixelData, Vr.OW, pixels)
                .build();
    }

    /** The data set's bytes in Explicit VR Little Endian. */
    public static byte[] bytes(DataSet dataSet) {
        return DataSetWriter.toBytes(dataSet, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
    }

    /** Writes images 1 to {@code count} as Part 10 files. */
    public static List<Path> files(Path directory, int count, int pixelBytes) throws IOException {
        return files(directory, count, pixelBytes, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
    }

    public static List<Path> files(Path directory, int count, int pixelBytes, TransferSyntax syntax)
            throws IOException {
        Files.createDirectories(directory);
        List<Path> files = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            Path file = directory.resolve(String.format("%04d.dcm", number));
            Part10Writer.write(file, image(number, pixelBytes, number), syntax);
            files.add(file);
        }
        return files;
    }
}
