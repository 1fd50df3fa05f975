package walnut.prostate.phantom;

import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Uid;
import walnut.dicom.data.Vr;
import walnut.prostate.phantom.PlannedSeries.Kind;
import walnut.prostate.phantom.PlannedSeries.PlannedVolume;
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
    private static final LocalDate FIRST_DAY = LocalDate.of(2021, 1, 4);
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");

    private final PhantomStudy study;
    private final Dialect dialect;
    private final DataSet common;
    private final LocalTime start;

    private PhantomObjects(PhantomStudy study) {
        this.study = study;
        dialect = study.dialect();
        SeedStream clock = new SeedStream(study.seed(), 6);
        LocalDate day = FIRST_DAY.plusDays((long) clock.uniform(0, 1200) + study.visit());
        start = LocalTime.of(8, 0).plusMinutes((long) clock.uniform(0, 480));
        int age = (int) Math.max(45, Math.min(84, clock.normal(66, 7)));
        common = header(day, age);
    }

    /** Hands every object of the study to the sink, series by series, in the order of instance numbers. */
    public static void forEach(PhantomStudy study, PhantomDefect defect, Consumer<DataSet> sink) {
        PhantomObjects objects = new PhantomObjects(study);
        for (PlannedSeries series : PlantedFaults.plant(defect, study, objects.plan())) {
            objects.emit(series, sink);
        }
    }

    private DataSet header(LocalDate day, int age) {
        String date = DATE.format(day);
        boolean female = study.recipe().pelvis() == Pelvis.FEMALE;
        int bits = dialect.habit() == Dialect.HeaderHabit.INTERLEAVED ? 16 : 12;
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
                .putString(Tag.StudyDescription, studyDescription())
                .putString(Tag.PatientName, "PHANTOM^" + study.seed())
                .putString(Tag.PatientID, study.patientId())
                .putEmpty(Tag.PatientBirthDate)
                .putString(Tag.PatientSex, female ? "F" : "M")
                .putString(Tag.PatientAge, String.format("%03dY", age))
                .putString(Tag.PatientIdentityRemoved, "YES")
                .putString(Tag.DeidentificationMethod, "synthetic, no person")
                .putString(Tag.BodyPartExamined, asksAboutProstate() ? "PROSTATE" : "PELVIS")
                .putString(Tag.DeviceSerialNumber, dialect.manufacturer())
                .putString(Tag.DeviceUID, PhantomDevice.UID)
                .putString(Tag.SoftwareVersions, "phantom generator " + PhantomStudy.GENERATOR_VERSION)
                .putDecimal(Tag.MagneticFieldStrength, dialect.fieldTesla())
                .putString(Tag.MRAcquisitionType, "2D")
                .putString(Tag.ReceiveCoilName, "BODY ARRAY")
                .putString(Tag.InPlanePhaseEncodingDirection, "COL")
                .putString(Tag.PatientPosition, study.pose().position().name())
                .putString(Tag.StudyInstanceUID, study.studyInstanceUid())
                .putString(Tag.StudyID, Long.toString(study.seed()))
                .putString(Tag.FrameOfReferenceUID, study.derivedUid("frame of reference"))
                .putEmpty(Tag.PositionReferenceIndicator)
                .putInteger(Tag.SamplesPerPixel, 1)
                .putString(Tag.PhotometricInterpretation, "MONOCHROME2")
                .putInteger(Tag.BitsAllocated, 16)
                .putInteger(Tag.BitsStored, bits)
                .putInteger(Tag.HighBit, bits - 1)
                .putInteger(Tag.PixelRepresentation, 0)
                .build();
    }

    /** What the request said: it names the organ that was asked about, not what was found. */
    private String studyDescription() {
        Pelvis pelvis = study.recipe().pelvis();
        String organ = pelvis == Pelvis.FEMALE ? "pelvis" : pelvis == Pelvis.RECTAL_CANCER ? "rectum" : "prostate";
        return "MR " + organ + ", synthetic phantom";
    }

    private boolean asksAboutProstate() {
        Pelvis pelvis = study.recipe().pelvis();
        return pelvis == Pelvis.PROSTATE || pelvis == Pelvis.PROSTATECTOMY_BED;
    }

    // ---------------------------------------------------------------- which series there are

    private List<PlannedSeries> plan() {
        Dialect.HeaderHabit habit = dialect.habit();
        if (habit == Dialect.HeaderHabit.SERIES_PER_B) {
            return seriesPerB();
        }
        return habit == Dialect.HeaderHabit.INTERLEAVED ? interleaved() : tracesTogether();
    }

    private List<PlannedSeries> tracesTogether() {
        String range =
                dialect.dwi().bValues().stream().map(b -> Integer.toString(b)).collect(Collectors.joining("_"));
        String name = "ep2d_diff_b" + range + "_tra_";
        List<PlannedSeries> series = new ArrayList<>();
        series.add(single(Kind.T2W, 2, t2wHeader(2, "t2_tse_tra"), study.t2w(), 1));
        DataSet traces = dwiHeader(3, name + "TRACEW", "OTHER", "TRACEW");
        List<PlannedVolume> volumes = new ArrayList<>();
        for (int index = 0; index < study.traces().size(); index++) {
            int b = dialect.dwi().bValues().get(index);
            DataSet header = averaged(withStandardB(traces, b), index).toBuilder()
                    .putString(Tag.SequenceName, "*ep_b" + b + "t")
                    .putInteger(Tag.AcquisitionNumber, index + 1)
                    .build();
            volumes.add(new PlannedVolume(header, study.traces().get(index), 1, b, slice -> true));
        }
        series.add(new PlannedSeries(Kind.TRACES, 3, traces, volumes, false));
        series.add(single(Kind.ADC, 4, adcHeader(4, name + "ADC", "ADC"), study.adc(), 1));
        int b = dialect.dwi().highB();
        DataSet computed = withStandardB(dwiHeader(5, name + "CALC_BVAL", "OTHER", "CALC_BVALUE"), b).toBuilder()
                .putString(Tag.SequenceName, "*ep_calc_b" + b)
                .build();
        series.add(single(Kind.COMPUTED_HIGH_B, 5, computed, study.highB(), 1));
        return series;
    }

    private List<PlannedSeries> seriesPerB() {
        List<PlannedSeries> series = new ArrayList<>();
        series.add(single(Kind.T2W, 5, t2wHeader(5, "Ax T2 frFSE"), study.t2w(), 1));
        for (int index = 0; index < study.traces().size(); index++) {
            int number = 7 + index;
            int b = dialect.dwi().bValues().get(index);
            DataSet header = averaged(dwiHeader(number, "Ax DWI b" + b, "OTHER", ""), index).toBuilder()
                    .putString(Tag.SequenceName, "epi_b" + b)
                    .build();
            // The maker's habit: the b-value with 10^9 on top, first of four numbers.
            DataSet marked = withPrivate(header, 0x0043, "SYNTH-B PARM 01").toBuilder()
                    .putInteger(privateTag(0x0043, 0x39), Vr.IS, 1_000_000_000 + b, 8, 0, 0)
                    .build();
            PlannedVolume volume = new PlannedVolume(marked, study.traces().get(index), 1, b, slice -> true);
            series.add(new PlannedSeries(Kind.TRACES, number, marked, List.of(volume), false));
        }
        series.add(single(Kind.ADC, 700, adcHeader(700, "ADC (10^-6 mm2/s)", ""), study.adc(), 1));
        return series;
    }

    private List<PlannedSeries> interleaved() {
        List<PlannedSeries> series = new ArrayList<>();
        series.add(single(Kind.T2W, 301, scaled(t2wHeader(301, "T2W_TSE_ax"), .5), study.t2w(), .5));
        DataSet traces = scaled(dwiHeader(501, "DWI_ax", "OTHER", "TRACE"), .25);
        List<PlannedVolume> volumes = new ArrayList<>();
        for (int index = 0; index < study.traces().size(); index++) {
            int b = dialect.dwi().bValues().get(index);
            DataSet marked = withPrivate(averaged(traces, index), 0x2001, "SYNTH-C IMAGING DD 001").toBuilder()
                    .putDecimal(Tag.DiffusionBValue, b)
                    .putDecimal(privateTag(0x2001, 0x03), Vr.FL, b)
                    .putInteger(Tag.AcquisitionNumber, 1)
                    .build();
            volumes.add(new PlannedVolume(marked, study.traces().get(index), .25, b, slice -> true));
        }
        series.add(new PlannedSeries(Kind.TRACES, 501, traces, volumes, true));
        series.add(single(Kind.ADC, 502, scaled(adcHeader(502, "dDWI_ax ADC", "ADC"), .25), study.adc(), .25));
        return series;
    }

    private static PlannedSeries single(Kind kind, int number, DataSet header, Volume volume, double slope) {
        DataSet acquired =
                header.toBuilder().putInteger(Tag.AcquisitionNumber, 1).build();
        int b = header.integer(Tag.DiffusionBValue).orElse(-1);
        return new PlannedSeries(
                kind, number, acquired, List.of(new PlannedVolume(acquired, volume, slope, b, slice -> true)), false);
    }

    // ---------------------------------------------------------------- headers

    private DataSet t2wHeader(int number, String description) {
        return series(number, description, "OTHER", "").toBuilder()
                .putString(Tag.ScanningSequence, "SE")
                .putString(Tag.SequenceVariant, "SK")
                .putEmpty(Tag.ScanOptions)
                .putString(Tag.SequenceName, "*tse2d1_25")
                .putDecimal(Tag.RepetitionTime, dialect.t2w().repetitionTimeMs())
                .putDecimal(Tag.EchoTime, dialect.t2w().echoTimeMs())
                .putInteger(Tag.EchoTrainLength, 25)
                .putDecimal(Tag.FlipAngle, 150)
                .build();
    }

    private DataSet dwiHeader(int number, String description, String derivation, String flavour) {
        return series(number, description, derivation, flavour).toBuilder()
                .putString(Tag.ScanningSequence, "EP")
                .putString(Tag.SequenceVariant, "SK")
                .putString(Tag.ScanOptions, "FS")
                .putDecimal(Tag.RepetitionTime, 4200)
                .putDecimal(Tag.EchoTime, dialect.dwi().echoTimeMs())
                .putInteger(Tag.EchoTrainLength, 1)
                .putDecimal(Tag.FlipAngle, 90)
                .build();
    }

    private DataSet adcHeader(int number, String description, String flavour) {
        return dwiHeader(number, description, "DIFFUSION MAP", flavour).toBuilder()
                .putDecimal(Tag.RescaleIntercept, 0)
                .putDecimal(Tag.RescaleSlope, 1)
                .putString(Tag.RescaleType, "US")
                .build();
    }

    private DataSet series(int number, String description, String derivation, String flavour) {
        List<String> imageType = new ArrayList<>(List.of("DERIVED", "PRIMARY", derivation, "SYNTHETIC"));
        if (!flavour.isEmpty()) {
            imageType.add(flavour);
        }
        String time = TIME.format(start.plusMinutes(3L * (number % 100)));
        return common.toBuilder()
                .putString(Tag.ImageType, imageType.toArray(String[]::new))
                .putString(Tag.SeriesTime, time)
                .putString(Tag.AcquisitionTime, time)
                .putString(Tag.ContentTime, time)
                .putString(Tag.SeriesDescription, description)
                .putString(Tag.ProtocolName, description)
                .putString(Tag.SeriesInstanceUID, study.derivedUid("series", number))
                .putInteger(Tag.SeriesNumber, number)
                .build();
    }

    private static DataSet scaled(DataSet header, double slope) {
        return header.toBuilder()
                .putDecimal(Tag.RescaleIntercept, 0)
                .putDecimal(Tag.RescaleSlope, slope)
                .putString(Tag.RescaleType, "US")
                .build();
    }

    private DataSet averaged(DataSet header, int index) {
        return header.toBuilder()
                .putDecimal(Tag.NumberOfAverages, dialect.dwi().averages().get(index))
                .build();
    }

    /** The b-value in the standard attribute and, as a vendor would, in a private one of the dialect's own creator. */
    private DataSet withStandardB(DataSet header, int b) {
        return withPrivate(header, 0x0019, dialect.manufacturer() + " MR HEADER").toBuilder()
                .putDecimal(Tag.DiffusionBValue, b)
                .putInteger(privateTag(0x0019, 0x0c), Vr.IS, b)
                .build();
    }

    private static DataSet withPrivate(DataSet header, int group, String creator) {
        return header.toBuilder().putString(group << 16 | 0x10, Vr.LO, creator).build();
    }

    private static int privateTag(int group, int element) {
        return group << 16 | 0x1000 | element;
    }

    // ---------------------------------------------------------------- instances

    private void emit(PlannedSeries series, Consumer<DataSet> sink) {
        int slices = series.volumes().get(0).values().geometry().slices();
        int[] numbering = study.pose().numbering(slices, study.seed());
        int count = series.volumes().size();
        List<Window> windows = new ArrayList<>();
        for (PlannedVolume volume : series.volumes()) {
            windows.add(Window.of(series.kind(), volume.values()));
        }
        for (int index = 0; index < count * slices; index++) {
            int which = series.interleaved() ? index % count : index / slices;
            int slice = numbering[series.interleaved() ? index / count : index % slices];
            PlannedVolume volume = series.volumes().get(which);
            if (volume.keeps().test(slice)) {
                sink.accept(instance(series, volume, windows.get(which), slice, index + 1));
            }
        }
    }

    /** What a viewer shows at first. */
    private record Window(double centre, double width) {
        static Window of(Kind kind, Volume volume) {
            float brightest = 0;
            for (float value : volume.values()) {
                brightest = Math.max(brightest, value);
            }
            double width = Math.max(2, kind == Kind.ADC && brightest > 2 ? 2600 : .7 * brightest);
            return new Window(Math.floor(width / 2), Math.floor(width));
        }
    }

    private DataSet instance(PlannedSeries series, PlannedVolume volume, Window window, int slice, int instanceNumber) {
        VolumeGeometry grid = volume.values().geometry();
        boolean turned = study.pose().position().prone();
        Lps position =
                turned ? grid.toPatient(grid.columns() - 1, grid.rows() - 1, slice) : grid.toPatient(0, 0, slice);
        double sign = turned ? -1 : 1;
        Lps row = grid.directionI().times(sign);
        Lps column = grid.directionJ().times(sign);
        return volume.header().toBuilder()
                .putString(Tag.SOPInstanceUID, study.derivedUid("instance", series.number(), instanceNumber))
                .putInteger(Tag.InstanceNumber, instanceNumber)
                .putDecimal(Tag.SliceThickness, grid.spacingK())
                .putDecimal(Tag.SpacingBetweenSlices, grid.spacingK())
                .putDecimal(Tag.ImagePositionPatient, position.x(), position.y(), position.z())
                .putDecimal(Tag.ImageOrientationPatient, row.x(), row.y(), row.z(), column.x(), column.y(), column.z())
                .putDecimal(Tag.SliceLocation, position.dot(grid.directionK()))
                .putInteger(Tag.Rows, grid.rows())
                .putInteger(Tag.Columns, grid.columns())
                .putInteger(Tag.AcquisitionMatrix, 0, grid.columns(), grid.rows(), 0)
                .putDecimal(Tag.PixelSpacing, grid.spacingJ(), grid.spacingI())
                .putDecimal(Tag.WindowCenter, window.centre())
                .putDecimal(Tag.WindowWidth, window.width())
                .putBytes(Tag.PixelData, Vr.OW, pixels(volume, slice, turned))
                .build();
    }

    private static byte[] pixels(PlannedVolume volume, int slice, boolean turned) {
        VolumeGeometry grid = volume.values().geometry();
        int voxels = grid.columns() * grid.rows();
        byte[] bytes = new byte[2 * voxels];
        for (int index = 0; index < voxels; index++) {
            int from = slice * voxels + (turned ? voxels - 1 - index : index);
            int stored = (int) Math.floor(volume.values().values()[from] / volume.slope() + .5);
            bytes[2 * index] = (byte) stored;
            bytes[2 * index + 1] = (byte) (stored >> 8);
        }
        return bytes;
    }
}
