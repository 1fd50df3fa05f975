package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import walnut.testing.SharedData;

class MetricsCommandTest {
    private static final Path GOLDEN = Path.of("../monitoring/src/test/resources/golden");
    private static final Path SCHEMAS = Path.of("../docs/schemas");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int walnut(String... args) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }

    @Test
    void verify_prints_a_line_per_file_and_ends_with_totals() {
        assertThat(walnut("metrics", "verify", GOLDEN.toString())).isEqualTo(ExitCode.DONE);
        assertThat(out.toString().lines())
                .anySatisfy(line -> assertThat(line).startsWith("auroc.json").contains("passed", "failed   0"))
                .last()
                .asString()
                .startsWith("total: 33 files, 328 cases, 328 passed, 0 failed");
    }

    @Test
    void verify_fails_on_a_value_that_is_off_and_names_it(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("auroc.json"), """
                {"stat": "auroc", "default_tolerance": {"abs": 1e-12, "rel": 1e-10}, "cases": [
                  {"id": "right", "inputs": {"y_true": [0, 1], "score": [0.1, 0.9]}, "params": {}, "expected": {"auroc": 1.0}},
                  {"id": "wrong", "inputs": {"y_true": [0, 1], "score": [0.1, 0.9]}, "params": {}, "expected": {"auroc": 0.5}},
                  {"id": "undefined", "inputs": {"y_true": [1], "score": [0.1]}, "params": {}, "expected": {"auroc": 0.5}}]}
                """);
        assertThat(walnut("metrics", "verify", "--json", directory.toString())).isEqualTo(ExitCode.FAILED);
        JsonNode document = valid("metrics-verify.schema.json");
        assertThat(document.get("passed").asInt()).isEqualTo(1);
        assertThat(document.get("failed").asInt()).isEqualTo(2);
        assertThat(document.at("/files/0/failures").findValuesAsText("case")).containsExactly("wrong", "undefined");
        assertThat(document.at("/files/0/worstDifference").asDouble()).isEqualTo(0.5);
    }

    @Test
    void verify_refuses_a_directory_without_vectors(@TempDir Path directory) {
        assertThat(walnut("metrics", "verify", directory.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("INVALID_ARGUMENT", "no golden files");
    }

    @Test
    void picai_reproduces_the_numbers_of_picai_eval() throws IOException {
        Path maps = SharedData.require("data/picai_eval/test-maps");
        Path expected = SharedData.require("data/picai_eval/output-expected/metrics-expected.json");
        assertThat(walnut("metrics", "picai", "--json", maps.toString())).isEqualTo(ExitCode.DONE);
        JsonNode document = valid("metrics-picai.schema.json");
        JsonNode want = JSON.readTree(expected.toFile());
        assertThat(document.get("auroc").asDouble()).isEqualTo(want.get("auroc").asDouble());
        assertThat(document.get("averagePrecision").asDouble())
                .isCloseTo(want.get("AP").asDouble(), within(1e-12))
                .isCloseTo(5.0 / 18, within(1e-12));
        assertThat(document.get("cases").asInt())
                .isEqualTo(want.get("num_cases").asInt());
        assertThat(document.get("lesions").asInt())
                .isEqualTo(want.get("num_lesions").asInt());
        assertThat(document.get("truePositives").asInt()).isEqualTo(5);
        assertThat(document.get("falsePositives").asInt()).isEqualTo(4);
        assertThat(document.get("falseNegatives").asInt()).isEqualTo(5);
        want.get("lesion_results").properties().forEach(one -> {
            JsonNode got = document.get("lesionResults").get(one.getKey());
            assertThat(got).as(one.getKey()).hasSameSizeAs(one.getValue());
            for (int i = 0; i < got.size(); i++) {
                JsonNode row = one.getValue().get(i);
                assertThat(got.get(i).get("lesion").asBoolean())
                        .isEqualTo(row.get(0).asInt() == 1);
                assertThat(got.get(i).get("confidence").asDouble())
                        .isEqualTo(row.get(1).asDouble());
                assertThat(got.get(i).get("overlap").asDouble())
                        .isCloseTo(row.get(2).asDouble(), within(1e-9));
            }
        });
        // The two real thresholds of the maps: 1 of 10 and 4 of 10 false positives per case.
        assertThat(document.at("/froc/0/falsePositivesPerCase").asDouble()).isEqualTo(0.1);
        assertThat(document.at("/froc/0/sensitivity").asDouble()).isZero();
        assertThat(document.at("/froc/1/falsePositivesPerCase").asDouble()).isEqualTo(0.4);
        assertThat(document.at("/froc/1/sensitivity").asDouble()).isEqualTo(0.5);
    }

    @Test
    void picai_finds_the_maps_in_the_one_directory_below_that_has_them() throws IOException {
        Path folder = SharedData.require("data/picai_eval");
        assertThat(walnut("metrics", "picai", "--json", folder.toString())).isEqualTo(ExitCode.DONE);
        JsonNode found = valid("metrics-picai.schema.json");
        out.getBuffer().setLength(0);
        assertThat(walnut(
                        "metrics",
                        "picai",
                        "--json",
                        folder.resolve("test-maps").toString()))
                .isEqualTo(ExitCode.DONE);
        assertThat(found).isEqualTo(valid("metrics-picai.schema.json"));
    }

    @Test
    void picai_refuses_to_guess_between_two_directories_of_maps(@TempDir Path directory) throws IOException {
        for (String name : List.of("first", "second")) {
            Files.createDirectories(directory.resolve(name));
            Files.createFile(directory.resolve(name).resolve("a_detection_map.nii.gz"));
        }
        assertThat(walnut("metrics", "picai", directory.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("INVALID_ARGUMENT", "first", "second");
    }

    @Test
    void picai_says_that_no_maps_are_there(@TempDir Path directory) {
        assertThat(walnut("metrics", "picai", directory.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("INVALID_ARGUMENT", "directly below");
    }

    @Test
    void picai_names_the_label_that_is_missing(@TempDir Path directory) throws IOException {
        Path maps = SharedData.require("data/picai_eval/test-maps");
        Files.copy(maps.resolve("case-4_detection_map.nii.gz"), directory.resolve("case-4_detection_map.nii.gz"));
        assertThat(walnut("metrics", "picai", directory.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("case-4_label.nii.gz");
    }

    private JsonNode valid(String schema) throws IOException {
        JsonNode document = JSON.readTree(out.toString());
        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(JSON.readTree(SCHEMAS.resolve(schema).toFile()))
                        .validate(document))
                .isEmpty();
        return document;
    }
}
