package walnut.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.models.passport.ModelPackage;
import walnut.server.FolderCopy;
import walnut.server.NodeUnderTest;
import walnut.server.cli.Phantoms;
import walnut.server.config.ConfigKey;
import walnut.server.security.Role;

/** A model that stops giving its known answers is found while the node runs, and rests until it gives them again. */
class KnownAnswerScheduleTest {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    Path scratch;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void a_broken_model_makes_the_node_unready_and_takes_no_case_until_it_is_whole_again() throws Exception {
        Path model = FolderCopy.of(DETECTOR, scratch.resolve("model"));
        Path golden = goldenCaseIn(model);
        byte[] whole = Files.readAllBytes(golden);
        Path phantom = Phantoms.one(scratch.resolve("phantom"), 910_000);
        try (NodeUnderTest node = NodeUnderTest.start(
                scratch.resolve("data"), ModelPackage.open(model), Map.of(ConfigKey.MODELS_KNOWN_ANSWERS, "1s"))) {
            assertThat(readiness(node)).isEqualTo(200);

            byte[] damaged = whole.clone();
            damaged[damaged.length / 2] ^= 1;
            Files.write(golden, damaged);
            awaitReadiness(node, 503);
            node.send(phantom);
            assertThat(node.predictionWithin(Duration.ofSeconds(2))).isEmpty();
            assertThat(metrics(node)).contains("walnut_known_answer_ok{model=\"walnut-phantom-detector\"} 0");

            Files.write(golden, whole);
            awaitReadiness(node, 200);
            assertThat(node.nextPrediction().outcome()).isEqualTo("COMPLETED");
        }
    }

    @Test
    void a_run_that_throws_is_followed_by_the_next() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch third = new CountDownLatch(3);
        try (KnownAnswerSchedule schedule = KnownAnswerSchedule.start(
                () -> {
                    runs.incrementAndGet();
                    third.countDown();
                    throw new IllegalStateException("planted");
                },
                Duration.ofMillis(5))) {
            assertThat(third.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        int atClose = runs.get();
        assertThat(runs.get()).as("nothing runs after the close").isEqualTo(atClose);
    }

    private void awaitReadiness(NodeUnderTest node, int status) throws IOException, InterruptedException {
        Instant giveUp = Instant.now().plus(PATIENCE);
        while (readiness(node) != status) {
            assertThat(Instant.now()).as("readiness never became " + status).isBefore(giveUp);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private int readiness(NodeUnderTest node) throws IOException, InterruptedException {
        return get(node, "/health/ready").statusCode();
    }

    private String metrics(NodeUnderTest node) throws IOException, InterruptedException {
        return get(node, "/metrics").body();
    }

    private HttpResponse<String> get(NodeUnderTest node, String path) throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + node.server().httpPort() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        if (path.equals("/metrics")) {
            request.header("Authorization", "Bearer " + node.token(Role.SERVICE));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Path goldenCaseIn(Path model) throws IOException {
        try (Stream<Path> files = Files.list(model.resolve("golden"))) {
            return files.filter(file -> file.toString().endsWith(".npy"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }
}
