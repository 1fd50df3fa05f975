package walnut.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Vr;
import walnut.dicom.part10.Part10Writer;

/**
 * Classic MR instances for tests: oblique, with unequal in-plane spacing and more columns than rows, since an axial square
 * hides every axis error. Stored value of (i, j, k) = 1000·k + 10·j + i, k counted from the feet.
 */
public final class MrSeries {
    public static final int COLUMNS = 6;
    public static final int ROWS = 4;
    public static final double SPACING_BETWEEN_ROWS_MM = 0.75;
    public static final double SPACING_BETWEEN_COLUMNS_MM = 0.5;
    public static final double STEP_MM = 3.3;

    private static final double COS = StrictMath.cos(0.3);
    private static final double SIN = StrictMath.sin(0.3);

    private final int number;
    private final String description;
    private final List<Consumer<DataSet.Builder>> changes = new ArrayList<>();
    private int slices = 5;
    private double firstDepthMm;
    private int firstInstanceNumber = 1;

    private MrSeries(int number, String description) {
        this.number = number;
        this.description = description;
    }

    public static MrSeries of(int number, String description) {
        return new MrSeries(number, description);
    }

    /** A T2W turbo spin echo. */
    public static MrSeries t2w(int number) {
        return of(number, "t2_tse_tra").with(builder -> builder.putString(Tag.ScanningSequence, "SE")
                .putDecimal(Tag.EchoTime, 101)
                .putDecimal(Tag.RepetitionTime, 4500)
                .putString(Tag.MRAcquisitionType, "2D"));
    }

    /** Siemens traces of one b-value, acquired unless the description says otherwise. */
    public static MrSeries trace(int number, String description, int b) {
        return of(number, description)
                .with(builder -> builder.putString(Tag.ImageType, "DERIVED", "PRIMARY", "DIFFUSION", "TRACEW")
                        .putString(Tag.ScanningSequence, "EP")
                        .putDecimal(Tag.EchoTime, 63))
                .with(builder -> siemensB(builder, Integer.toString(b)));
    }

    public static MrSeries adc(int number) {
        return of(number, "ep2d_diff_ADC")
                .with(builder -> builder.putString(Tag.ImageType, "DERIVED", "PRIMARY", "DIFFUSION", "ADC")
                        .putString(Tag.ScanningSequence, "EP"));
    }

    /** (0019,100C) as archives leave it: OB, text, padded. */
    public static void siemensB(DataSet.Builder builder, String b) {
        String padded = b.length() % 2 == 0 ? b : b + " ";
        builder.putString(0x00190010, Vr.LO, "SIEMENS MR HEADER")
                .putBytes(0x0019100C, Vr.OB, padded.getBytes(StandardCharsets.US_ASCII));
    }

    public MrSeries with(Consumer<DataSet.Builder> change) {
        changes.add(change);
        return this;
    }

    public MrSeries slices(int count) {
        this.slices = count;
        return this;
    }

    /** Moves the first slice along the normal, and numbers instances from there. */
    public MrSeries startingAt(double depthMm, int instanceNumber) {
        this.firstDepthMm = depthMm;
        this.firstInstanceNumber = instanceNumber;
        return this;
    }

    public List<DataSet> instances() {
        List<DataSet> instances = new ArrayList<>();
        for (int k = 0; k < slices; k++) {
            instances.add(instance(k));
        }
        return instances;
    }

    private DataSet instance(int k) {
        double depth = firstDepthMm + k * STEP_MM;
        int instanceNumber = firstInstanceNumber + slices - 1 - k;
        DataSet.Builder builder = DataSet.builder()
                .putString(Tag.SOPClassUID, "1.2.840.10008.5.1.4.1.1.4")
                .putString(Tag.SOPInstanceUID, "2.25.7." + number + "." + instanceNumber)
                .putString(Tag.StudyInstanceUID, "2.25.7")
                .putString(Tag.SeriesInstanceUID, "2.25.7." + number)
                .putString(Tag.FrameOfReferenceUID, "2.25.7.0")
                .putString(Tag.PatientID, "TEST-1")
                .putString(Tag.PatientSex, "M")
                .putString(Tag.Modality, "MR")
                .putString(Tag.Manufacturer, "SIEMENS")
                .putString(Tag.SeriesDescription, description)
                .putString(Tag.ImageType, "ORIGINAL", "PRIMARY", "M")
                .putInteger(Tag.SeriesNumber, number)
                // Against the normal, as Siemens numbers an axial stack from the head.
                .putInteger(Tag.InstanceNumber, instanceNumber)
                .putString(Tag.AcquisitionDate, "20260102")
                .putString(Tag.AcquisitionTime, String.format("%02d0000", number))
                .putDecimal(Tag.ImagePositionPatient, -50, -40 - SIN * depth, -60 + COS * depth)
                .putDecimal(Tag.ImageOrientationPatient, 1, 0, 0, 0, COS, SIN)
                .putDecimal(Tag.PixelSpacing, SPACING_BETWEEN_ROWS_MM, SPACING_BETWEEN_COLUMNS_MM)
                // Wrong on purpose: neither may be believed.
                .putDecimal(Tag.SliceThickness, 9)
                .putInteger(Tag.SamplesPerPixel, 1)
                .putString(Tag.PhotometricInterpretation, "MONOCHROME2")
                .putInteger(Tag.Rows, ROWS)
                .putInteger(Tag.Columns, COLUMNS)
                .putInteger(Tag.BitsAllocated, 16)
                .putInteger(Tag.BitsStored, 16)
                .putInteger(Tag.HighBit, 15)
                .putInteger(Tag.PixelRepresentation, 0)
                .putBytes(Tag.PixelData, Vr.OW, pixels(k));
        changes.forEach(change -> change.accept(builder));
        return builder.build();
    }

    private static byte[] pixels(int k) {
        byte[] bytes = new byte[2 * ROWS * COLUMNS];
        for (int j = 0; j < ROWS; j++) {
            for (int i = 0; i < COLUMNS; i++) {
                int value = 1000 * k + 10 * j + i;
                bytes[2 * (j * COLUMNS + i)] = (byte) value;
                bytes[2 * (j * COLUMNS + i) + 1] = (byte) (value >> 8);
            }
        }
        return bytes;
    }

    /** Writes the instances as files of this folder, named by series and position. */
    public MrSeries writeTo(Path folder) throws IOException {
        List<DataSet> instances = instances();
        for (int at = 0; at < instances.size(); at++) {
            Path file = folder.resolve(number + "-" + firstInstanceNumber + "-" + at + ".dcm");
            Files.createDirectories(folder);
            Part10Writer.write(file, instances.get(at), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        }
        return this;
    }
}
