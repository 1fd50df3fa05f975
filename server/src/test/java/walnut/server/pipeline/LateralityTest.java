package walnut.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Uid;
import walnut.dicom.data.Vr;
import walnut.dicom.object.ImageReference;
import walnut.dicom.part10.DicomFile;
import walnut.dicom.part10.Part10Reader;
import walnut.dicom.part10.Part10Writer;
import walnut.models.findings.CaseFindings;
import walnut.models.passport.ModelPackage;
import walnut.prostate.series.CaseVolumes;
import walnut.prostate.series.Channel;
import walnut.prostate.series.Frame;
import walnut.prostate.series.SelectedSeries;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudyFolder;
import walnut.server.api.PredictionDocument;
import walnut.server.cli.Phantoms;
import walnut.server.frames.Orientation;
import walnut.server.results.ResultObjects;
import walnut.server.results.StoredResult;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

/**
 * Left is proven: one phantom, written as every scanner might, with a marker burnt in at the patient's left, outside the
 * gland. Position in the scanner, order of the slices, sense of rows and columns, and a slant change the files and nothing
 * of what is found: truth side = marker side = JSON side.
 */
class LateralityTest {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");

    /** In the patient's left thigh-side fat, far from the gland; LPS mm relative to the middle of the field of view. */
    private static final double MARKER_MM = 55;

    private static final int MARKER_VALUE = 30_000;

    @TempDir
    static Path scratch;

    private static Path phantom;
    private static ServedModel detector;
    private static Answer upright;

    @BeforeAll
    static void aPhantomWithALesion() throws IOException {
        phantom = Phantoms.one(scratch.resolve("phantom"), 910_000);
        detector = ServedModel.load(
                ModelPackage.open(DETECTOR),
                id -> {
                    throw new IllegalStateException(id);
                },
                "test");
        upright = run(written("upright", new Writing("HFS", false, false, false, 0)));
    }

    @AfterAll
    static void close() {
        detector.close();
    }

    @Test
    void the_side_is_the_truths_in_every_way_of_writing() throws IOException {
        String[] truth = truthOfFirstLesion();
        assertThat(upright.document().findings()).isNotEmpty();
        assertThat(nearest(upright.document(), truth).side()).isEqualTo(truth[7]);
        int number = 0;
        for (String position : List.of("HFS", "FFS", "HFP", "FFP")) {
            for (boolean reversed : new boolean[] {false, true}) {
                for (boolean rows : new boolean[] {false, true}) {
                    for (boolean columns : new boolean[] {false, true}) {
                        Writing writing = new Writing(position, reversed, rows, columns, 0);
                        assertSameFindings(writing, run(written("written-" + number++, writing)), 0);
                    }
                }
            }
        }
    }

    @Test
    void a_slant_turns_positions_and_no_side() throws IOException {
        for (double tilt : new double[] {-0.3, 0.25}) {
            Writing writing = new Writing("HFS", tilt > 0, tilt > 0, false, tilt);
            assertSameFindings(writing, run(written("tilted" + tilt, writing)), tilt);
        }
    }

    private static void assertSameFindings(Writing writing, Answer answer, double tilt) {
        PredictionDocument found = answer.document();
        assertThat(found.outcome()).as(writing + " " + found.reasons()).isEqualTo("COMPLETED");
        assertThat(found.findings())
                .as(writing.toString())
                .hasSameSizeAs(upright.document().findings());
        assertThat(answer.sidesInReport()).as("in the report, " + writing).isEqualTo(answer.sidesInDocument());
        assertThat(answer.sidesByLetters()).as("by the letters, " + writing).isEqualTo(answer.sidesInDocument());
        for (int n = 0; n < found.findings().size(); n++) {
            PredictionDocument.Finding expected = upright.document().findings().get(n);
            PredictionDocument.Finding finding = found.findings().get(n);
            assertThat(finding.side()).as(writing.toString()).isEqualTo(expected.side());
            assertThat(finding.confidence()).isCloseTo(expected.confidence(), within(1e-3));
            Lps centroid = turned(lps(expected.centroidLps()), tilt);
            assertThat(lps(finding.centroidLps()).minus(centroid).length())
                    .as(writing.toString())
                    .isLessThan(0.2);
            assertThat(finding.slice().sopInstanceUid())
                    .isEqualTo(expected.slice().sopInstanceUid());
        }
    }

    private static Lps lps(double[] values) {
        return new Lps(values[0], values[1], values[2]);
    }

