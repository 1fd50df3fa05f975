package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.testing.Peers;
import walnut.testing.SharedData;

/** A node as its PACS and its users meet it: DCMTK pushes a real study, the API answers, the process is killed. */
class ServeCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern DICOM = Pattern.compile("DICOM WALNUT@127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern SECRET = Pattern.compile("walnut_[A-Za-z0-9_-]{43}");
    private static final Pattern HTTP = Pattern.compile("HTTP +http://127\\.0\\.0\\.1:(\\d+)/");

    @TempDir
    private Path scratch;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Process> started = new ArrayList<>();
    private int dicomPort;
    private int httpPort;
    private String token = "none";
    private Optional<String> administratorsToken = Optional.empty();

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void dcmtk_pushes_a_real_study_and_the_node_predicts_replays_labels_and_survives_a_kill() throws Exception {
        Path storescu = Peers.require("dcmtk", "storescu");
        Path echoscu = Peers.require("dcmtk", "echoscu");
        Path study = SharedData.prostateX0000();
        serve();
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(run(echoscu, "-aec", "WALNUT", "127.0.0.1", Integer.toString(dicomPort)))
                .isZero();
        assertThat(push(storescu, study)).isZero();

        JsonNode stored = awaitCase("COMPLETED");
        String caseId = stored.path("caseId").asText();
        assertThat(stored.path("instances").asInt()).isEqualTo(164);
        String predictionId = stored.path("predictionId").asText();
        JsonNode prediction = json(get("/api/v1/predictions/" + predictionId));
        assertThat(prediction.at("/document/series/T2W/seriesNumber").asInt()).isEqualTo(4);
        assertThat(prediction.at("/document/warnings"))
                .extracting(JsonNode::asText)
                .contains("OUT_OF_INTENDED_USE");

        JsonNode replay = json(post("/api/v1/predictions/" + predictionId + "/replay", "application/json", ""));
        assertThat(replay.path("verdict").asText()).isEqualTo("BITWISE");

        JsonNode receipt = json(post(
                "/api/v1/labels",
                "text/csv",
                "study_instance_uid,kind,isup,sampled_on\n"
                        + stored.path("studyInstanceUid").asText() + ",BIOPSY_TARGETED,3,2011-08-01\n"
                        + "1.2.3.4,BIOPSY_TARGETED,1,2011-08-01\n"));
        assertThat(receipt.path("joined").asInt()).isEqualTo(1);
        assertThat(receipt.path("orphaned").asInt()).isEqualTo(1);

        String metrics = get("/metrics").body();
        assertThat(metrics)
                .contains("walnut_instances_received_total{result=\"STORED\"}")
                .contains("walnut_cases_finished_total{outcome=\"COMPLETED\"")
                .contains("walnut_known_answer_ok")
                .doesNotContain("ProstateX")
                .doesNotContain(stored.path("studyInstanceUid").asText());

        started.get(0).destroyForcibly().waitFor();
        serve();
        JsonNode again = json(get("/api/v1/cases/" + caseId));
        assertThat(again.at("/summary/predictionId").asText()).isEqualTo(predictionId);
        assertThat(push(storescu, study)).isZero();
        JsonNode cases = json(get("/api/v1/cases"));
        assertThat(cases.path("cases")).hasSize(1);
        assertThat(cases.at("/cases/0/instances").asInt()).isEqualTo(164);
    }

    @Test
    void the_administrators_token_is_printed_at_the_first_start_only_and_opens_the_door() throws Exception {
        token = "made by the node";
        serve();
        token = administratorsToken.orElseThrow();
        assertThat(get("/api/v1/tokens").statusCode()).isEqualTo(200);
        assertThat(get("/api/v1/audit").statusCode()).isEqualTo(403);
        JsonNode made =
                json(post("/api/v1/tokens", "application/json", "{\"name\": \"Ada\", \"roles\": [\"radiologist\"]}"));
        started.get(0).destroyForcibly().waitFor();

        serve();
        assertThat(administratorsToken).as("a restart prints nothing").isEmpty();
        assertThat(get("/api/v1/tokens").body()).contains("Ada").contains("first start");
        token = made.path("secret").asText();
        assertThat(get("/api/v1/cases").statusCode()).isEqualTo(200);
        WalnutJar.Result revoked = WalnutJar.run("token", "revoke", "Ada", "--data-dir", dataDir());
        assertThat(revoked.exitCode()).as(revoked.err()).isZero();
        assertThat(get("/api/v1/cases").statusCode())
                .as("revoked by another process, refused at the next request")
                .isEqualTo(401);
        assertThat(WalnutJar.run("audit", "verify", "--data-dir", dataDir()).out())
                .contains("whole");
    }

    @Test
    void beyond_loopback_a_node_without_any_token_does_not_start() throws Exception {
        ProcessBuilder builder =
                WalnutJar.builder("serve", "--data-dir", dataDir(), "--dicom-port", "0", "--http-port", "0");
        builder.environment().put("WALNUT_HTTP_HOST", "0.0.0.0");
        Path err = scratch.resolve("refused.err");
        Process process = builder.redirectError(err.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        started.add(process);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(Files.readString(err)).contains("CONFIGURATION_INVALID").contains("walnut token create");
    }

    @Test
    void an_unknown_ae_title_is_rejected_and_the_node_stays_up() throws Exception {
        Path echoscu = Peers.require("dcmtk", "echoscu");
        serve("WALNUT_DICOM_CALLERS", "PACS");
        String port = Integer.toString(dicomPort);
        assertThat(run(echoscu, "-aet", "STRANGER", "-aec", "WALNUT", "127.0.0.1", port))
                .isNotZero();
        assertThat(run(echoscu, "-aet", "PACS", "-aec", "WALNUT", "127.0.0.1", port))
                .isZero();
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void a_port_in_use_is_named_with_its_code() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            WalnutJar.Result result = WalnutJar.run(
                    "serve",
                    "--data-dir",
                    scratch.resolve("taken").toString(),
                    "--dicom-port",
                    Integer.toString(taken.getLocalPort()),
                    "--http-port",
                    "0");
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("PORT_IN_USE").contains(Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void a_second_node_on_the_same_data_directory_is_refused() throws Exception {
        serve();
        WalnutJar.Result second =
                WalnutJar.run("serve", "--data-dir", dataDir(), "--dicom-port", "0", "--http-port", "0");
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err()).contains("DATA_DIR_LOCKED");
    }

    private String dataDir() {
        return scratch.resolve("data").toString();
    }

    private void serve(String... environment) throws IOException, InterruptedException {
        ProcessBuilder builder =
                WalnutJar.builder("serve", "--data-dir", dataDir(), "--dicom-port", "0", "--http-port", "0");
        builder.environment().put("WALNUT_ASSEMBLY_QUIET", "1s");
        for (int i = 0; i + 1 < environment.length; i += 2) {
            builder.environment().put(environment[i], environment[i + 1]);
        }
        builder.redirectError(
                scratch.resolve("serve-" + started.size() + ".err").toFile());
        if (token.equals("none")) {
            token = token("operations and models", "operator,ml-engineer,service");
        }
        Process process = builder.start();
        started.add(0, process);
        BufferedReader out = process.inputReader();
        administratorsToken = Optional.empty();
        dicomPort = port(out, DICOM);
        httpPort = port(out, HTTP);
    }

    private String token(String name, String roles) throws IOException, InterruptedException {
        WalnutJar.Result made =
                WalnutJar.run("token", "create", "--data-dir", dataDir(), "--name", name, "--role", roles);
        assertThat(made.exitCode()).as(made.err()).isZero();
        return made.out().strip();
    }

    private int port(BufferedReader out, Pattern pattern) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher secret = SECRET.matcher(line);
            if (secret.find()) {
                administratorsToken = Optional.of(secret.group());
            }
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return Integer.parseInt(matcher.group(1));
            }
        }
        throw new AssertionError("the node ended before it said where it listens");
    }

    private int push(Path storescu, Path folder) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-aec", "WALNUT", "127.0.0.1", Integer.toString(dicomPort)));
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.toString().endsWith(".dcm"))
                    .map(Path::toString)
                    .forEach(arguments::add);
        }
        return run(storescu, arguments.toArray(String[]::new));
    }

    private int run(Path program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("peer.log").toFile())
                .start()
                .waitFor();
    }

    private JsonNode awaitCase(String state) throws Exception {
        for (int attempt = 0; attempt < 240; attempt++) {
            JsonNode first = json(get("/api/v1/cases")).at("/cases/0");
            if (first.path("state").asText().equals(state)) {
                return first;
            }
            Thread.sleep(500);
        }
        throw new AssertionError(
                "no case became " + state + ": " + get("/api/v1/cases").body());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String contentType, String body)
            throws IOException, InterruptedException {
        return http.send(
                request(path)
                        .header("content-type", contentType)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofMinutes(2));
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isLessThan(300);
        return JSON.readTree(response.body());
    }
}
