package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import walnut.server.FolderCopy;
import walnut.testing.SharedData;

/** {@code walnut model} and {@code walnut preprocess} through the command line, JSON held against docs/schemas. */
class ModelCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");

    @TempDir
    Path scratch;

    private final StringWriter stdout = new StringWriter();
    private final StringWriter stderr = new StringWriter();

    @Test
    void lists_the_shipped_detector() throws IOException {
        assertThat(run("model", "list", "--json", "--data-dir", scratch.toString()))
                .isEqualTo(ExitCode.DONE);

        JsonNode document = document("model");
        assertThat(document.at("/models/0/id").asText()).isEqualTo("walnut-phantom-detector");
        assertThat(scratch.resolve("models")
                        .resolve(document.at("/models/0/digest").asText()))
                .isDirectory();
    }

    @Test
    void shows_a_passport() throws IOException {
        assertThat(run("model", "show", DETECTOR.toString(), "--json", "--data-dir", scratch.toString()))
                .isEqualTo(ExitCode.DONE);

        assertThat(document("model").at("/passport/scoreKind").asText()).isEqualTo("SYNTHETIC");
    }

    @Test
    void tests_the_shipped_detector_on_this_machine() throws IOException {
        assertThat(run("model", "test", "walnut-phantom-detector", "--json", "--data-dir", scratch.toString()))
                .as(stderr.toString())
                .isEqualTo(ExitCode.DONE);

        JsonNode document = document("model");
        assertThat(document.get("verdict").asText()).isIn("BITWISE", "WITHIN_TOLERANCE");
        assertThat(document.at("/runtime/ort").asText()).isEqualTo("1.29.0");
    }

    @Test
    void refuses_a_damaged_package_in_one_sentence_each() throws IOException {
        Path damaged = FolderCopy.of(DETECTOR, scratch.resolve("copy"));
        Files.write(damaged.resolve("detector.onnx"), new byte[] {1});
        Files.writeString(damaged.resolve("extra.txt"), "x");

        assertThat(run("model", "validate", damaged.toString(), "--json", "--data-dir", scratch.toString()))
                .isEqualTo(ExitCode.REFUSED);

        JsonNode document = document("model");
        assertThat(document.get("valid").asBoolean()).isFalse();
        assertThat(document.get("problems")).hasSize(2);
        assertThat(document.get("problems").toString()).contains("MODEL_DIGEST_MISMATCH", "extra.txt");
    }

    @Test
    void an_unknown_model_is_one_json_document_too() throws IOException {
        assertThat(run("model", "show", "nobody", "--json", "--data-dir", scratch.toString()))
                .isEqualTo(ExitCode.FAILED);

        assertThat(document("model").at("/error/code").asText()).isEqualTo("MODEL_NOT_FOUND");
    }

    @Test
    void preprocesses_a_phantom_twice_to_the_same_bytes() throws IOException {
        Path phantoms = scratch.resolve("phantoms");
        assertThat(run("phantom", "--patients", "1", "--seed", "910000", "--out", phantoms.toString()))
                .isEqualTo(ExitCode.DONE);
        for (String out : new String[] {"a", "b"}) {
            assertThat(run(
                            "preprocess",
                            phantoms.toString(),
                            "--model",
                            DETECTOR.toString(),
                            "--out",
                            scratch.resolve(out).toString(),
                            "--json"))
                    .as(stderr.toString())
                    .isEqualTo(ExitCode.DONE);
        }

        JsonNode document = document("preprocess");
        assertThat(document.at("/studies/0/tensors/bpmri").asText()).matches("[0-9a-f]{64}");
        assertThat(scratch.resolve("a/bpmri.npy"))
                .hasSameBinaryContentAs(scratch.resolve("b/bpmri.npy"))
                .hasSize(128 + 4L * 3 * 20 * 96 * 96);
    }

    @Test
    void preprocesses_the_real_study_and_names_what_is_missing_elsewhere() throws IOException {
        Path real = SharedData.prostateX0000();
        assertThat(run(
                        "preprocess",
                        real.toString(),
                        "--model",
                        DETECTOR.toString(),
                        "--out",
                        scratch.resolve("real").toString(),
                        "--json"))
                .as(stderr.toString())
                .isEqualTo(ExitCode.DONE);
        document("preprocess");
        assertThat(scratch.resolve("real/bpmri.npy")).exists();

        Path missing = SharedData.require("data/prostate-dicom/ProstateX-missing-slice");
        assertThat(run(
                        "preprocess",
                        missing.toString(),
                        "--model",
                        DETECTOR.toString(),
                        "--out",
                        scratch.resolve("missing").toString(),
                        "--json"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(document("preprocess").at("/studies/0/reasons")).isNotEmpty();
    }

    private int run(String... arguments) {
        stdout.getBuffer().setLength(0);
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(stdout, true));
        commandLine.setErr(new PrintWriter(stderr, true));
        return commandLine.execute(arguments);
    }

    private JsonNode document(String schema) throws IOException {
        JsonNode document = JSON.readTree(stdout.toString());
        try (InputStream stream = Files.newInputStream(Path.of("../docs/schemas/" + schema + ".schema.json"))) {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(stream)
                            .validate(document))
                    .as(document.toString())
                    .isEmpty();
        }
        return document;
    }
}