    private static PredictionDocument.Finding nearest(PredictionDocument document, String[] truth) {
        Lps centre = new Lps(Double.parseDouble(truth[4]), Double.parseDouble(truth[5]), Double.parseDouble(truth[6]));
        return document.findings().stream()
                .min(java.util.Comparator.comparingDouble(
                        finding -> lps(finding.centroidLps()).minus(centre).length()))
                .orElseThrow();
    }

    /** label|isup|zone|volume|x|y|z|side of the first lesion in truth.csv. */
    private static String[] truthOfFirstLesion() throws IOException {
        List<String> lines = Files.readAllLines(scratch.resolve("phantom/truth.csv"));
        List<String> header = List.of(lines.get(0).split(","));
        return lines.get(1).split(",")[header.indexOf("lesions")].split(";")[0].split("\\|");
    }

    private static Answer run(Path folder) {
        Study study = StudyFolder.read(folder).studies().get(0);
        CasePipeline pipeline = new CasePipeline(detector);
        SelectedSeries chosen = pipeline.select(study).of(Channel.T2W).orElseThrow();
        Volume t2w = CaseVolumes.read(chosen);
        assertThat(brightest(t2w).x() - t2w.geometry().centre().x())
                .as("the marker lies to the patient's left")
                .isGreaterThan(MARKER_MM - 2);
        CaseOutcome outcome = pipeline.run(FolderInput.of(study, List.of()));
        assertThat(outcome).isInstanceOf(CaseOutcome.Completed.class);
        return new Answer(outcome.document(), ((CaseOutcome.Completed) outcome).findings(), chosen);
    }

    /** What was said of one way of writing, and all forms in which a reader may meet it. */
    private record Answer(PredictionDocument document, CaseFindings findings, SelectedSeries t2w) {

        /** LEFT or RIGHT of each finding; what lies on the midline has no code of laterality and no letter. */
        List<String> sidesInDocument() {
            return document.findings().stream()
                    .map(PredictionDocument.Finding::side)
                    .filter(side -> !"MIDLINE".equals(side))
                    .toList();
        }

        /** By the laterality codes of the structured report, in its order. */
        List<String> sidesInReport() {
            List<Frame> frames = t2w.volumes().get(0).frames();
            List<ImageReference> images = frames.stream()
                    .map(frame -> new ImageReference(
                            t2w.series().seriesInstanceUid(), Uid.MRImageStorage, frame.sopInstanceUid()))
                    .toList();
            List<DataSet> objects = ResultObjects.of(new StoredResult(
                    "laterality",
                    Instant.EPOCH,
                    ZoneOffset.UTC,
                    document,
                    Headers.of(frames.get(0)),
                    Map.of("T2W", images),
                    Map.of(),
                    t2w.series().frameOfReferenceUid(),
                    Optional.empty(),
                    Optional.of(findings.heatmap()),
                    detector.outlinedFraction()));
            List<String> sides = new ArrayList<>();
            addSides(objects.get(objects.size() - 1), sides);
            return sides;
        }

        private static void addSides(DataSet item, List<String> sides) {
            item.item(Tag.ConceptCodeSequence)
                    .flatMap(code -> code.string(Tag.CodeValue))
                    .ifPresent(code -> {
                        if (code.equals("7771000")) {
                            sides.add("LEFT");
                        } else if (code.equals("24028007")) {
                            sides.add("RIGHT");
                        }
                    });
            item.items(Tag.ContentSequence).forEach(child -> addSides(child, sides));
        }

        /** By the letter at the edge of the picture towards which a finding lies from the midline. */
        List<String> sidesByLetters() {
            VolumeGeometry grid = findings.t2wGeometry();
            Orientation letters = Orientation.of(grid);
            List<String> sides = new ArrayList<>();
            for (PredictionDocument.Finding finding : document.findings()) {
                if (!"MIDLINE".equals(finding.side())) {
                    Lps centroid = lps(finding.centroidLps());
                    Lps onMidline = new Lps(findings.midline().x(), centroid.y(), centroid.z());
                    boolean rightInPicture =
                            grid.toIndex(centroid).i() > grid.toIndex(onMidline).i();
                    String letter = rightInPicture ? letters.right() : letters.left();
                    sides.add(letter.startsWith("L") ? "LEFT" : letter.startsWith("R") ? "RIGHT" : letter);
                }
            }
            return sides;
        }
    }

    private static Lps brightest(Volume volume) {
        int best = 0;
        for (int n = 0; n < volume.values().length; n++) {
            best = volume.values()[n] > volume.values()[best] ? n : best;
        }
        int columns = volume.geometry().columns();
        int rows = volume.geometry().rows();
        return volume.geometry().toPatient(best % columns, best / columns % rows, best / columns / rows);
    }

