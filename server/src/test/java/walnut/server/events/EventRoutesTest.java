package walnut.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import walnut.server.api.Callers;
import walnut.server.api.CaseDetail;
import walnut.server.api.CaseFilter;
import walnut.server.api.CasePage;
import walnut.server.api.CaseQueries;
import walnut.server.api.CaseState;
import walnut.server.api.CaseSummary;
import walnut.server.api.PredictionRecord;
import walnut.server.api.Problem;

class EventRoutesTest {
    private static final int PATIENCE_SECONDS = 60;

    private final AtomicReference<List<CaseSummary>> newest =
            new AtomicReference<>(List.of(CaseFeedTest.summary("a", CaseState.QUEUED, 1)));
    private final Vertx vertx = Vertx.vertx();

    private final AtomicBoolean mayStill = new AtomicBoolean(true);

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void a_browser_is_told_to_ask_for_everything_and_then_what_changes_by_id_and_state_alone() throws Exception {
        Node node = start(settings(20, 60_000, 60_000, 4, 256));
        try (Listener listener = node.listen("")) {
            assertThat(listener.head())
                    .startsWith("HTTP/1.1 200")
                    .contains("text/event-stream")
                    .contains("no-store");
            assertThat(listener.next("event: ")).isEqualTo("event: resync");
            String before = listener.next("id: ");
            listener.next("event: resync");

            newest.set(List.of(CaseFeedTest.summary("a", CaseState.RUNNING, 1)));
            assertThat(listener.next("event: case")).isEqualTo("event: case");
            assertThat(listener.next("id: ")).isNotEqualTo(before);
            assertThat(listener.next("data: ")).isEqualTo("data: {\"caseId\":\"a\",\"state\":\"RUNNING\"}");
        }
    }

    @Test
    void whoever_comes_back_with_an_id_is_told_what_was_missed() throws Exception {
        Node node = start(settings(20, 60_000, 60_000, 4, 256));
        String id;
        try (Listener listener = node.listen("")) {
            listener.next("event: resync");
            listener.next("event: resync");
            newest.set(List.of(CaseFeedTest.summary("a", CaseState.RUNNING, 1)));
            listener.next("event: case");
            id = listener.next("id: ").substring(4);
            newest.set(List.of(CaseFeedTest.summary("a", CaseState.COMPLETED, 1)));
            listener.next("data: {\"caseId\":\"a\",\"state\":\"COMPLETED\"}");
        }
        try (Listener again = node.listen("Last-Event-ID: " + id + "\r\n")) {
            assertThat(again.next("event: ")).isEqualTo("event: case");
            assertThat(again.next("data: ")).contains("COMPLETED");
        }
        try (Listener other = node.listen("Last-Event-ID: another-process-7\r\n")) {
            assertThat(other.next("event: ")).isEqualTo("event: resync");
        }
    }

