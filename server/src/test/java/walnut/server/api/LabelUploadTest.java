package walnut.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Labels as a file of any length, over HTTP. */
class LabelUploadTest {
    private static final String HEADER = "study_instance_uid,kind,isup,sampled_on\n";
    private static final int PATIENCE_SECONDS = 300;

    private final Vertx vertx = Vertx.vertx();
    private final Counted counted = new Counted();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void ten_bad_rows_in_a_million_are_named_by_line_and_code_and_the_others_are_kept_a_batch_at_a_time()
            throws Exception {
        int rows = 1_000_000;
        int everyBad = rows / 10;
        Enumeration<InputStream> pieces = Collections.enumeration(IntStream.range(0, rows / 1000)
                .<InputStream>mapToObj(piece -> new LazyRows(piece * 1000, everyBad))
                .toList());

        JsonNode answer = send(new SequenceInputStream(
                new ByteArrayInputStream(HEADER.getBytes(StandardCharsets.UTF_8)), new SequenceInputStream(pieces)));

        assertThat(answer.path("accepted").asInt()).isEqualTo(rows - 10);
        assertThat(answer.path("rejectedCount").asInt()).isEqualTo(10);
        assertThat(answer.path("rejected").findValuesAsText("code")).hasSize(10).containsOnly("LABEL_INVALID");
        assertThat(answer.path("rejected").findValuesAsText("line"))
                .as("the header is line 1, so row 0 of the file is line 2")
                .containsExactlyElementsOf(IntStream.range(0, 10)
                        .mapToObj(bad -> Integer.toString(bad * everyBad + 2))
                        .toList());
        assertThat(counted.largestBatch.get())
                .as("rows held at once: a batch, and what one packet adds")
                .isLessThan(LabelUpload.BATCH + 4000);
    }

    @Test
    void a_character_that_a_packet_cuts_in_two_is_read_whole() throws Exception {
        String rows = HEADER.replace("\n", ",source\n") + "2.25.1,READER,2,2026-01-01,Klinikum Süd\n";
        byte[] bytes = rows.getBytes(StandardCharsets.UTF_8);
        int cut = rows.indexOf('ü') + 1;
        HttpServer server = start();
        try (java.net.Socket socket = new java.net.Socket("127.0.0.1", server.actualPort())) {
            socket.setSoTimeout(PATIENCE_SECONDS * 1000);
            socket.getOutputStream()
                    .write(("POST /api/v1/labels HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                    + "Content-Type: text/csv\r\nContent-Length: " + bytes.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(bytes, 0, cut);
            socket.getOutputStream().flush();
            Thread.sleep(200);
            socket.getOutputStream().write(bytes, cut, bytes.length - cut);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("\"accepted\":1");
        }
        assertThat(counted.lastSource).isEqualTo("Klinikum Süd");
    }

    private JsonNode send(InputStream body) throws Exception {
        HttpServer server = start();
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + "/api/v1/labels"))
                                .header("Content-Type", "text/csv")
                                .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
                                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body());
    }

    private HttpServer start() throws Exception {
        Router router = Router.router(vertx);
        new LabelRoutes(counted, new WorkerAnswers(vertx.createSharedWorkerExecutor("labels", 2))).mount(router);
        return vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** A thousand rows, written when they are read; every so many of all is bad. */
    private static final class LazyRows extends InputStream {
        private final int first;
        private final int everyBad;
        private @Nullable InputStream rows;

        LazyRows(int first, int everyBad) {
            this.first = first;
            this.everyBad = everyBad;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("read in pieces");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws java.io.IOException {
            if (rows == null) {
                StringBuilder text = new StringBuilder();
                for (int row = first; row < first + 1000; row++) {
                    text.append("2.25.").append(row).append(",BIOPSY_TARGETED,");
                    text.append(row % everyBad == 0 ? 9 : row % 6).append(",2026-01-01\n");
                }
                rows = new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8));
            }
            return rows.read(bytes, offset, length);
        }
    }

    private static final class Counted implements LabelIntake {
        private final AtomicInteger largestBatch = new AtomicInteger();
        private volatile @Nullable String lastSource;

        @Override
        public LabelReceipt receive(List<LabelSubmission> labels) {
            largestBatch.accumulateAndGet(labels.size(), Math::max);
            lastSource = labels.get(labels.size() - 1).source();
            return new LabelReceipt(labels.size(), 0, labels.size(), 0, List.of());
        }

        @Override
        public LabelPage labels(@Nullable String caseId, @Nullable String before, int limit) {
            return new LabelPage(List.of(), null);
        }
    }
}