    /**
     * How the same voxels are written.
     *
     * @param tiltRadians the whole study turned about the patient's x axis
     */
    private record Writing(
            String position, boolean slicesReversed, boolean rowsNegated, boolean columnsNegated, double tiltRadians) {}

    private static Lps turned(Lps point, double tilt) {
        double c = Math.cos(tilt);
        double s = Math.sin(tilt);
        return new Lps(point.x(), c * point.y() - s * point.z(), s * point.y() + c * point.z());
    }

    private static Path written(String name, Writing writing) throws IOException {
        Path target = scratch.resolve(name);
        Files.createDirectories(target);
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(phantom)) {
            all.filter(Files::isRegularFile).forEach(files::add);
        }
        for (Path file : files) {
            DicomFile read = Part10Reader.read(file);
            // The traces serve the ADC gate alone; without them there is half as much to write.
            if (!read.dataSet().string(Tag.SeriesDescription).orElse("").contains("TRACEW")) {
                Part10Writer.write(
                        target.resolve(file.getFileName()), rewritten(read.dataSet(), writing), read.transferSyntax());
            }
        }
        return target;
    }

    private static DataSet rewritten(DataSet image, Writing writing) {
        int rows = image.integer(Tag.Rows).orElseThrow();
        int columns = image.integer(Tag.Columns).orElseThrow();
        double[] spacing = image.decimals(Tag.PixelSpacing);
        double[] cosines = image.decimals(Tag.ImageOrientationPatient);
        Lps row = new Lps(cosines[0], cosines[1], cosines[2]);
        Lps column = new Lps(cosines[3], cosines[4], cosines[5]);
        Lps position = lps(image.decimals(Tag.ImagePositionPatient));
        byte[] pixels = image.bytes(Tag.PixelData).orElseThrow().clone();
        if (image.string(Tag.SeriesDescription).orElse("").startsWith("t2")) {
            mark(pixels, rows, columns, spacing, row);
        }
        if (writing.columnsNegated()) {
            position = position.plus(row.times((columns - 1) * spacing[1]));
            row = row.times(-1);
        }
        if (writing.rowsNegated()) {
            position = position.plus(column.times((rows - 1) * spacing[0]));
            column = column.times(-1);
        }
        pixels = flipped(pixels, rows, columns, writing.rowsNegated(), writing.columnsNegated());
        Lps turnedRow = turned(row, writing.tiltRadians());
        Lps turnedColumn = turned(column, writing.tiltRadians());
        Lps turnedPosition = turned(position, writing.tiltRadians());
        int number = image.integer(Tag.InstanceNumber).orElse(1);
        return image.toBuilder()
                .putString(Tag.PatientPosition, writing.position())
                .putInteger(Tag.InstanceNumber, writing.slicesReversed() ? 1000 - number : number)
                .putDecimal(
                        Tag.ImageOrientationPatient,
                        turnedRow.x(),
                        turnedRow.y(),
                        turnedRow.z(),
                        turnedColumn.x(),
                        turnedColumn.y(),
                        turnedColumn.z())
                .putDecimal(Tag.ImagePositionPatient, turnedPosition.x(), turnedPosition.y(), turnedPosition.z())
                .putBytes(Tag.PixelData, Vr.OW, pixels)
                .build();
    }

    /** A bright square of 3×3 voxels to the left of the middle; the phantom's rows run along x. */
    private static void mark(byte[] pixels, int rows, int columns, double[] spacing, Lps row) {
        int sign = row.x() > 0 ? 1 : -1;
        int middle = (int) Math.rint((columns - 1) / 2.0 + sign * (MARKER_MM + 2) / spacing[1]);
        for (int j = rows / 2 - 1; j <= rows / 2 + 1; j++) {
            for (int i = middle - 1; i <= middle + 1; i++) {
                int at = 2 * (j * columns + i);
                pixels[at] = (byte) MARKER_VALUE;
                pixels[at + 1] = (byte) (MARKER_VALUE >> 8);
            }
        }
    }

    private static byte[] flipped(byte[] pixels, int rows, int columns, boolean flipRows, boolean flipColumns) {
        byte[] out = new byte[pixels.length];
        for (int j = 0; j < rows; j++) {
            for (int i = 0; i < columns; i++) {
                int from = 2 * (j * columns + i);
                int to = 2 * ((flipRows ? rows - 1 - j : j) * columns + (flipColumns ? columns - 1 - i : i));
                out[to] = pixels[from];
                out[to + 1] = pixels[from + 1];
            }
        }
        return out;
    }
}
