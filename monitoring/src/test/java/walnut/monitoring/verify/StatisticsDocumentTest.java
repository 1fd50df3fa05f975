package walnut.monitoring.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import walnut.monitoring.accuracy.ClusterBootstrap;
import walnut.monitoring.agreement.FlipProbability;
import walnut.monitoring.drift.DriftThreshold;
import walnut.monitoring.statistic.IntervalMethod;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.window.ScoreHistogram;

/** docs/statistics.md says what the code computes: its lists are those of the code. */
class StatisticsDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/statistics.md");

    /** Statistics that no golden family covers, named in the document by their class. */
    private static final List<Class<?>> WITHOUT_GOLDEN_FILE =
            List.of(FlipProbability.class, ClusterBootstrap.class, ScoreHistogram.class, DriftThreshold.class);

    private static String document() throws IOException {
        return Files.readString(DOCUMENT);
    }

    private static String generated(String name) throws IOException {
        String document = document();
        String mark = "<!-- generated: " + name + " -->\n";
        int start = document.indexOf(mark) + mark.length();
        return document.substring(start, document.indexOf("<!-- end -->", start))
                .trim();
    }

    @Test
    void reasons_are_those_of_the_code() throws IOException {
        String table = Arrays.stream(Reason.values())
                .map(reason -> "| `" + reason + "` | " + reason.sentence() + " |")
                .collect(Collectors.joining("\n", "| reason | not defined: … |\n|---|---|\n", ""));
        assertThat(generated("reasons")).isEqualTo(table);
    }

    @Test
    void interval_methods_are_those_of_the_code() throws IOException {
        assertThat(generated("intervals"))
                .isEqualTo(Arrays.stream(IntervalMethod.values())
                        .map(method -> "`" + method + "`")
                        .collect(Collectors.joining(", ")));
    }

    @Test
    void every_statistic_has_one_section_with_formula_reference_and_warning() throws IOException {
        List<String> sections =
                Arrays.stream(document().split("\n### ")).skip(1).toList();
        List<String> named = Pattern.compile("(?m)^### .* `(\\w+)`$")
                .matcher(document())
                .results()
                .map(MatchResult::group)
                .map(heading -> heading.replaceAll(".*`(\\w+)`$", "$1"))
                .toList();
        List<String> statistics = new ArrayList<>(Families.BY_STATISTIC.keySet());
        WITHOUT_GOLDEN_FILE.forEach(type -> statistics.add(type.getSimpleName()));
        assertThat(named).containsExactlyInAnyOrderElementsOf(statistics);
        assertThat(sections)
                .allSatisfy(section -> assertThat(section).contains("\nFormula: ", "\nReference: ", "\nNot for: "));
    }
}
