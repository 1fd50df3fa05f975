package walnut.prostate.series;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.prostate.series.InstanceHeader.PatientMarks;
import walnut.volume.Lps;

/** From a data set without pixels to what roles, b-values and geometry need; everything else is let go. */
final class InstanceHeaderReader {
    /** An instance that announces more frames than this is damaged. */
    private static final int MAXIMUM_FRAMES = 100_000;

    private static final double FARTHEST_MM = 1e5;
    private static final double FINEST_MM = 1e-4;

    private final Path file;
    private final DataSet dataSet;
    private final String manufacturer;
    private final String seriesDescription;

    private InstanceHeaderReader(Path file, DataSet dataSet) {
        this.file = file;
        this.dataSet = dataSet;
        this.manufacturer = text(Tag.Manufacturer);
        this.seriesDescription = text(Tag.SeriesDescription);
    }

    /**
     * @throws WalnutException IDENTITY_MISSING without study, series or instance UID; MALFORMED_DATASET when NumberOfFrames
     *     makes no sense
     */
    static InstanceHeader read(Path file, DataSet dataSet) {
        return new InstanceHeaderReader(file, dataSet).header();
    }

    private InstanceHeader header() {
        return new InstanceHeader(
                file,
                uid(Tag.SOPInstanceUID, "SOPInstanceUID"),
                text(Tag.SOPClassUID),
                uid(Tag.StudyInstanceUID, "StudyInstanceUID"),
                uid(Tag.SeriesInstanceUID, "SeriesInstanceUID"),
                dataSet.integer(Tag.SeriesNumber),
                seriesDescription,
                text(Tag.ProtocolName),
                text(Tag.Modality),
                manufacturer,
                text(Tag.FrameOfReferenceUID),
                new PatientMarks(
                        text(Tag.IssuerOfPatientID),
                        text(Tag.PatientID),
                        text(Tag.PatientBirthDate),
                        text(Tag.PatientSex)),
                frames());
    }

