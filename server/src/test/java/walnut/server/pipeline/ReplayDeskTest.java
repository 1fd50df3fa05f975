package walnut.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.part10.Part10Reader;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.passport.ModelPackage;
import walnut.models.passport.PackageWriter;
import walnut.server.FolderCopy;
import walnut.server.NodeUnderTest;
import walnut.server.api.ReplayReport;
import walnut.server.cli.Phantoms;
import walnut.server.database.StoredPrediction;
import walnut.server.security.Role;

/** Stored predictions run again on a whole node: after an upgrade of the model, on a damaged disk, on a cleared one. */
class ReplayDeskTest {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");

    @TempDir
    static Path scratch;

    private static Path dataDir;
    private static String predictionId;

    @BeforeAll
    static void aNodeThatPredicted() throws Exception {
        dataDir = scratch.resolve("data");
        Path phantom = Phantoms.one(scratch.resolve("phantom"), 910_000);
        try (NodeUnderTest node = NodeUnderTest.start(dataDir, ModelPackage.open(DETECTOR), Map.of())) {
            node.send(phantom);
            StoredPrediction prediction = node.nextPrediction();
            assertThat(prediction.outcome()).isEqualTo("COMPLETED");
            predictionId = prediction.predictionId();

            ReplayReport report = replay(node);

            assertThat(report.verdict()).isEqualTo("BITWISE");
            assertThat(report.firstDifferingStage()).isNull();
            assertThat(report.sameRuntime()).isTrue();
            assertThat(report.maxAbsDifference()).isZero();
        }
    }

    @Test
    void a_node_that_serves_a_newer_model_replays_with_the_one_that_predicted() throws IOException {
        Path newer = packageWithAnotherThreshold("newer");
        assertThat(ModelPackage.open(newer).digest())
                .isNotEqualTo(ModelPackage.open(DETECTOR).digest());

        try (NodeUnderTest node = NodeUnderTest.start(copyOfDataDir("upgraded"), ModelPackage.open(newer), Map.of())) {
            assertThat(replay(node).verdict()).isEqualTo("BITWISE");
        }
    }

    @Test
    void an_image_that_rotted_on_disk_is_named_before_anything_that_follows_from_it() throws IOException {
        Path copy = copyOfDataDir("rotten");
        flipOnePixelBit(t2wImageIn(copy));

        try (NodeUnderTest node = NodeUnderTest.start(copy, ModelPackage.open(DETECTOR), Map.of())) {
            ReplayReport report = replay(node);

            assertThat(report.firstDifferingStage()).isEqualTo("inputs");
            assertThat(report.verdict()).isNotEqualTo("BITWISE");
            assertThat(report.stages())
                    .filteredOn(stage -> !stage.equal())
                    .extracting(ReplayReport.Stage::name)
                    .contains("volume T2W")
                    .doesNotContain("geometry T2W", "volume ADC");
        }
    }

    @Test
    void an_image_that_is_gone_is_said_to_be_gone() throws IOException {
        Path copy = copyOfDataDir("cleared");
        Path image = t2wImageIn(copy);

        try (NodeUnderTest node = NodeUnderTest.start(copy, ModelPackage.open(DETECTOR), Map.of())) {
            Files.delete(image);
            assertThatThrownBy(() -> replay(node))
                    .isInstanceOfSatisfying(WalnutException.class, gone -> assertThat(gone.code())
                            .isEqualTo(FailureCode.INPUT_GONE));
        }
    }

    @Test
    void a_replay_goes_by_the_clinical_context_that_held_then_whatever_was_entered_since() throws Exception {
        try (NodeUnderTest node =
                NodeUnderTest.start(copyOfDataDir("context"), ModelPackage.open(DETECTOR), Map.of())) {
            String caseId = node.server()
                    .cases()
                    .predictionById(predictionId)
                    .orElseThrow()
                    .caseId();
            String radiologist = node.token(Role.RADIOLOGIST);
            enter(
                    node,
                    caseId,
                    radiologist,
                    "{\"version\": 0, \"biopsied\": false, \"psaValue\": 6.4, \"psaUnit\": \"NG_PER_ML\"}");
            StoredPrediction untreated = node.nextPrediction();
            enter(node, caseId, radiologist, "{\"version\": 1, \"treatment\": \"RADIOTHERAPY\"}");
            StoredPrediction treated = node.nextPrediction();

            assertThat(untreated.outcome()).isEqualTo("COMPLETED");
            assertThat(treated.outcome()).isEqualTo("NOT_ELIGIBLE");
            assertThat(treated.document()).contains("GATE_CONTEXT_TREATMENT");
            for (String each : List.of(predictionId, untreated.predictionId(), treated.predictionId())) {
                ReplayReport report = node.server().replay().replay(each).orElseThrow();
                assertThat(report.firstDifferingStage()).as(each).isNull();
                assertThat(report.verdict()).isEqualTo("BITWISE");
            }
        }
    }

    private static void enter(NodeUnderTest node, String caseId, String token, String context) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                        + node.server().httpPort() + "/api/v1/cases/" + caseId + "/clinical-context"))
                                .timeout(Duration.ofSeconds(60))
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/json")
                                .PUT(HttpRequest.BodyPublishers.ofString(context))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void nobody_knows_a_prediction_that_was_never_made() throws IOException {
        try (NodeUnderTest node = NodeUnderTest.start(copyOfDataDir("asked"), ModelPackage.open(DETECTOR), Map.of())) {
            assertThat(node.server().replay().replay("no-such-prediction")).isEmpty();
        }
    }

    private static ReplayReport replay(NodeUnderTest node) {
        return node.server().replay().replay(predictionId).orElseThrow();
    }

    private static Path packageWithAnotherThreshold(String name) throws IOException {
        Path target = FolderCopy.of(DETECTOR, scratch.resolve(name));
        ObjectNode passport = PackageWriter.passportOf(target);
        ((ObjectNode) passport.at("/operatingPoints/0")).put("threshold", 0.123);
        PackageWriter.seal(target, passport);
        return target;
    }

    private static Path copyOfDataDir(String name) throws IOException {
        return FolderCopy.of(dataDir, scratch.resolve(name));
    }

    private static Path t2wImageIn(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".dcm"))
                    .filter(file -> {
                        DataSet image = header(file);
                        return image.string(Tag.SeriesDescription).orElse("").contains("T2")
                                && image.integer(Tag.InstanceNumber).orElse(0) == 10;
                    })
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static DataSet header(Path file) {
        try {
            return Part10Reader.read(file).dataSet();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Pixels come last, so a byte before the end is one of theirs. */
    private static void flipOnePixelBit(Path image) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            long at = file.length() / 4 * 3;
            file.seek(at);
            int value = file.read();
            file.seek(at);
            file.write(value ^ 1);
        }
    }
}
