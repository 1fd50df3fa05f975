package walnut.server.meters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.models.passport.ModelPackage;
import walnut.server.NodeUnderTest;
import walnut.server.cli.Phantoms;
import walnut.server.config.ConfigKey;
import walnut.server.security.Role;
import walnut.testing.Peers;

/** A node that received, predicted and replayed a study, scraped by a real Prometheus. */
class PrometheusScrapeTest {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** One of every family that a site watches: ingest, assembly, stages, outcomes, models, outbox, reproducibility. */
    private static final Map<String, Double> EXPECTED = Map.of(
            "sum(walnut_instances_received_total{result=\"STORED\"} > bool 0)", 1.0,
            "walnut_associations_total{event=\"ACCEPTED\"}", 1.0,
            "walnut_assembly_seconds_count", 1.0,
            "walnut_turnaround_seconds_count{outcome=\"COMPLETED\"}", 1.0,
            "walnut_stage_seconds_count{stage=\"inference\"}", 1.0,
            "walnut_cases_finished_total{outcome=\"COMPLETED\",reason=\"NONE\"}", 1.0,
            "walnut_deployment{model=\"walnut-phantom-detector\",state=\"SILENT\"}", 1.0,
            "walnut_known_answer_ok{model=\"walnut-phantom-detector\"}", 1.0,
            "walnut_outbox_objects{destination=\"nowhere\",state=\"PENDING\"}", 0.0,
            "walnut_replay_seconds_count{verdict=\"BITWISE\"}", 1.0);

    @TempDir
    static Path scratch;

    private static NodeUnderTest node;
    /** As a site's Prometheus has one. */
    private static String token;

    @BeforeAll
    static void aNodeThatHasWorked() throws Exception {
        node = NodeUnderTest.start(
                scratch.resolve("data"),
                ModelPackage.open(DETECTOR),
                Map.of(ConfigKey.DICOM_DESTINATIONS, "nowhere=NOBODY@127.0.0.1:1"));
        token = node.token(Role.SERVICE);
        node.send(Phantoms.one(scratch.resolve("phantom"), 910_000));
        String predictionId = node.nextPrediction().predictionId();
        assertThat(node.server().replay().replay(predictionId)).isPresent();
    }

    @AfterAll
    static void close() {
        node.close();
    }

    @Test
    void prometheus_reads_every_family() throws Exception {
        Path prometheus = Peers.require("prometheus", "prometheus");
        int port = freePort();
        Path configuration = Files.writeString(scratch.resolve("prometheus.yml"), """
                        global: {scrape_interval: 1s}
                        scrape_configs:
                          - job_name: walnut
                            authorization: {credentials: "%s"}
                            static_configs: [{targets: ["127.0.0.1:%d"]}]
                        """.formatted(
                        token, node.server().httpPort()));
        Process process = new ProcessBuilder(
                        prometheus.toString(),
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + scratch.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("prometheus.log").toFile())
                .start();
        try {
            awaitValue(port, "up{job=\"walnut\"}", 1);
            for (Map.Entry<String, Double> expected : EXPECTED.entrySet()) {
                awaitValue(port, expected.getKey(), expected.getValue());
            }
        } finally {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void promtool_finds_nothing_to_say_of_a_whole_scrape() throws Exception {
        Path promtool = Peers.require("prometheus", "promtool");
        Process process = new ProcessBuilder(promtool.toString(), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (OutputStream input = process.getOutputStream()) {
            input.write(scrape().getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEmpty();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void nothing_a_sender_chooses_becomes_a_label() throws Exception {
        TreeSet<String> labels = new TreeSet<>();
        scrape().lines().filter(line -> line.startsWith("walnut_")).forEach(line -> {
            int brace = line.indexOf('{');
            if (brace > 0) {
                for (String pair :
                        line.substring(brace + 1, line.lastIndexOf('}')).split(",")) {
                    labels.add(pair.substring(0, Math.max(0, pair.indexOf('='))));
                }
            }
        });

        labels.remove("");
        assertThat(labels)
                .isSubsetOf(List.of(
                        "destination",
                        "event",
                        "method",
                        "model",
                        "outcome",
                        "reason",
                        "result",
                        "route",
                        "stage",
                        "state",
                        "status",
                        "success",
                        "verdict"));
    }

    private static String scrape() throws IOException, InterruptedException {
        return get("http://127.0.0.1:" + node.server().httpPort() + "/metrics");
    }

    private static void awaitValue(int port, String query, double expected) throws InterruptedException {
        Instant giveUp = Instant.now().plus(PATIENCE);
        List<String> seen = new ArrayList<>();
        while (true) {
            try {
                JsonNode result = JSON.readTree(get("http://127.0.0.1:" + port + "/api/v1/query?query="
                                + URLEncoder.encode(query, StandardCharsets.UTF_8)))
                        .at("/data/result");
                seen.add(result.toString());
                if (result.size() == 1 && result.at("/0/value/1").asDouble() == expected) {
                    return;
                }
            } catch (IOException notYetUp) {
                seen.add(String.valueOf(notYetUp.getMessage()));
            }
            assertThat(Instant.now())
                    .as(query + " was last " + seen.get(seen.size() - 1))
                    .isBefore(giveUp);
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private static String get(String address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .header("Authorization", "Bearer " + token)
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
