package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PhantomCommandTest {
    private static final Path SCHEMA = Path.of("../docs/schemas/phantom.schema.json");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int walnut(String... args) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }

    @Test
    void writes_a_study_and_its_truth_and_says_so_as_its_schema_promises(@TempDir Path directory) throws IOException {
        assertThat(walnut(
                        "phantom",
                        "--patients",
                        "1",
                        "--seed",
                        "910000",
                        "--dialect",
                        "SYNTH-A",
                        "--out",
                        directory.toString(),
                        "--json"))
                .isEqualTo(ExitCode.DONE);
        JsonNode document = new ObjectMapper().readTree(out.toString());
        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(Files.readString(SCHEMA))
                        .validate(document))
                .isEmpty();
        assertThat(document.at("/studies/0/patientId").asText()).isEqualTo("PHANTOM-910000");
        assertThat(err.toString()).contains("1/1 PHANTOM-910000, 120 files");
        assertThat(directory.resolve("truth.csv")).content().contains("PHANTOM-910000,2.25.");
        assertThat(directory.resolve("truth/PHANTOM-910000/lesions.nii.gz")).exists();
        try (Stream<Path> files = Files.walk(directory.resolve("PHANTOM-910000"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".dcm"))).hasSize(120);
        }
    }

    @Test
    void refuses_no_patients_as_a_mistake_of_usage(@TempDir Path directory) {
        assertThat(walnut("phantom", "--patients", "0", "--out", directory.toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("at least 1");
    }
}
