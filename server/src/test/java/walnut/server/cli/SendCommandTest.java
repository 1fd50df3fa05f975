package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import walnut.dicom.net.scp.DimseServer;
import walnut.dicom.net.scp.DimseServerConfig;
import walnut.dicom.net.scp.DimseServerListener;
import walnut.store.InstanceListener;
import walnut.store.InstanceStore;
import walnut.store.StoreConfig;
import walnut.testing.InMemoryInstanceIndex;
import walnut.testing.MrInstances;

class SendCommandTest {
    private static final Path SCHEMA = Path.of("../docs/schemas/send.schema.json");

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int walnut(String... args) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }

    /** A node with a store behind it, on a free port. */
    private final class Node implements AutoCloseable {
        final InMemoryInstanceIndex index = new InMemoryInstanceIndex();
        private final Vertx vertx = Vertx.vertx();
        private final InstanceStore store;
        private final DimseServer server;

        Node() throws Exception {
            store = InstanceStore.open(
                    directory.resolve("data"),
                    index,
                    new InstanceListener() {},
                    new StoreConfig(2, 1 << 20, 0),
                    Clock.systemUTC());
            server = DimseServer.create(
                    vertx, DimseServerConfig.defaults().withPort(0), store, new DimseServerListener() {});
            server.start().toCompletionStage().toCompletableFuture().get();
        }

        String address(String aeTitle) {
            return aeTitle + "@127.0.0.1:" + server.port();
        }

        @Override
        public void close() throws Exception {
            server.stop().toCompletionStage().toCompletableFuture().get();
            store.close();
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
    }

    /** Stdout as the one document it must be, held against its schema. */
    private JsonNode document() throws IOException {
        JsonNode document = new ObjectMapper().readTree(out.toString());
        out.getBuffer().setLength(0);
        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(Files.readString(SCHEMA))
                        .validate(document))
                .isEmpty();
        return document;
    }

    @Test
    void sends_a_folder_and_says_what_became_of_each_file() throws Exception {
        Path sent = directory.resolve("sent");
        MrInstances.files(sent.resolve("series"), 3, 1000);
        Files.writeString(sent.resolve("truth.csv"), "patientId\n");
        Files.createSymbolicLink(sent.resolve("loop"), sent);
        try (Node node = new Node()) {
            assertThat(walnut("send", sent.toString(), "--to", node.address("WALNUT"), "--json"))
                    .isEqualTo(ExitCode.DONE);
            JsonNode document = document();
            assertThat(document.get("delivered").asInt()).isEqualTo(3);
            assertThat(document.get("notDicom").asInt()).isEqualTo(1);
            assertThat(document.at("/instances/0/status").asText()).isEqualTo("0000H");
            assertThat(node.index.all()).hasSize(3);

            assertThat(walnut("send", sent.toString(), "--to", node.address("OTHER"), "--json"))
                    .isEqualTo(ExitCode.FAILED);
            assertThat(document().at("/error/code").asText()).isEqualTo("ASSOCIATION_REJECTED");
            assertThat(err.toString()).contains("ASSOCIATION_REJECTED").contains("called AE title not recognized");
        }
    }

    @Test
    void what_the_log_of_an_earlier_run_holds_is_not_sent_again_unless_it_changed() throws Exception {
        Path sent = directory.resolve("sent");
        List<Path> files = MrInstances.files(sent, 3, 1000);
        String log = directory.resolve("sent.log").toString();
        try (Node node = new Node()) {
            String to = node.address("WALNUT");
            Path held = Files.move(files.get(2), directory.resolve("held.dcm"));
            assertThat(walnut("send", sent.toString(), "--to", to, "--resume", log))
                    .isZero();
            Files.move(held, files.get(2));
            assertThat(walnut("send", sent.toString(), "--to", to, "--resume", log, "--json"))
                    .isZero();
            JsonNode second = document();
            assertThat(second.get("delivered").asInt()).isEqualTo(1);
            assertThat(second.get("deliveredBefore").asInt()).isEqualTo(2);
            assertThat(second.at("/instances/0/file").asText())
                    .isEqualTo(files.get(2).toString());
            Files.setLastModifiedTime(files.get(0), FileTime.fromMillis(1_000));
            assertThat(walnut("send", sent.toString(), "--to", to, "--resume", log, "--json"))
                    .isZero();
            assertThat(document().get("delivered").asInt()).isEqualTo(1);
            assertThat(walnut("send", sent.toString(), "--to", node.address("OTHER"), "--resume", log))
                    .isEqualTo(ExitCode.USAGE);
        }
    }

    /** Damaged files and one that cannot be read are named with their codes; the whole ones arrive. */
    @Test
    void one_bad_file_harms_no_other() throws Exception {
        Path sent = directory.resolve("sent");
        List<Path> files = MrInstances.files(sent, 2, 1000);
        byte[] whole = Files.readAllBytes(files.get(0));
        Files.write(sent.resolve("cut.dcm"), Arrays.copyOf(whole, 300));
        Files.createSymbolicLink(sent.resolve("unreadable.dcm"), Path.of("/proc/self/mem"));
        try (Node node = new Node()) {
            assertThat(walnut("send", sent.toString(), "--to", node.address("WALNUT"), "--json"))
                    .isEqualTo(ExitCode.FAILED);
            JsonNode document = document();
            assertThat(document.get("delivered").asInt()).isEqualTo(2);
            assertThat(document.get("failed").asInt()).isEqualTo(2);
            assertThat(document.findValuesAsText("failure")).contains("TRUNCATED", "FILE_UNREADABLE");
            assertThat(node.index.all()).hasSize(2);
        }
    }

    @Test
    void nobody_at_the_other_end_is_one_sentence_with_its_code() throws Exception {
        MrInstances.files(directory.resolve("sent"), 1, 1000);
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        assertThat(walnut(
                        "send",
                        directory.resolve("sent").toString(),
                        "--to",
                        "WALNUT@127.0.0.1:" + nobody,
                        "--retries",
                        "0",
                        "--json"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(document().at("/error/code").asText()).isEqualTo("PEER_UNREACHABLE");
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void a_destination_or_folder_that_cannot_be_is_a_mistake_of_usage() throws IOException {
        assertThat(walnut("send", directory.toString(), "--to", "WALNUT:104")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("AET@host:port");
        assertThat(walnut("send", directory.resolve("absent").toString(), "--to", "A@127.0.0.1:104"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(walnut("send", directory.toString(), "--json")).isEqualTo(ExitCode.USAGE);
        assertThat(document().at("/error/code").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(err.toString()).contains("--to").contains("Try 'walnut send --help'.");
    }
}
