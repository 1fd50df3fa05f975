package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import walnut.models.passport.PackageWriter;
import walnut.server.pipeline.TinyModels;

/**
 * Every bad package, one by one, through {@code walnut model validate}: exit 3, a stable code, and for each failure one
 * sentence whose second half, behind a semicolon, is what to do. {@code predict} refuses the same package with the same code.
 */
class BadPackagesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One for all: the shared libraries in it are loaded once in a process. */
    @TempDir
    static Path dataDir;

    @TempDir
    Path scratch;

    private Path good;

    @BeforeEach
    void aGoodPackage() throws IOException {
        good = TinyModels.of(scratch.resolve("good"), "tiny");
    }

    /** What may be wrong with a package before its graph is looked at. */
    enum Spoilt {
        CLIMBS_OUT("MODEL_PACKAGE_INVALID", "'../evil.onnx', which may climb out") {
            @Override
            Path from(Path good, Path folder) throws IOException {
                return zip(good, folder, "../evil.onnx", 1);
            }
        },
        ZIP_BOMB("MODEL_DIGEST_MISMATCH", "is longer than the 762 bytes") {
            @Override
            Path from(Path good, Path folder) throws IOException {
                Files.delete(good.resolve("detector.onnx"));
                return zip(good, folder, "detector.onnx", 64 << 20);
            }
        },
        PASSPORT_OF_ANOTHER_FILE("MODEL_DIGEST_MISMATCH", "its passport states") {
            @Override
            Path from(Path good, Path folder) throws IOException {
                Path other = TinyModels.of(folder.resolve("other"), "tiny_other_opset");
                Files.copy(good.resolve("passport.json"), folder.resolve("passport.json"));
                Files.copy(other.resolve("detector.onnx"), folder.resolve("detector.onnx"));
                try (Stream<Path> files = Files.list(other)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(other);
                return folder;
            }
        },
        ANOTHER_SHAPE_IN_THE_PASSPORT("MODEL_PACKAGE_INVALID", "but its channels and grid make") {
            @Override
            Path from(Path good, Path folder) throws IOException {
                ObjectNode passport = PackageWriter.passportOf(good);
                ((ArrayNode) passport.at("/inputs/0/shape"))
                        .set(4, JSON.getNodeFactory().numberNode(9));
                JSON.writeValue(good.resolve("passport.json").toFile(), passport);
                return good;
            }
        },
        NO_JSON("MODEL_PACKAGE_INVALID", "is not valid JSON at line 1") {
            @Override
            Path from(Path good, Path folder) throws IOException {
                Files.writeString(good.resolve("passport.json"), "{passport");
                return good;
            }
        },
        NO_ZIP("MODEL_PACKAGE_INVALID", "is not a readable zip") {
            @Override
            Path from(Path good, Path folder) throws IOException {
                return Files.writeString(folder.resolve("model.zip"), "PK, but no zip");
            }
        };

        private final String code;
        private final String said;

        Spoilt(String code, String said) {
            this.code = code;
            this.said = said;
        }

        /** @param folder empty */
        abstract Path from(Path good, Path folder) throws IOException;

        /** The good package and an entry of so many zeros. */
        private static Path zip(Path good, Path folder, String entry, int zeros) throws IOException {
            Path zip = folder.resolve("model.zip");
            try (OutputStream out = Files.newOutputStream(zip);
                    ZipOutputStream entries = new ZipOutputStream(out)) {
                try (Stream<Path> files = Files.list(good)) {
                    for (Path file : files.toList()) {
                        entries.putNextEntry(new ZipEntry(file.getFileName().toString()));
                        Files.copy(file, entries);
                    }
                }
                entries.putNextEntry(new ZipEntry(entry));
                entries.write(new byte[zeros]);
            }
            return zip;
        }
    }

    @ParameterizedTest
    @EnumSource(Spoilt.class)
    void a_spoilt_package_is_refused_with_what_to_do(Spoilt spoilt) throws IOException {
        Path bad = spoilt.from(good, Files.createDirectory(scratch.resolve("bad")));

        assertRefused(bad, spoilt.code, spoilt.said);
        assertThat(scratch.resolve("evil.onnx")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "tiny_other_shape, MODEL_IO_MISMATCH, 'shape [1, 3, 4, 6, 6]'",
        "tiny_custom_operator, MODEL_IO_MISMATCH, com.example",
        "tiny_nan_weight, MODEL_PACKAGE_INVALID, hold NaN",
        "tiny_external_data, MODEL_PACKAGE_INVALID, its weights lie in another file",
        "tiny_other_opset, MODEL_IO_MISMATCH, operator set 16"
    })
    void a_graph_that_is_not_the_passports_is_refused_with_what_to_do(String graph, String code, String said)
            throws IOException {
        assertRefused(TinyModels.of(scratch.resolve("bad"), graph), code, said);
    }

    @Test
    void a_good_package_is_valid_after_all_that() throws IOException {
        a_spoilt_package_is_refused_with_what_to_do(Spoilt.CLIMBS_OUT);

        assertThat(run("model", "validate", good.toString()).at("/valid").asBoolean())
                .isTrue();
    }

    private void assertRefused(Path bad, String code, String said) throws IOException {
        JsonNode validated = run("model", "validate", bad.toString());
        assertThat(validated.at("/exit").asInt()).isEqualTo(ExitCode.REFUSED);
        assertThat(validated.at("/valid").asBoolean(true)).isFalse();
        assertThat(validated.at("/problems")).isNotEmpty().allSatisfy(problem -> assertThat(
                        problem.at("/detail").asText())
                .as("one sentence, what is wrong; what to do")
                .matches("(?s).+; .+\\.")
                .doesNotContainPattern("\\. [A-Z]"));
        assertThat(validated.at("/problems/0/code").asText()).isEqualTo(code);
        assertThat(validated.at("/problems/0/detail").asText()).contains(said);

        JsonNode predicted = run("predict", scratch.toString(), "--model", bad.toString());
        assertThat(predicted.at("/exit").asInt()).isEqualTo(ExitCode.REFUSED);
        assertThat(predicted.at("/error/code").asText()).isEqualTo(code);
    }

    /** The one JSON document that the command printed, and its exit code as {@code exit}. */
    private JsonNode run(String... arguments) throws IOException {
        StringWriter out = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(new StringWriter(), true));
        int exit =
                line.execute(Stream.concat(Stream.of(arguments), Stream.of("--json", "--data-dir", dataDir.toString()))
                        .toArray(String[]::new));
        return ((ObjectNode) JSON.readTree(out.toString())).put("exit", exit);
    }
}
