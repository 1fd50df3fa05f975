package walnut.prostate.phantom;

import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Uid;
import walnut.dicom.data.Vr;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

/**
 * The DICOM objects of a phantom study: MR Image Storage (PS3.3 A.4), one slice each, with all attributes of type 1
 * and 2.
 *
 * <p>They are made one at a time, so that a study is never in memory twice. They are pure functions of the study:
 * dates and times come from its seed, UIDs are digests.
 */
public final class PhantomObjects {
    /** The b-value's place in the dialect's private group, a habit of real vendors that readers must know. */
    static final String PRIVATE_CREATOR = "SYNTH-A MR HEADER";

    private static final int PRIVATE_GROUP = 0x0019;
    private static final int PRIVATE_BLOCK = 0x10;
    private static final int B_VALUE = 0x0c;

    private static final LocalDate FIRST_DAY = LocalDate.of(2021, 1, 4);
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");

    private final PhantomStudy study;
    private final DataSet common;
    private final LocalTime start;

    private PhantomObjects(PhantomStudy study) {
        this.study = study;
        SeedStream clock = new SeedStream(study.seed(), 6);
        LocalDate day = FIRST_DAY.plusDays((long) clock.uniform(0, 1200) + study.visit());
        start = LocalTime.of(8, 0).plusMinutes((long) clock.uniform(0, 480));
        int age = (int) Math.max(45, Math.min(84, clock.normal(66, 7)));
        common = header(day, age);
    }

    /** Hands every object of the study to the sink, series by series, in slice order. */
    public static void forEach(PhantomStudy study, PhantomDefect defect, Consumer<DataSet> sink) {
        PhantomObjects objects = new PhantomObjects(study);
        for (PhantomSeries series : PhantomSeries.values()) {
            if (defect.keeps(series)) {
                objects.emit(series, sink);
            }
        }
    }

    private DataSet header(LocalDate day, int age) {
        Dialect dialect = study.dialect();
        String date = DATE.format(day);
        return DataSet.builder()
                .putString(Tag.SOPClassUID, Uid.MRImageStorage)
                .putString(Tag.StudyDate, date)
                .putString(Tag.SeriesDate, date)
                .putString(Tag.AcquisitionDate, date)
                .putString(Tag.ContentDate, date)
                .putString(Tag.StudyTime, TIME.format(start))
                .putString(Tag.AccessionNumber, "P" + study.seed() + "-" + study.visit())
                .putString(Tag.Modality, "MR")
                .putString(Tag.Manufacturer, dialect.manufacturer())
                .putString(Tag.ManufacturerModelName, "Walnut phantom")
                .putEmpty(Tag.ReferringPhysicianName)
                .putString(Tag.StudyDescription, "MR prostate, synthetic phantom")
                .putString(Tag.PatientName, "PHANTOM^" + study.seed())
                .putString(Tag.PatientID, study.patientId())
                .putEmpty(Tag.PatientBirthDate)
                .putString(Tag.PatientSex, "M")
                .putString(Tag.PatientAge, String.format("%03dY", age))
                .putString(Tag.PatientIdentityRemoved, "YES")
                .putString(Tag.DeidentificationMethod, "synthetic, no person")
                .putString(Tag.BodyPartExamined, "PROSTATE")
                .putString(Tag.DeviceSerialNumber, dialect.manufacturer())
                .putString(Tag.DeviceUID, PhantomDevice.UID)
                .putString(Tag.SoftwareVersions, "phantom generator " + PhantomStudy.GENERATOR_VERSION)
                .putDecimal(Tag.MagneticFieldStrength, dialect.fieldTesla())
                .putString(Tag.MRAcquisitionType, "2D")
                .putString(Tag.PatientPosition, "HFS")
                .putString(Tag.StudyInstanceUID, study.studyInstanceUid())
                .putString(Tag.StudyID, Long.toString(study.seed()))
                .putString(Tag.FrameOfReferenceUID, uid("frame of reference"))
                .putEmpty(Tag.PositionReferenceIndicator)
                .putInteger(Tag.SamplesPerPixel, 1)
                .putString(Tag.PhotometricInterpretation, "MONOCHROME2")
                .putInteger(Tag.BitsAllocated, 16)
                .putInteger(Tag.BitsStored, 12)
                .putInteger(Tag.HighBit, 11)
                .putInteger(Tag.PixelRepresentation, 0)
                .build();
    }

    private String uid(Object... parts) {
        Object[] all = new Object[parts.length + 1];
        all[0] = study.studyInstanceUid();
        System.arraycopy(parts, 0, all, 1, parts.length);
        return PhantomStudy.uid(all);
    }

    private void emit(PhantomSeries series, Consumer<DataSet> sink) {
        DataSet header = header(series);
        if (series == PhantomSeries.TRACES) {
            for (int index = 0; index < study.traces().size(); index++) {
                int b = study.dialect().bValues().get(index);
                DataSet trace = withBValue(header, b).toBuilder()
                        .putString(Tag.SequenceName, "*ep_b" + b + "t")
                        .putDecimal(
                                Tag.NumberOfAverages, study.dialect().averages().get(index))
                        .putInteger(Tag.AcquisitionNumber, index + 1)
                        .build();
                emit(series, trace, study.traces().get(index), index, sink);
            }
        } else if (series == PhantomSeries.HIGH_B) {
            DataSet computed = withBValue(header, study.dialect().computedB()).toBuilder()
                    .putString(Tag.SequenceName, "*ep_calc_b" + study.dialect().computedB())
                    .putInteger(Tag.AcquisitionNumber, 1)
                    .build();
            emit(series, computed, study.highB(), 0, sink);
        } else {
            DataSet single =
                    header.toBuilder().putInteger(Tag.AcquisitionNumber, 1).build();
            emit(series, single, series == PhantomSeries.T2W ? study.t2w() : study.adc(), 0, sink);
        }
    }

