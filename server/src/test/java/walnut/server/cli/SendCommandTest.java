package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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

    @Test
    void sends_a_folder_and_says_what_became_of_each_file() throws Exception {
        Path sent = directory.resolve("sent");
        MrInstances.files(sent.resolve("series"), 3, 1000);
        Files.writeString(sent.resolve("truth.csv"), "patientId\n");
        InMemoryInstanceIndex index = new InMemoryInstanceIndex();
        Vertx vertx = Vertx.vertx();
        InstanceStore store = InstanceStore.open(
                directory.resolve("data"),
                index,
                new InstanceListener() {},
                new StoreConfig(2, 64, 1 << 20, 0),
                Clock.systemUTC());
        DimseServer server = DimseServer.create(
                vertx, DimseServerConfig.defaults().withPort(0), store, new DimseServerListener() {});
        server.start().toCompletionStage().toCompletableFuture().get();
        try {
            String to = "WALNUT@127.0.0.1:" + server.port();
            assertThat(walnut("send", sent.toString(), "--to", to, "--json")).isEqualTo(ExitCode.DONE);
            JsonNode document = new ObjectMapper().readTree(out.toString());
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(Files.readString(SCHEMA))
                            .validate(document))
                    .isEmpty();
            assertThat(document.get("delivered").asInt()).isEqualTo(3);
            assertThat(document.get("notDicom").asInt()).isEqualTo(1);
            assertThat(document.at("/instances/0/status").asText()).isEqualTo("0000H");
            assertThat(index.all()).hasSize(3);

            assertThat(walnut("send", sent.toString(), "--to", "OTHER@127.0.0.1:" + server.port()))
                    .isEqualTo(ExitCode.FAILED);
            assertThat(err.toString()).contains("ASSOCIATION_REJECTED").contains("called AE title not recognized");
        } finally {
            server.stop().toCompletionStage().toCompletableFuture().get();
            store.close();
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
    }

    @Test
    void a_destination_or_folder_that_cannot_be_is_a_mistake_of_usage() {
        assertThat(walnut("send", directory.toString(), "--to", "WALNUT:104")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("AET@host:port");
        assertThat(walnut("send", directory.resolve("absent").toString(), "--to", "A@127.0.0.1:104"))
                .isEqualTo(ExitCode.USAGE);
    }
}