    @Test
    void one_listener_too_many_is_busy_and_room_is_made_when_one_goes() throws Exception {
        Node node = start(settings(20, 50, 60_000, 2, 256));
        try (Listener first = node.listen("");
                Listener second = node.listen("")) {
            first.next("event: resync");
            second.next("event: resync");
            try (Listener third = node.listen("")) {
                assertThat(third.head()).startsWith("HTTP/1.1 503").contains("Retry-After: 10");
                assertThat(third.next("{")).contains("\"code\":\"BUSY\"");
            }
        }
        eventually(() -> node.routes.listening() == 0);
        try (Listener fourth = node.listen("")) {
            assertThat(fourth.head()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void a_browser_that_does_not_read_is_cut_and_holds_nobody_up() throws Exception {
        Node node = start(settings(5, 60_000, 60_000, 4, 256));
        try (Socket deaf = new Socket();
                Listener listener = node.listen("")) {
            deaf.setReceiveBufferSize(2048);
            deaf.connect(new InetSocketAddress("127.0.0.1", node.server.actualPort()));
            deaf.getOutputStream()
                    .write("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            eventually(() -> node.routes.listening() == 2);

            int[] round = {0};
            eventually(() -> {
                round[0]++;
                newest.set(IntStream.range(0, 200)
                        .mapToObj(number -> CaseFeedTest.summary("case-" + number, CaseState.ASSEMBLING, round[0]))
                        .toList());
                // The one that reads must go on reading, or it would be as deaf.
                listener.drain();
                return node.routes.listening() == 1;
            });
            listener.drain();
            newest.set(List.of(CaseFeedTest.summary("case-0", CaseState.COMPLETED, -1)));
            assertThat(listener.next("data: {\"caseId\":\"case-0\",\"state\":\"COMPLETED\"}"))
                    .isNotEmpty();
        }
    }

    @Test
    void a_heartbeat_keeps_the_connection_and_a_stream_ends_after_its_lifetime() throws Exception {
        Node node = start(settings(20, 30, 400, 4, 256));
        try (Listener listener = node.listen("")) {
            assertThat(listener.next(": ")).isEqualTo(": still here");
            assertThat(listener.readToEnd()).isTrue();
        }
        eventually(() -> node.routes.listening() == 0);
    }

    @Test
    void a_stream_ends_when_its_caller_would_not_be_let_in_any_more_and_the_others_go_on() throws Exception {
        Node node = start(settings(20, 60_000, 600_000, 4, 256));
        try (Listener listener = node.listen("")) {
            listener.next("event: resync");
            mayStill.set(false);
            assertThat(listener.readToEnd()).isTrue();
        }
        eventually(() -> node.routes.listening() == 0);
        mayStill.set(true);
        try (Listener again = node.listen("")) {
            newest.set(List.of(CaseFeedTest.summary("a", CaseState.RUNNING, 1)));
            assertThat(again.next("event: case")).isNotEmpty();
        }
    }

    @Test
    void shutting_down_ends_every_stream() throws Exception {
        Node node = start(settings(20, 60_000, 60_000, 4, 256));
        try (Listener listener = node.listen("")) {
            listener.next("event: resync");
            await(node.server.close());
            assertThat(listener.readToEnd()).isTrue();
        }
    }

    private record Node(HttpServer server, EventRoutes routes) {
        Listener listen(String header) throws IOException {
            return new Listener(server.actualPort(), header);
        }
    }

    private Node start(EventRoutes.Settings settings) throws Exception {
        EventRoutes routes = new EventRoutes(vertx, new Newest(), "epoch", settings);
        Router router = Router.router(vertx);
        router.route().handler(exchange -> {
            Callers.mayStill(exchange, mayStill::get);
            exchange.next();
        });
        routes.mount(router);
        router.route().failureHandler(context -> Problem.of(context).send(context));
        HttpServer server = vertx.createHttpServer().requestHandler(router);
        await(server.listen(0, "127.0.0.1"));
        return new Node(server, routes);
    }

    private static EventRoutes.Settings settings(
            int lookMs, int heartbeatMs, int lifetimeMs, int mostStreams, int mostPending) {
        return new EventRoutes.Settings(
                Duration.ofMillis(lookMs),
                Duration.ofMillis(heartbeatMs),
                Duration.ofMillis(lifetimeMs),
                Duration.ofMillis(20),
                mostStreams,
                mostPending,
                200);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void eventually(Condition condition) throws Exception {
        for (int attempt = 0; attempt < PATIENCE_SECONDS * 50; attempt++) {
            if (condition.holds()) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("never came true");
    }

    /** A connection that listens, as plain HTTP. */
    private static final class Listener implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;
        private final String head;

        Listener(int port, String header) throws IOException {
            socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(PATIENCE_SECONDS * 1000);
            OutputStream request = socket.getOutputStream();
            request.write(("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            request.flush();
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            StringBuilder read = new StringBuilder();
            for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                read.append(line).append('\n');
            }
            head = read.toString();
        }

        String head() {
            return head;
        }

        /** The next line that begins so; chunk sizes and others are passed over. */
        String next(String beginning) throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(beginning)) {
                    return line;
                }
            }
            throw new AssertionError("the stream ended before '" + beginning + "'");
        }

        void drain() throws IOException {
            while (lines.ready()) {
                lines.readLine();
            }
        }

        boolean readToEnd() throws IOException {
            while (lines.readLine() != null) {
                // until the node ends it
            }
            return true;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private final class Newest implements CaseQueries {
        @Override
        public CasePage cases(CaseFilter filter) {
            return new CasePage(newest.get(), null);
        }

        @Override
        public Map<CaseState, Long> countByState() {
            return Map.of();
        }

        @Override
        public Optional<CaseDetail> caseById(String caseId) {
            return Optional.empty();
        }

        @Override
        public Optional<PredictionRecord> predictionById(String predictionId) {
            return Optional.empty();
        }
    }
}