    private DataSet header(PhantomSeries series) {
        Dialect dialect = study.dialect();
        boolean diffusion = series != PhantomSeries.T2W;
        String time = TIME.format(start.plusMinutes(3L * series.number));
        String[] imageType = series.flavour.isEmpty()
                ? new String[] {"DERIVED", "PRIMARY", series.derivation, "SYNTHETIC"}
                : new String[] {"DERIVED", "PRIMARY", series.derivation, "SYNTHETIC", series.flavour};
        DataSet.Builder header = common.toBuilder()
                .putString(Tag.ImageType, imageType)
                .putString(Tag.SeriesTime, time)
                .putString(Tag.AcquisitionTime, time)
                .putString(Tag.ContentTime, time)
                .putString(Tag.SeriesDescription, series.description(dialect))
                .putString(Tag.ProtocolName, series.description(dialect))
                .putString(Tag.ScanningSequence, series.scanningSequence)
                .putString(Tag.SequenceVariant, series.sequenceVariant)
                .putDecimal(Tag.RepetitionTime, series.repetitionTimeMs)
                .putDecimal(Tag.EchoTime, diffusion ? dialect.dwiEchoTimeMs() : dialect.t2wEchoTimeMs())
                .putInteger(Tag.EchoTrainLength, series.echoTrainLength)
                .putDecimal(Tag.FlipAngle, diffusion ? 90 : 150)
                .putString(Tag.SeriesInstanceUID, uid("series", series.number))
                .putInteger(Tag.SeriesNumber, series.number);
        if (diffusion) {
            header.putString(Tag.ScanOptions, "FS");
        } else {
            header.putEmpty(Tag.ScanOptions).putString(Tag.SequenceName, "*tse2d1_25");
        }
        if (series == PhantomSeries.ADC) {
            header.putDecimal(Tag.RescaleIntercept, 0)
                    .putDecimal(Tag.RescaleSlope, 1)
                    .putString(Tag.RescaleType, "US");
        }
        return header.build();
    }

    /** The b-value in the standard attribute and, as a vendor would, in a private one. */
    private static DataSet withBValue(DataSet header, int b) {
        int creator = PRIVATE_GROUP << 16 | PRIVATE_BLOCK;
        int element = PRIVATE_GROUP << 16 | PRIVATE_BLOCK << 8 | B_VALUE;
        return header.toBuilder()
                .putDecimal(Tag.DiffusionBValue, b)
                .putString(creator, Vr.LO, PRIVATE_CREATOR)
                .putInteger(element, Vr.IS, b)
                .build();
    }

    private void emit(PhantomSeries series, DataSet header, Volume volume, int volumeIndex, Consumer<DataSet> sink) {
        VolumeGeometry grid = volume.geometry();
        float brightest = 0;
        for (float value : volume.values()) {
            brightest = Math.max(brightest, value);
        }
        double width = Math.max(2, series == PhantomSeries.ADC ? 2600 : .7 * brightest);
        for (int k = 0; k < grid.slices(); k++) {
            int instanceNumber = volumeIndex * grid.slices() + k + 1;
            Lps position = grid.toPatient(0, 0, k);
            Lps row = grid.directionI();
            Lps column = grid.directionJ();
            sink.accept(header.toBuilder()
                    .putString(Tag.SOPInstanceUID, uid("instance", series.number, instanceNumber))
                    .putInteger(Tag.InstanceNumber, instanceNumber)
                    .putDecimal(Tag.SliceThickness, grid.spacingK())
                    .putDecimal(Tag.SpacingBetweenSlices, grid.spacingK())
                    .putDecimal(Tag.ImagePositionPatient, position.x(), position.y(), position.z())
                    .putDecimal(
                            Tag.ImageOrientationPatient, row.x(), row.y(), row.z(), column.x(), column.y(), column.z())
                    .putDecimal(Tag.SliceLocation, position.dot(grid.directionK()))
                    .putInteger(Tag.Rows, grid.rows())
                    .putInteger(Tag.Columns, grid.columns())
                    .putDecimal(Tag.PixelSpacing, grid.spacingJ(), grid.spacingI())
                    .putDecimal(Tag.WindowCenter, Math.floor(width / 2))
                    .putDecimal(Tag.WindowWidth, Math.floor(width))
                    .putBytes(Tag.PixelData, Vr.OW, pixels(volume, k))
                    .build());
        }
    }

    private static byte[] pixels(Volume volume, int slice) {
        VolumeGeometry grid = volume.geometry();
        int voxels = grid.columns() * grid.rows();
        byte[] bytes = new byte[2 * voxels];
        for (int index = 0; index < voxels; index++) {
            int stored = (int) volume.values()[slice * voxels + index];
            bytes[2 * index] = (byte) stored;
            bytes[2 * index + 1] = (byte) (stored >> 8);
        }
        return bytes;
    }
}
