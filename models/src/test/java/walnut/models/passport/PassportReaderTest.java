package walnut.models.passport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.TestPackages;
import walnut.models.passport.NormalisationStep.ClipPercentiles;
import walnut.models.passport.NormalisationStep.Standardise;
import walnut.models.passport.Passport.OutputMeaning;
import walnut.models.passport.Passport.ScoreKind;
import walnut.models.passport.Passport.Size;

class PassportReaderTest {
    private static final Path SHIPPED = Path.of("packages/walnut-phantom-detector");

    @Test
    void reads_the_shipped_detector() {
        Passport passport = ModelPackage.readPassport(SHIPPED);

        assertThat(passport.id()).isEqualTo("walnut-phantom-detector");
        assertThat(passport.scoreKind()).isEqualTo(ScoreKind.SYNTHETIC);
        assertThat(passport.grid().size()).isEqualTo(new Size(20, 96, 96));
        assertThat(passport.channel("T2W").normalisation().get(0)).isInstanceOf(ClipPercentiles.class);
        assertThat(passport.channel("HBV").normalisation().get(1))
                .isInstanceOfSatisfying(
                        Standardise.class, step -> assertThat(step.centre()).isEqualTo(Standardise.Centre.MEDIAN));
        assertThat(passport.output(OutputMeaning.LESION_HEATMAP).orElseThrow().name())
                .isEqualTo("heat");
        assertThat(passport.isIntendedInput(null)).isFalse();
    }

    @Test
    void says_a_channels_preparation_as_a_person_would() {
        Passport passport = ModelPackage.readPassport(SHIPPED);

        assertThat(passport.channel("T2W").normalisation())
                .extracting(NormalisationStep::inWords)
                .containsExactly(
                        "clip to percentiles 1 to 99 of the middle 60 × 60 × 36 mm",
                        "subtract the mean and divide by the standard deviation of the middle 60 × 60 × 36 mm",
                        "clip to -4 to 6");
        assertThat(passport.channel("ADC").normalisation().get(1).inWords()).isEqualTo("subtract 1300, divide by 450");
        assertThat(passport.channel("HBV").normalisation().get(0).inWords())
                .isEqualTo("clip above 1.3 × percentile 99.8 of the middle 60 × 60 × 36 mm");
    }

    /** Each edit of a valid passport leaves one thing wrong; the sentence names the place. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "passportFormat":0          | "passportFormat":1            | /passportFormat
                    "licence":"Apache-2.0",     | ''                             | licence
                    "scoreKind":"SYNTHETIC"     | "scoreKind":"PROBABILITY"     | without a calibration
                    "scoreKind":"SYNTHETIC"     | "scoreKind":"CERTAIN"         | /scoreKind
                    "licence":"Apache-2.0"      | "licence":"x","lisence":"y" | lisence
                    "id":"stub-detector"        | "id":"../climb"              | /id
                    "rows":96,"columns":96    | "rows":96,"columns":64      | let them agree
                    "divideBy":450              | "divideBy":0                  | /channels/1/normalisation
                    "lower":0,"upper":3000    | "lower":3001,"upper":3000   | exchange them
                    "file":"detector.onnx"      | "file":"../detector.onnx"     | /onnx/file
                    "preferred":1400            | "preferred":900               | series.highB.preferred
                    "meaning":"GLAND_ZONES"     | "meaning":"LESION_HEATMAP"    | exactly one LESION_HEATMAP
                    """)
    void names_what_is_wrong_in_one_sentence(String original, String replacement, String named) throws IOException {
        String text = TestPackages.JSON
                .readTree(TestPackages.stubDetector().resolve("passport.json").toFile())
                .toString();
        assertThat(text).contains(original);

        assertThatThrownBy(() -> PassportReader.read(utf8(text.replace(original, replacement))))
                .isInstanceOfSatisfying(WalnutException.class, failure -> assertThat(failure.code())
                        .isEqualTo(FailureCode.MODEL_PACKAGE_INVALID))
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"id": 1, "id": 2}  | not valid JSON
                    []                  | not a JSON object
                    {"id":              | not valid JSON
                    {} {}               | not valid JSON
                    """)
    void refuses_what_is_not_one_json_object(String text, String named) {
        assertThatThrownBy(() -> PassportReader.read(utf8(text)))
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining(named);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Each edit of a valid passport of a model that scores points leaves one thing wrong. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "centre":"POINT"            | "centre":"T2W_VOLUME_CENTRE"  | centre its grid on POINT
                    "shape":[1,1]               | "shape":[1,2]                 | layout NC and shape [1, 1]
                    "meaning":"POINT_SCORE"     | "meaning":"LESION_HEATMAP"    | one POINT_SCORE
                    ,"points":{"from":"finder"}    | ''                            | POINT
                    "points":{"from":"finder"}  | "points":{"from":"../finder"} | /points/from
                    "licence"                   | "side":{"midline":"T2W_VOLUME_CENTRE","midlineHalfWidthMm":2},"licence" | candidates and side
                    "licence"                   | "normalisationGrid":{"axes":"T2W","centre":"POINT","interpolation":"LINEAR","size":{"slices":4,"rows":6,"columns":8},"spacingMm":{"slices":3,"rows":2,"columns":2}},"licence" | normalisationGrid
                    """)
    void names_what_is_wrong_with_a_model_that_scores_points(String original, String replacement, String named)
            throws IOException {
        ObjectNode passport = TestPackages.tinyPassport();
        TestPackages.asPointPassport(passport, "finder");
        String text = passport.toString();
        assertThat(PassportReader.read(utf8(text)).scoresPoints()).isTrue();
        assertThat(text).contains(original);

        assertThatThrownBy(() -> PassportReader.read(utf8(text.replace(original, replacement))))
                .isInstanceOfSatisfying(WalnutException.class, failure -> assertThat(failure.code())
                        .isEqualTo(FailureCode.MODEL_PACKAGE_INVALID))
                .hasMessageContaining(named);
    }

    @Test
    void refuses_a_tensor_that_would_take_the_nodes_memory() throws IOException {
        String text = TestPackages.tinyPassport()
                .toString()
                .replace("\"slices\":4,\"rows\":6,\"columns\":8", "\"slices\":2048,\"rows\":2048,\"columns\":2048")
                .replace("[1,3,4,6,8]", "[1,3,2048,2048,2048]")
                .replace("[1,1,4,6,8]", "[1,1,2048,2048,2048]");

        assertThatThrownBy(() -> PassportReader.read(utf8(text)))
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining("take a smaller grid");
    }
}