    private List<Frame> frames() {
        int count = dataSet.integer(Tag.NumberOfFrames).orElse(1);
        if (count < 1 || count > MAXIMUM_FRAMES) {
            throw new WalnutException(FailureCode.MALFORMED_DATASET, "NumberOfFrames is " + count);
        }
        if (count == 1 && SiemensMosaic.is(dataSet)) {
            return slicesOfMosaic(frame(1));
        }
        List<Frame> frames = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            frames.add(frame(number));
        }
        return frames;
    }

    /** A frame for each slice; the one picture as it is where it does not say how to part it. */
    private List<Frame> slicesOfMosaic(Frame picture) {
        return picture.plane()
                .flatMap(plane -> SiemensMosaic.tiles(dataSet, plane))
                .map(tiles -> tiles.stream()
                        .map(tile -> new Frame(
                                picture.sopInstanceUid(),
                                new PixelLocation(file, 1, tile.number(), tile.tilesPerRow()),
                                Optional.of(tile.plane()),
                                picture.diffusion(),
                                picture.acquisition(),
                                picture.rescaleSlope(),
                                picture.rescaleIntercept()))
                        .toList())
                .orElse(List.of(picture));
    }

    private Frame frame(int number) {
        FunctionalGroups groups = FunctionalGroups.ofFrame(dataSet, number);
        Acquisition acquisition = acquisition(groups);
        return new Frame(
                text(Tag.SOPInstanceUID),
                PixelLocation.ofFrame(file, number),
                plane(groups),
                BValueReader.read(groups, manufacturer, seriesDescription, acquisition.sequenceName()),
                acquisition,
                groups.decimal(Tag.PixelValueTransformationSequence, Tag.RescaleSlope)
                        .orElse(1),
                groups.decimal(Tag.PixelValueTransformationSequence, Tag.RescaleIntercept)
                        .orElse(0));
    }

    private Optional<ImagePlane> plane(FunctionalGroups groups) {
        double[] position = groups.group(Tag.PlanePositionSequence).decimals(Tag.ImagePositionPatient);
        double[] cosines = groups.group(Tag.PlaneOrientationSequence).decimals(Tag.ImageOrientationPatient);
        double[] spacing = groups.group(Tag.PixelMeasuresSequence).decimals(Tag.PixelSpacing);
        int rows = dataSet.integer(Tag.Rows).orElse(0);
        int columns = dataSet.integer(Tag.Columns).orElse(0);
        if (position.length != 3 || cosines.length != 6 || spacing.length != 2 || rows < 1 || columns < 1) {
            return Optional.empty();
        }
        Lps row = new Lps(cosines[0], cosines[1], cosines[2]);
        Lps column = new Lps(cosines[3], cosines[4], cosines[5]);
        Lps corner = new Lps(position[0], position[1], position[2]);
        if (!isPlausible(corner, spacing) || !areUnitAndPerpendicular(row, column)) {
            return Optional.empty();
        }
        return Optional.of(new ImagePlane(
                corner,
                row.unit(),
                column.unit(),
                spacing[0],
                spacing[1],
                rows,
                columns,
                groups.decimal(Tag.PixelMeasuresSequence, Tag.SliceThickness)));
    }

    /** Beyond this no number is a place in a magnet, and arithmetic on it would hide that. */
    private static boolean isPlausible(Lps corner, double[] spacing) {
        return corner.length() < FARTHEST_MM
                && spacing[0] > FINEST_MM
                && spacing[0] < FARTHEST_MM
                && spacing[1] > FINEST_MM
                && spacing[1] < FARTHEST_MM;
    }

    private static boolean areUnitAndPerpendicular(Lps row, Lps column) {
        double tolerance = 1e-3;
        return Math.abs(row.length() - 1) < tolerance
                && Math.abs(column.length() - 1) < tolerance
                && Math.abs(row.dot(column)) < tolerance;
    }

    private Acquisition acquisition(FunctionalGroups groups) {
        List<String> frameType = groups.groupOnly(Tag.MRImageFrameTypeSequence)
                .map(group -> group.strings(Tag.FrameType))
                .orElse(List.of());
        OptionalDouble effectiveEchoTime = groups.decimal(Tag.MREchoSequence, Tag.EffectiveEchoTime);
        OptionalDouble echoTime = dataSet.decimal(Tag.EchoTime);
        return new Acquisition(
                frameType.isEmpty() ? dataSet.strings(Tag.ImageType) : frameType,
                scanningSequence(),
                dataSet.strings(Tag.ScanOptions),
                dataSet.string(Tag.SequenceName)
                        .or(() -> dataSet.string(Tag.PulseSequenceName))
                        .orElse(""),
                text(Tag.MRAcquisitionType),
                groups.text(Tag.MRImageFrameTypeSequence, Tag.AcquisitionContrast),
                echoTime.isPresent() ? echoTime : effectiveEchoTime,
                groups.decimal(Tag.MRTimingAndRelatedParametersSequence, Tag.RepetitionTime),
                dataSet.decimal(Tag.InversionTime),
                groups.decimal(Tag.MRTimingAndRelatedParametersSequence, Tag.FlipAngle),
                text(Tag.ContrastBolusAgent),
                dataSet.integer(Tag.AcquisitionNumber),
                temporalPosition(groups),
                dataSet.integer(Tag.InstanceNumber),
                timeOfAcquisition(groups),
                (text(Tag.ImageComments) + " " + text(Tag.DerivationDescription)).trim());
    }

    private OptionalInt temporalPosition(FunctionalGroups groups) {
        OptionalInt index = groups.group(Tag.FrameContentSequence).integer(Tag.TemporalPositionIndex);
        return index.isPresent() ? index : dataSet.integer(Tag.TemporalPositionIdentifier);
    }

    private String timeOfAcquisition(FunctionalGroups groups) {
        String whole = groups.text(Tag.FrameContentSequence, Tag.FrameAcquisitionDateTime);
        if (!whole.isEmpty()) {
            return whole;
        }
        String date = dataSet.string(Tag.AcquisitionDate)
                .or(() -> dataSet.string(Tag.SeriesDate))
                .orElse("");
        String time = dataSet.string(Tag.AcquisitionTime)
                .or(() -> dataSet.string(Tag.SeriesTime))
                .orElse("");
        return date + time;
    }

    /** SE, GR, EP, IR as classic objects say them; from EchoPulseSequence and its like where the object is Enhanced. */
    private List<String> scanningSequence() {
        List<String> classic = dataSet.strings(Tag.ScanningSequence);
        if (!classic.isEmpty()) {
            return classic;
        }
        List<String> sequence = new ArrayList<>();
        String echo = text(Tag.EchoPulseSequence).toUpperCase(Locale.ROOT);
        if (echo.equals("SPIN") || echo.equals("BOTH")) {
            sequence.add("SE");
        }
        if (echo.equals("GRADIENT") || echo.equals("BOTH")) {
            sequence.add("GR");
        }
        if (text(Tag.EchoPlanarPulseSequence).equals("YES")) {
            sequence.add("EP");
        }
        return sequence;
    }

    private String uid(int tag, String keyword) {
        return dataSet.string(tag)
                .orElseThrow(() -> new WalnutException(FailureCode.IDENTITY_MISSING, keyword + " is missing"));
    }

    private String text(int tag) {
        return dataSet.string(tag).orElse("");
    }
}
