package walnut.server.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import walnut.failure.FailureCode;
import walnut.prostate.series.Warning;

class AdviceTest {

    @Test
    void every_reason_for_refusing_a_study_comes_with_what_to_do() throws IOException {
        List<String> codes = reasonCodes();

        assertThat(codes).hasSizeGreaterThan(10).contains("130583").allSatisfy(code -> assertThat(Advice.knows(code))
                .as("advice on %s", code)
                .isTrue());
    }

    @Test
    void every_warning_comes_with_what_to_do() {
        for (Warning.Code code : Warning.Code.values()) {
            assertThat(Advice.knows(code.name())).as("advice on %s", code).isTrue();
        }
    }

    @Test
    void a_failure_without_advice_of_its_own_says_who_must_act() {
        for (FailureCode code : FailureCode.values()) {
            assertThat(Advice.on(code.name())).as(code.name()).isNotBlank().doesNotContain("If the reason looks wrong");
        }
        assertThat(Advice.on("SOMETHING_NEW")).startsWith("Read this case without the model");
    }

    /** The second column of the table of reasons. */
    private static List<String> reasonCodes() throws IOException {
        try (BufferedReader table = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(AdviceTest.class.getResourceAsStream("/walnut/prostate/series/reasons.tsv")),
                StandardCharsets.UTF_8))) {
            return table.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\t")[1])
                    .toList();
        }
    }
}
