package walnut.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.part10.Part10Reader;
import walnut.models.findings.CaseFindings;
import walnut.models.inference.ModelOutput;
import walnut.models.passport.ModelPackage;
import walnut.models.preprocess.ModelInput;
import walnut.models.tensor.Tensor;
import walnut.prostate.phantom.Dialect;
import walnut.prostate.phantom.PhantomCohort;
import walnut.prostate.phantom.PhantomDefect;
import walnut.prostate.phantom.PhantomRecipe;
import walnut.prostate.phantom.PhantomStudy;
import walnut.prostate.series.CaseVolumes;
import walnut.prostate.series.Channel;
import walnut.prostate.series.Selection;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudyFolder;
import walnut.server.api.PredictionDocument;
import walnut.testing.SharedData;
import walnut.volume.Lps;
import walnut.volume.VolumeDigest;
import walnut.volume.VolumeGeometry;

/**
 * The bits that each stage of the corridor makes, pinned: of a phantom from each scanner, of one whose high b-value we
 * compute, and of a real study. All stages but the network itself, whose bits are a processor's own; findings are read from
 * a heat that is made here. They must be the same on every machine and after every change that is about speed.
 *
 * <p>{@code -Dwalnut.write-tables=true} records anew, when other bits were meant: say why in the commit.
 */
class CorridorDigestsTest {
    private static final Path PACKAGES = Path.of("../models/packages");
    private static final Path RECORDED = Path.of("src/test/resources/walnut/server/pipeline");
    private static final long SEED = 910_700;

    @TempDir
    static Path scratch;

    private static ServedModel classifier;

    @BeforeAll
    static void theClassifierAndWithItTheDetector() {
        classifier =
                ServedModel.load(packageOf("walnut-phantom-lesion-classifier"), CorridorDigestsTest::packageOf, "test");
    }

    @AfterAll
    static void close() {
        classifier.close();
    }

