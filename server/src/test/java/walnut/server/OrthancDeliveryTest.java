package walnut.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.part10.Part10Reader;
import walnut.models.passport.ModelPackage;
import walnut.server.api.Delivery;
import walnut.server.cli.Phantoms;
import walnut.server.config.ConfigKey;
import walnut.testing.MrInstances;
import walnut.testing.Peers;

/** Results of a real study in a real Orthanc: every object, and every byte of its data set. */
class OrthancDeliveryTest {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path scratch;

    private Process orthanc;
    private int dicomPort;
    private int httpPort;

    @BeforeEach
    void startOrthanc() throws Exception {
        Path program = Peers.require("orthanc", "Orthanc");
        dicomPort = freePort();
        httpPort = freePort();
        Path configuration = scratch.resolve("orthanc.json");
        Files.writeString(
                configuration,
                JSON.writeValueAsString(Map.ofEntries(
                        Map.entry("StorageDirectory", scratch.resolve("orthanc").toString()),
                        Map.entry("IndexDirectory", scratch.resolve("orthanc").toString()),
                        Map.entry("DicomAet", "ORTHANC"),
                        Map.entry("DicomPort", dicomPort),
                        Map.entry("HttpPort", httpPort),
                        Map.entry("RemoteAccessAllowed", false),
                        Map.entry("AuthenticationEnabled", false),
                        Map.entry("DicomAlwaysAllowStore", true),
                        Map.entry("Plugins", List.of()))));
        orthanc = new ProcessBuilder(program.toString(), configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("orthanc.log").toFile())
                .start();
        until(() -> instances() != null);
    }

    @AfterEach
    void stopOrthanc() throws InterruptedException {
        orthanc.destroy();
        orthanc.waitFor();
    }

    @Test
    void every_object_arrives_with_every_byte_and_a_resend_adds_none() throws Exception {
        Path data = scratch.resolve("data");
        try (NodeUnderTest node = NodeUnderTest.start(
                data,
                ModelPackage.open(DETECTOR),
                Map.of(ConfigKey.DICOM_DESTINATIONS, "orthanc=ORTHANC@127.0.0.1:" + dicomPort))) {
            node.server()
                    .deployments()
                    .change(
                            node.server().model().passport().id(),
                            "ASSIST",
                            "a test",
                            "a phantom into a local archive");
            node.send(Phantoms.one(scratch.resolve("phantom"), 910_000));
            String predictionId = node.nextPrediction().predictionId();
            Delivery delivery = node.server().delivery();
            until(() -> isDelivered(delivery, predictionId));

            Map<String, Path> sent = sent(data.resolve("results").resolve(predictionId));
            assertThat(delivery.ofPrediction(predictionId))
                    .extracting(Delivery.OutgoingReport::sopInstanceUid)
                    .containsExactlyInAnyOrderElementsOf(sent.keySet());
            assertArrived(sent);

            assertThat(delivery.resend(predictionId, "orthanc")).isEqualTo(sent.size());
            until(() -> isDelivered(delivery, predictionId));
            assertArrived(sent);
        }
    }

    private static boolean isDelivered(Delivery delivery, String predictionId) {
        List<Delivery.OutgoingReport> objects = delivery.ofPrediction(predictionId);
        return !objects.isEmpty()
                && objects.stream().allMatch(object -> object.state().equals("DELIVERED"));
    }

    private void assertArrived(Map<String, Path> sent) throws IOException, InterruptedException {
        JsonNode instances = instances();
        assertThat(instances).hasSize(sent.size());
        for (JsonNode instance : instances) {
            Path copy = Files.createTempFile(scratch, "copy", ".dcm");
            HTTP.send(
                    HttpRequest.newBuilder(URI.create(
                                    "http://127.0.0.1:" + httpPort + "/instances/" + instance.asText() + "/file"))
                            .build(),
                    BodyHandlers.ofFile(copy));
            DataSet arrived = Part10Reader.read(copy).dataSet();
            Path original = sent.get(arrived.string(Tag.SOPInstanceUID).orElseThrow());
            assertThat(MrInstances.bytes(arrived))
                    .isEqualTo(MrInstances.bytes(Part10Reader.read(original).dataSet()));
        }
    }

    private static Map<String, Path> sent(Path folder) throws IOException {
        Map<String, Path> sent = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                sent.put(
                        Part10Reader.read(file)
                                .dataSet()
                                .string(Tag.SOPInstanceUID)
                                .orElseThrow(),
                        file);
            }
        }
        return sent;
    }

    private JsonNode instances() throws IOException, InterruptedException {
        return JSON.readTree(HTTP.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/instances"))
                                .build(),
                        BodyHandlers.ofString())
                .body());
    }

    /** What fails is not true yet. */
    private static void until(Callable<Boolean> condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
        while (!holds(condition)) {
            assertThat(System.nanoTime()).as("waited 120 s in vain").isLessThan(end);
            Thread.sleep(100);
        }
    }

    private static boolean holds(Callable<Boolean> condition) throws InterruptedException {
        try {
            return condition.call();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
