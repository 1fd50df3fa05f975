package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.passport.ModelPackage;
import walnut.server.NodeUnderTest;
import walnut.server.api.Delivery;
import walnut.server.config.ConfigKey;
import walnut.server.database.PredictionKind;
import walnut.server.database.StoredPrediction;
import walnut.server.journey.Step;
import walnut.server.security.Role;

/** A model that begins in silence, is let speak by name and reason, and is stopped; on a whole node with an archive. */
class ModelStatesTest {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration A_WHILE = Duration.ofSeconds(3);

    @TempDir
    private Path scratch;

    private final Map<NodeUnderTest, String> tokens = new HashMap<>();
    private final AtomicInteger claimed = new AtomicInteger();
    private final AtomicReference<Runnable> whenAssembled = new AtomicReference<>(() -> {});

    @Test
    void silent_first_then_aloud_by_name_and_reason_and_a_stop_acts_at_once_and_survives_a_restart() throws Exception {
        Path archiveFolder = Files.createDirectories(scratch.resolve("archive"));
        try (CountingArchive archive = new CountingArchive(archiveFolder)) {
            String model;
            try (NodeUnderTest node = start(archive)) {
                model = node.server().model().passport().id();
                StoredPrediction silent = send(node, 1);
                assertThat(silent.kind()).isEqualTo(PredictionKind.SILENT);
                assertThat(node.server().delivery().ofPrediction(silent.predictionId()))
                        .isEmpty();

                assertThat(put(node, model, "{\"state\": \"ASSIST\"}")).isEqualTo(400);
                assertThat(put(node, model, "{\"state\": \"ASSIST\", \"reason\": \"the trial ended well\"}"))
                        .isEqualTo(200);
                StoredPrediction aloud = send(node, 2);
                assertThat(aloud.kind()).isEqualTo(PredictionKind.CLINICAL);
                awaitDelivered(node, aloud);
                assertThat(archive.stored()).isNotEmpty();
                assertThat(node.server().ledger().newest(null, null, null, 10)).anySatisfy(entry -> {
                    assertThat(entry.actor()).isEqualTo("test ML_ENGINEER");
                    assertThat(entry.detail()).contains("ASSIST", "the trial ended well");
                });

                // Whoever is in the corridor when the model is stopped is stored, and nothing of it leaves.
                whenAssembled.set(() -> node.server().deployments().change(model, "STOPPED", "Ada", "it smells odd"));
                StoredPrediction caught = send(node, 3);
                whenAssembled.set(() -> {});
                assertThat(caught.kind()).isEqualTo(PredictionKind.SILENT);
                assertThat(node.server().delivery().ofPrediction(caught.predictionId()))
                        .isEmpty();

                int before = claimed.get();
                node.send(Phantoms.one(scratch.resolve("study-4"), 910_044));
                assertThat(node.predictionWithin(A_WHILE)).isEmpty();
                assertThat(claimed.get()).isEqualTo(before);
            }
            int before = claimed.get();
            try (NodeUnderTest node = start(archive)) {
                assertThat(node.predictionWithin(A_WHILE))
                        .as("stopped before the restart")
                        .isEmpty();
                assertThat(claimed.get()).isEqualTo(before);

                node.server().deployments().change(model, "SILENT", "Ada", "it was the cat");
                StoredPrediction waited = node.nextPrediction();
                assertThat(waited.outcome()).isEqualTo("COMPLETED");

                node.server().deployments().change("*", "STOPPED", "Ada", "everything");
                node.send(Phantoms.one(scratch.resolve("study-5"), 910_045));
                assertThat(node.predictionWithin(A_WHILE)).isEmpty();
                node.server().deployments().change("*", "SILENT", "Ada", "and again");
                assertThat(node.nextPrediction().outcome()).isEqualTo("COMPLETED");
                assertThatThrownBy(() -> node.server().deployments().change("*", "ASSIST", "Ada", "no"))
                        .isInstanceOfSatisfying(WalnutException.class, refused -> assertThat(refused.code())
                                .isEqualTo(FailureCode.INVALID_ARGUMENT));
            }
        }
    }

    private NodeUnderTest start(CountingArchive archive) {
        return NodeUnderTest.start(
                scratch.resolve("data"),
                ModelPackage.open(DETECTOR),
                Map.of(ConfigKey.DICOM_DESTINATIONS, archive.asDestination()),
                Clock.systemUTC(),
                (step, id) -> {
                    if (step == Step.CLAIMED) {
                        claimed.incrementAndGet();
                    } else if (step == Step.ASSEMBLED) {
                        whenAssembled.get().run();
                    }
                });
    }

    private StoredPrediction send(NodeUnderTest node, int number) throws IOException, InterruptedException {
        node.send(Phantoms.one(scratch.resolve("study-" + number), 910_040 + number));
        return node.nextPrediction();
    }

    private static void awaitDelivered(NodeUnderTest node, StoredPrediction prediction) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            List<Delivery.OutgoingReport> objects = node.server().delivery().ofPrediction(prediction.predictionId());
            if (!objects.isEmpty()
                    && objects.stream().allMatch(object -> object.state().equals("DELIVERED"))) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("nothing arrived in " + PATIENCE);
    }

    private int put(NodeUnderTest node, String model, String body) throws IOException, InterruptedException {
        String token = tokens.computeIfAbsent(node, made -> made.token(Role.ML_ENGINEER));
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                        + node.server().httpPort() + "/api/v1/deployments/" + model + "/state"))
                                .timeout(PATIENCE)
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/json")
                                .PUT(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
