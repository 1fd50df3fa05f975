package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.testing.SharedData;

/** {@code walnut predict} on a real study (PROSTATEx, never committed) and on what it must refuse. */
class PredictCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path scratch;

    @Test
    void completes_on_a_real_study_with_the_right_series_and_says_it_is_out_of_intended_use() throws Exception {
        Path out = scratch.resolve("out");
        WalnutJar.Result result =
                predict(SharedData.prostateX0000(), "--at", "25.7457,31.8707,-38.511", "--out", out.toString());
        JsonNode document = document(result);
        assertThat(result.exitCode()).isZero();
        assertThat(document.path("outcome").asText()).isEqualTo("COMPLETED");
        assertThat(document.at("/series/T2W/seriesNumber").asInt()).isEqualTo(4);
        assertThat(document.at("/series/ADC/seriesNumber").asInt()).isEqualTo(7);
        assertThat(document.at("/series/HBV/seriesNumber").asInt()).isEqualTo(8);
        assertThat(document.at("/series/HBV/bValue").asDouble()).isEqualTo(1000);
        assertThat(document.at("/series/HBV/source").asText()).isEqualTo("SCANNER_COMPUTED");
        assertThat(document.path("scoreKind").asText()).isEqualTo("SYNTHETIC");
        assertThat(document.path("warnings")).extracting(JsonNode::asText).contains("OUT_OF_INTENDED_USE");
        assertThat(document.at("/points/0/score").asDouble()).isBetween(0.0, 1.0);
        assertThat(document.path("gates"))
                .extracting(gate ->
                        gate.path("name").asText() + " " + gate.path("verdict").asText())
                .contains("BODY_REGION PASS", "CONTEXT_TREATMENT UNKNOWN", "ADC_CONSISTENCY PASS", "GLAND_FOUND PASS");
        assertThat(document.path("technical")).hasSize(15);
        assertThat(document.at("/digests/inputs")).hasSize(164);
        assertThat(out.resolve("prediction.json")).exists();
        assertThat(out.resolve("heatmap.nii.gz")).exists();
    }

    @Test
    void gives_equal_digests_and_findings_when_run_twice() throws Exception {
        JsonNode first = document(predict(SharedData.prostateX0000()));
        JsonNode second = document(predict(SharedData.prostateX0000()));
        assertThat(second.path("digests")).isEqualTo(first.path("digests"));
        assertThat(second.path("findings")).isEqualTo(first.path("findings"));
        assertThat(second.path("caseScore")).isEqualTo(first.path("caseScore"));
    }

    @Test
    void refuses_a_study_without_adc_or_without_high_b_and_says_which_in_dicom_codes() throws Exception {
        Path withoutAdc = copyWithout(SharedData.prostateX0000(), "7.000000");
        WalnutJar.Result noAdc = predict(withoutAdc);
        assertThat(noAdc.exitCode()).isEqualTo(3);
        assertThat(document(noAdc).path("outcome").asText()).isEqualTo("NOT_ELIGIBLE");
        assertThat(document(noAdc).path("reasons")).anySatisfy(reason -> {
            assertThat(reason.path("code").asText()).isEqualTo("130585");
            assertThat(reason.path("scheme").asText()).isEqualTo("DCM");
        });
        assertThat(document(noAdc).path("caseScore").isNull()).isTrue();

        Path withoutDiffusion = copyWithout(withoutAdc, "8.000000", "6.000000");
        WalnutJar.Result noHighB = predict(withoutDiffusion);
        assertThat(noHighB.exitCode()).isEqualTo(3);
        assertThat(document(noHighB).path("reasons"))
                .extracting(reason -> reason.path("code").asText())
                .contains("130583");
    }

    @Test
    void refuses_a_series_with_a_missing_slice_and_says_where() throws Exception {
        WalnutJar.Result result = predict(SharedData.require("data/prostate-dicom/ProstateX-missing-slice"));
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(document(result).path("reasons"))
                .anySatisfy(reason -> assertThat(reason.path("detail").asText()).contains("MISSING_SLICE"));
    }

    @Test
    void a_folder_without_dicom_is_a_failure_with_its_code() throws Exception {
        Files.writeString(scratch.resolve("notes.txt"), "no image");
        WalnutJar.Result result = predict(scratch);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(JSON.readTree(result.out()).at("/error/code").asText()).isEqualTo("NOT_FOUND");
    }

    @Test
    void a_broken_model_package_is_refused_with_its_code() throws Exception {
        Path broken = Files.createDirectory(scratch.resolve("broken"));
        Files.writeString(broken.resolve("passport.json"), "{\"passportFormat\": 0}");
        WalnutJar.Result result = WalnutJar.run(
                "predict", scratch.toString(), "--json", "--model", broken.toString(), "--data-dir", dataDir());
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(JSON.readTree(result.out()).at("/error/code").asText()).isEqualTo("MODEL_PACKAGE_INVALID");
    }

    private WalnutJar.Result predict(Path study, String... more) throws IOException, InterruptedException {
        String[] arguments = Stream.concat(
                        Stream.of("predict", study.toString(), "--json", "--data-dir", dataDir()), Stream.of(more))
                .toArray(String[]::new);
        return WalnutJar.run(arguments);
    }

    private String dataDir() {
        return scratch.resolve("data").toString();
    }

    /** Stdout is exactly one document of the published form. */
    private static JsonNode document(WalnutJar.Result result) throws IOException {
        JsonNode document = JSON.readTree(result.out());
        try (InputStream schema = Files.newInputStream(Path.of("../docs/schemas/predict.schema.json"))) {
            JsonSchema form = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(schema);
            assertThat(form.validate(document)).as(result.err()).isEmpty();
        }
        return document;
    }

    private Path copyWithout(Path study, String... seriesPrefixes) throws IOException {
        Path copy = Files.createTempDirectory(scratch, "study");
        try (Stream<Path> files = Files.walk(study)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String series = file.getParent().getFileName().toString();
                if (Stream.of(seriesPrefixes).noneMatch(series::startsWith)) {
                    Path target = copy.resolve(series).resolve(file.getFileName());
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
        return copy;
    }
}
