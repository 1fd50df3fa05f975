package walnut.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Vr;
import walnut.models.passport.ModelPackage;
import walnut.models.passport.PackageWriter;
import walnut.prostate.series.StudyFolder;
import walnut.server.FolderCopy;
import walnut.server.api.PredictionDocument;
import walnut.server.api.ReplayReport;
import walnut.server.cli.Phantoms;

/**
 * Five changes planted one at a time, each to be named. What is replayed is a record of a software that read a voxel
 * otherwise, placed a volume otherwise, normalised otherwise, let ONNX Runtime optimise otherwise or decided otherwise,
 * and believed to have used the same images and the same package: its identity digests are those of the true run.
 */
class ReplayComparisonTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");

    @TempDir
    static Path scratch;

    private static Path phantom;
    private static PredictionDocument now;

    @BeforeAll
    static void aPhantomAndWhatIsFoundNow() throws IOException {
        phantom = Phantoms.one(scratch.resolve("phantom"), 910_000);
        now = run(DETECTOR, phantom);
    }

    @Test
    void the_same_study_again_differs_nowhere() throws IOException {
        ReplayComparison same = new ReplayComparison(now, run(DETECTOR, phantom));
        assertThat(same.firstDifference()).isEmpty();
        assertThat(same.sameRuntimeClass()).isTrue();
        assertThat(same.sameDecisions()).isTrue();
        assertThat(same.stages()).extracting(ReplayReport.Stage::name).contains("geometry T2W", "tensor bpmri");
    }

    @Test
    void one_voxel_is_named_as_the_volume_it_is_in() throws IOException {
        Path study = edited("pixel", data -> {
            if (isMiddleT2w(data)) {
                data.putBytes(Tag.PixelData, Vr.OW, withOneBrighterVoxel(data.build()));
            }
        });

        assertThat(against(run(DETECTOR, study)).firstDifference()).contains("volume T2W");
    }

    @Test
    void a_volume_that_moved_is_named_by_its_geometry() throws IOException {
        Path study = edited("affine", data -> {
            if (isT2w(data.build())) {
                double[] position = data.build().decimals(Tag.ImagePositionPatient);
                data.putString(
                        Tag.ImagePositionPatient,
                        Vr.DS,
                        (position[0] + 0.125) + "\\" + position[1] + "\\" + position[2]);
            }
        });

        ReplayComparison comparison = against(run(DETECTOR, study));

        assertThat(comparison.firstDifference()).contains("geometry T2W");
        assertThat(comparison.bitwise()).isFalse();
        assertThat(differing(comparison)).contains("volume T2W").doesNotContain("geometry ADC", "volume ADC");
    }

    @Test
    void another_normalisation_is_named_by_the_tensor() throws IOException {
        Path changed =
                packageWith("normalisation", passport -> ((ObjectNode) passport.at("/channels/1/normalisation/1"))
                        .put("subtract", 1301));

        assertThat(against(run(changed, phantom)).firstDifference()).contains("tensor bpmri");
    }

    @Test
    void another_optimisation_level_is_named_by_the_runtime() throws IOException {
        Path changed = packageWith(
                "optimisation", passport -> ((ObjectNode) passport.get("runtime")).put("optimizationLevel", "NO_OPT"));

        ReplayComparison comparison = against(run(changed, phantom));

        assertThat(comparison.firstDifference()).contains("runtime optimizationLevel");
        assertThat(comparison.sameRuntimeClass()).isFalse();
        assertThat(differing(comparison)).doesNotContain("tensor bpmri", "passport");
    }

    @Test
    void another_threshold_is_named_by_the_decisions() throws IOException {
        double score = now.caseScore() == null ? 0 : now.caseScore();
        Path changed = packageWith("threshold", passport -> ((ObjectNode) passport.at("/operatingPoints/0"))
                .put("threshold", score / 2 + 0.001));

        ReplayComparison comparison = against(run(changed, phantom));

        assertThat(comparison.firstDifference()).contains("decisions");
        assertThat(differing(comparison)).containsExactly("decisions");
    }

    @Test
    void another_processor_is_named_though_the_same_bits_come_out() {
        PredictionDocument elsewhere =
                edited(now, document -> ((ObjectNode) document.get("runtime")).put("cpu", "another processor"));

        ReplayComparison comparison = new ReplayComparison(elsewhere, now);

        assertThat(comparison.firstDifference()).contains("runtime cpu");
        assertThat(comparison.sameRuntimeClass()).isFalse();
        assertThat(comparison.bitwise()).isTrue();
    }

    @Test
    void a_record_of_an_older_walnut_without_geometries_is_compared_by_what_it_has() {
        PredictionDocument older = edited(now, document -> ((ObjectNode) document.get("digests")).remove("geometries"));

        assertThat(new ReplayComparison(older, now).firstDifference()).isEmpty();
    }

    private static ReplayComparison against(PredictionDocument planted) {
        assertThat(planted.outcome()).as(String.valueOf(planted.reasons())).isEqualTo("COMPLETED");
        ObjectNode truth = (ObjectNode) tree(now).get("digests");
        return new ReplayComparison(
                edited(planted, document -> ((ObjectNode) document.get("digests"))
                        .setAll((ObjectNode) truth.retain("inputs", "model", "passport", "config"))),
                now);
    }

    private static List<String> differing(ReplayComparison comparison) {
        return comparison.stages().stream()
                .filter(stage -> !stage.equal())
                .map(ReplayReport.Stage::name)
                .toList();
    }

    private static PredictionDocument edited(PredictionDocument document, Consumer<ObjectNode> edit) {
        ObjectNode tree = tree(document);
        edit.accept(tree);
        return PredictionDocument.read(tree);
    }

    private static ObjectNode tree(PredictionDocument document) {
        return JSON.valueToTree(document);
    }

    private static PredictionDocument run(Path modelPackage, Path study) throws IOException {
        try (ServedModel model = ServedModel.load(
                ModelPackage.open(modelPackage),
                id -> {
                    throw new IllegalStateException("asked for " + id);
                },
                "test")) {
            return new CasePipeline(model)
                    .run(FolderInput.of(StudyFolder.read(study).studies().get(0), List.of()))
                    .document();
        }
    }

    private static Path packageWith(String name, Consumer<ObjectNode> edit) throws IOException {
        Path target = FolderCopy.of(DETECTOR, scratch.resolve("package-" + name));
        ObjectNode passport = PackageWriter.passportOf(target);
        edit.accept(passport);
        PackageWriter.seal(target, passport);
        return target;
    }

    private static boolean isT2w(DataSet data) {
        return data.string(Tag.SeriesDescription).orElse("").contains("T2");
    }

    /** One image of the T2W series, well inside it. */
    private static boolean isMiddleT2w(DataSet.Builder data) {
        DataSet built = data.build();
        return isT2w(built) && built.integer(Tag.InstanceNumber).orElse(0) == 10;
    }

    private static byte[] withOneBrighterVoxel(DataSet image) {
        byte[] pixels = image.bytes(Tag.PixelData).orElseThrow().clone();
        ByteBuffer words = ByteBuffer.wrap(pixels).order(ByteOrder.LITTLE_ENDIAN);
        int middle = pixels.length / 4 * 2;
        words.putShort(middle, (short) (words.getShort(middle) + 1));
        return pixels;
    }

    private static Path edited(String name, Consumer<DataSet.Builder> edit) throws IOException {
        return Phantoms.edited(phantom, scratch.resolve(name), edit);
    }
}
