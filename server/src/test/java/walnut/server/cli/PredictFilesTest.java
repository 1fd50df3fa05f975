package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import walnut.models.passport.ModelPackage;
import walnut.models.tensor.Npy;
import walnut.models.tensor.TensorDigest;
import walnut.prostate.phantom.PhantomDefect;
import walnut.prostate.series.CaseVolumes;
import walnut.prostate.series.Channel;
import walnut.prostate.series.SeriesSelector;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudyFolder;
import walnut.volume.Lps;
import walnut.volume.Nifti;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;
import walnut.volume.VoxelIndex;

/** What {@code predict --out} and {@code preprocess --out} leave behind is what the prediction was made of. */
class PredictFilesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");

    @TempDir
    static Path scratch;

    private static Path phantom;
    private static JsonNode prediction;

    @BeforeAll
    static void aPredictionOfAPhantom() throws IOException {
        phantom = Phantoms.one(scratch.resolve("phantom"), 910_000);
        prediction = run(
                ExitCode.DONE,
                "predict",
                phantom.toString(),
                "--out",
                scratch.resolve("out").toString());
    }

    @Test
    void preprocess_writes_the_very_tensor_that_predict_feeds() throws IOException {
        Path out = scratch.resolve("tensors");

        JsonNode document = run(
                ExitCode.DONE,
                "preprocess",
                phantom.toString(),
                "--model",
                DETECTOR.toString(),
                "--out",
                out.toString());

        String fed = prediction.at("/digests/tensors/bpmri").asText();
        assertThat(document.at("/studies/0/tensors/bpmri").asText()).isEqualTo(fed);
        long[] shape = ModelPackage.readPassport(DETECTOR).inputs().get(0).shape().stream()
                .mapToLong(Long::longValue)
                .toArray();
        try (InputStream file = Files.newInputStream(out.resolve("bpmri.npy"))) {
            assertThat(TensorDigest.sha256(Npy.read(file, "bpmri", 1, shape)))
                    .as("the bytes of the file, bit for bit")
                    .isEqualTo(fed);
        }
    }

    @Test
    void the_document_on_disk_is_the_one_that_was_printed() throws IOException {
        assertThat(JSON.readTree(scratch.resolve("out/prediction.json").toFile()))
                .isEqualTo(prediction);
    }

    @Test
    void the_heat_lies_on_the_t2w_grid_and_holds_every_finding() throws IOException {
        Volume heat = Nifti.read(scratch.resolve("out/heatmap.nii.gz"));

        assertSameGrid(heat.geometry(), t2w());
        JsonNode findings = prediction.at("/findings");
        assertThat(findings).isNotEmpty();
        for (JsonNode finding : findings) {
            double confidence = finding.at("/confidence").asDouble();
            double near = 0;
            VoxelIndex peak = heat.geometry().toIndex(lps(finding.at("/peakLps")));
            for (int k = -1; k <= 1; k++) {
                for (int j = -2; j <= 2; j++) {
                    for (int i = -2; i <= 2; i++) {
                        near = Math.max(near, at(heat, peak, i, j, k));
                    }
                }
            }
            // A peak of a few voxels loses height where it is laid on the finer grid.
            assertThat(near).as("heat round the peak").isGreaterThan(0.6 * confidence);
        }
        double hottest = 0;
        for (float value : heat.values()) {
            assertThat(value).isBetween(0f, 1f);
            hottest = Math.max(hottest, value);
        }
        assertThat(hottest).isCloseTo(prediction.at("/caseScoreRaw").asDouble(), within(0.2));
    }

    /** The same again gives the same file, so what the document's digests name is what lies there. */
    @Test
    void the_same_study_gives_the_same_digests_and_the_same_heat_again() throws IOException {
        Path again = scratch.resolve("again");

        JsonNode second = run(ExitCode.DONE, "predict", phantom.toString(), "--out", again.toString());

        assertThat(second.at("/digests")).isEqualTo(prediction.at("/digests"));
        assertThat(second.at("/findings")).isEqualTo(prediction.at("/findings"));
        assertThat(Arrays.equals(
                        Nifti.read(again.resolve("heatmap.nii.gz")).values(),
                        Nifti.read(scratch.resolve("out/heatmap.nii.gz")).values()))
                .isTrue();
    }

    @Test
    void a_refused_study_leaves_its_document_and_no_heat() throws IOException {
        Path faulty = scratch.resolve("faulty");
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(new StringWriter()));
        line.setErr(new PrintWriter(new StringWriter()));
        assertThat(line.execute(
                        "phantom",
                        "--patients",
                        "1",
                        "--seed",
                        "910001",
                        "--fault",
                        PhantomDefect.NO_ADC.name(),
                        "--out",
                        faulty.toString()))
                .isEqualTo(ExitCode.DONE);
        Path out = scratch.resolve("refused");

        JsonNode refused = run(ExitCode.REFUSED, "predict", faulty.toString(), "--out", out.toString());

        assertThat(refused.at("/outcome").asText()).isEqualTo("NOT_ELIGIBLE");
        assertThat(JSON.readTree(out.resolve("prediction.json").toFile())).isEqualTo(refused);
        assertThat(out.resolve("heatmap.nii.gz")).doesNotExist();
    }

    private static double at(Volume heat, VoxelIndex middle, int di, int dj, int dk) {
        int i = (int) Math.rint(middle.i()) + di;
        int j = (int) Math.rint(middle.j()) + dj;
        int k = (int) Math.rint(middle.k()) + dk;
        VolumeGeometry grid = heat.geometry();
        boolean inside = i >= 0 && j >= 0 && k >= 0 && i < grid.columns() && j < grid.rows() && k < grid.slices();
        return inside ? heat.at(i, j, k) : 0;
    }

    private static VolumeGeometry t2w() {
        Study study = StudyFolder.read(phantom).studies().get(0);
        return CaseVolumes.read(
                        new SeriesSelector().select(study).of(Channel.T2W).orElseThrow())
                .geometry();
    }

    /** As far as float32 of a NIfTI header holds it. */
    private static void assertSameGrid(VolumeGeometry found, VolumeGeometry expected) {
        assertThat(found.columns()).isEqualTo(expected.columns());
        assertThat(found.rows()).isEqualTo(expected.rows());
        assertThat(found.slices()).isEqualTo(expected.slices());
        for (int[] corner : new int[][] {
            {0, 0, 0},
            {expected.columns() - 1, 0, 0},
            {0, expected.rows() - 1, 0},
            {0, 0, expected.slices() - 1},
            {expected.columns() - 1, expected.rows() - 1, expected.slices() - 1}
        }) {
            Lps one = found.toPatient(corner[0], corner[1], corner[2]);
            Lps other = expected.toPatient(corner[0], corner[1], corner[2]);
            assertThat(one.minus(other).length())
                    .as("mm at " + Arrays.toString(corner))
                    .isLessThan(1e-3);
        }
    }

    private static Lps lps(JsonNode array) {
        return new Lps(
                array.get(0).asDouble(), array.get(1).asDouble(), array.get(2).asDouble());
    }

    private static JsonNode run(int exitCode, String... arguments) throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        String[] all = Arrays.copyOf(arguments, arguments.length + 3);
        all[arguments.length] = "--json";
        all[arguments.length + 1] = "--data-dir";
        all[arguments.length + 2] = scratch.resolve("data").toString();
        assertThat(line.execute(all)).as(err.toString()).isEqualTo(exitCode);
        return JSON.readTree(out.toString());
    }
}
