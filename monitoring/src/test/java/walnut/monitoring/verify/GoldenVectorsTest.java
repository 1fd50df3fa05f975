package walnut.monitoring.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import walnut.monitoring.verify.Verification.FileReport;

/** Runs every golden vector against the statistics; one test per file. */
class GoldenVectorsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TestFactory
    Stream<DynamicTest> every_case_of_every_file_passes() throws IOException {
        ObjectMapper json = new ObjectMapper();
        return Files.list(GOLDEN)
                .filter(file -> file.toString().endsWith(".json"))
                .filter(file -> !file.getFileName().toString().startsWith("_"))
                .sorted()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    FileReport report =
                            Verification.runFile(file.getFileName().toString(), json.readTree(file.toFile()));
                    assertThat(report.cases()).isNotEmpty().allSatisfy(one -> assertThat(one.differences())
                            .as(one.id())
                            .isEmpty());
                }));
    }

    @Test
    void all_thirty_three_families_with_328_cases_are_there() throws IOException {
        Verification.Report report = Verification.run(GOLDEN);
        assertThat(report.files()).hasSize(33);
        assertThat(report.passed()).isEqualTo(328);
        assertThat(report.failed()).isZero();
    }
}