    private static ModelPackage packageOf(String id) {
        return ModelPackage.open(PACKAGES.resolve(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SYNTH-A", "SYNTH-B", "SYNTH-C", "SYNTH-D"})
    void a_phantom_of_each_scanner_gives_the_recorded_bits(String scanner) throws IOException {
        assertRecorded("phantom-" + scanner.toLowerCase(Locale.ROOT), phantom(scanner, series -> true));
    }

    @Test
    void a_high_b_image_that_we_compute_has_the_recorded_bits() throws IOException {
        Study whole = phantom("SYNTH-A", series -> true);
        Study withoutHighB =
                phantom("SYNTH-A", data -> data.decimal(Tag.DiffusionBValue).orElse(0) < 1000);
        assertThat(withoutHighB.series())
                .hasSizeLessThanOrEqualTo(whole.series().size());
        assertThat(new CasePipeline(classifier).select(withoutHighB).chosen().values())
                .anySatisfy(chosen -> assertThat(chosen.isComputed()).isTrue());
        assertRecorded("phantom-computed-high-b", withoutHighB);
    }

    @Test
    void a_real_study_gives_the_recorded_bits() throws IOException {
        assertRecorded(
                "prostatex-0000",
                StudyFolder.read(SharedData.prostateX0000()).studies().get(0));
    }

    private static Study phantom(String scanner, Predicate<DataSet> kept) throws IOException {
        Dialect dialect = List.of(Dialect.SYNTH_A, Dialect.SYNTH_B, Dialect.SYNTH_C, Dialect.SYNTH_D).stream()
                .filter(known -> known.manufacturer().equals(scanner))
                .findFirst()
                .orElseThrow();
        Path folder = Files.createTempDirectory(scratch, scanner);
        PhantomStudy study = PhantomStudy.of(SEED, 0, dialect, PhantomRecipe.STANDARD);
        PhantomCohort cohort = new PhantomCohort(folder);
        cohort.begin();
        cohort.write(study, PhantomDefect.NONE);
        Path written = folder.resolve(study.patientId());
        List<Path> files;
        try (Stream<Path> found = Files.walk(written)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        List<Path> chosen = new ArrayList<>();
        for (Path file : files) {
            if (kept.test(Part10Reader.read(file).dataSet())) {
                chosen.add(file);
            }
        }
        return Study.of(chosen);
    }

    private static void assertRecorded(String name, Study study) throws IOException {
        String found = String.join("\n", lines(study)) + "\n";
        Path recorded = RECORDED.resolve("corridor-" + name + ".txt");
        if (Boolean.getBoolean("walnut.write-tables")) {
            Files.writeString(recorded, found);
        }
        assertThat(recorded).content().isEqualTo(found);
    }

    /** A line for each thing that a stage made, in the order of the corridor. */
    private static List<String> lines(Study study) {
        CasePipeline pipeline = new CasePipeline(classifier);
        Selection selection = pipeline.select(study);
        Lps middle = selection
                .of(Channel.T2W)
                .orElseThrow()
                .volumes()
                .get(0)
                .geometry()
                .orElseThrow()
                .centre();
        PredictionDocument document =
                pipeline.run(FolderInput.of(study, List.of(middle))).document();
        PredictionDocument.Digests digests = document.digests();
        List<String> lines = new ArrayList<>();
        lines.add("outcome " + document.outcome());
        lines.add("inputs " + digests.inputs().size() + " files " + Digests.ofTexts(digests.inputs()));
        document.series()
                .forEach((role, series) -> lines.add("selected " + role + " series " + series.seriesNumber()
                        + (series.bValue() == null ? "" : " b " + series.bValue() + " " + series.source())));
        document.gates().stream()
                .filter(gate -> !gate.name().startsWith("GLAND"))
                .forEach(gate -> lines.add("gate " + gate.name() + " " + gate.verdict() + ": " + gate.read()));
        document.technical()
                .forEach(parameter -> lines.add("technical " + parameter.sequence() + " " + parameter.name() + " "
                        + parameter.verdict() + ": " + parameter.read()));
        digests.geometries().forEach((channel, digest) -> lines.add("geometry " + channel + " " + digest));
        digests.volumes().forEach((channel, digest) -> lines.add("volume " + channel + " " + digest));
        // Of the patches only the one asked for: the others lie where the network's candidates do.
        digests.tensors().entrySet().stream()
                .filter(tensor -> !tensor.getKey().contains("-")
                        || tensor.getKey().endsWith("/bpmri")
                        || tensor.getKey().endsWith("-1"))
                .forEach(tensor -> lines.add("tensor " + tensor.getKey() + " " + tensor.getValue()));
        lines.addAll(findings(study, selection));
        return lines;
    }

    /** What is read from a fixed heat and fixed zones. */
    private static List<String> findings(Study study, Selection selection) {
        ServedModel detector = classifier.caseModel();
        ModelInput input = detector.prepare(CasePipeline.modelVolumes(study, selection, CaseVolumes.build(selection)));
        CaseFindings found = detector.findings(input, answer(input.grid()));
        List<String> lines = new ArrayList<>();
        lines.add("case score " + bits(found.caseScore()) + ", midline "
                + bits(found.midline().x()) + " " + found.midline().source());
        found.gland()
                .ifPresent(gland -> lines.add("gland " + bits(gland.volumeMl()) + " at " + bits(gland.centroidLps())));
        found.findings()
                .forEach(finding -> lines.add("finding " + bits(finding.confidence()) + " " + finding.side() + " slice "
                        + finding.t2wSlice() + " volume " + bits(finding.volumeMm3()) + " long axis "
                        + bits(finding.longAxisMm()) + " centroid " + bits(finding.centroidLps()) + " peak "
                        + bits(finding.peakLps())));
        lines.add("heatmap on the T2W grid " + VolumeDigest.sha256(found.heatmap()));
        return lines;
    }

    /** Blobs of heat, one of them twofold and one too small, and a gland of two zones; by IEEE basic operations alone. */
    private static ModelOutput answer(VolumeGeometry grid) {
        double[][] blobs = {
            {40, 50, 9, 5, .93}, {46, 53, 9, 3, .90}, {62, 44, 12, 4, .61}, {30, 30, 5, .7, .55}, {55, 60, 15, 6, .20}
        };
        int voxels = (int) grid.voxelCount();
        float[] heat = new float[voxels];
        float[] zones = new float[3 * voxels];
        for (int offset = 0; offset < voxels; offset++) {
            int i = offset % grid.columns();
            int j = offset / grid.columns() % grid.rows();
            int k = offset / grid.columns() / grid.rows();
            double hottest = 0;
            for (double[] blob : blobs) {
                double distance = squared(i - blob[0]) + squared(j - blob[1]) + squared(3 * (k - blob[2]));
                hottest = Math.max(hottest, blob[4] / (1 + distance / squared(blob[3])));
            }
            heat[offset] = (float) hottest;
            double gland = squared((i - 47) / 24.0) + squared((j - 49) / 18.0) + squared((k - 10) / 6.0);
            int zone = gland > 1 ? 0 : j > 55 ? 1 : 2;
            zones[zone * voxels + offset] = 1;
        }
        return new ModelOutput(List.of(
                Tensor.of("heat", heat, 1, 1, grid.slices(), grid.rows(), grid.columns()),
                Tensor.of("zones", zones, 1, 3, grid.slices(), grid.rows(), grid.columns())));
    }

    private static double squared(double value) {
        return value * value;
    }

    /** Hexadecimal, so that no rounding of a decimal notation, which changed with Java 19, comes between. */
    private static String bits(double value) {
        return Double.toHexString(value);
    }

    private static String bits(Lps position) {
        return bits(position.x()) + " " + bits(position.y()) + " " + bits(position.z());
    }
}
