package walnut.prostate.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The role rules on headers by another author, who had not seen the tables that the rules were made with. What the rules
 * said of them when they first met is told in docs/series-roles.md and cannot be computed again; what they say now can.
 */
class SecondAuthorHeadersTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "series-roles.md");

    /** Rows whose author means something else by the role than our contract does; the document says what. */
    private static final Set<String> OTHER_DEFINITION = Set.of(
            // A fat-suppressed T2 is T2W here and OTHER there.
            "first-027",
            "first-119",
            "first-173",
            "first-229",
            "second-028",
            "second-054",
            "third-082",
            // A role describes the images here; what they are of is a gate's business.
            "first-102",
            "third-085",
            "third-086",
            // Calculated contrasts and reformats are OTHER here, whatever they were made from.
            "first-092",
            "first-152",
            // Nothing is HBV here whose b-value stands nowhere.
            "first-033");

    private record Answered(SecondAuthorHeader row, SeriesRole role, boolean silent) {
        static Answered of(SecondAuthorHeader row) {
            StudySeries series = row.series();
            return new Answered(row, series.role(), series.evidence().stream().anyMatch(one -> one.rule()
                    .equals(RoleRules.UNDECIDED)));
        }

        boolean isRight() {
            return !silent && role == row.role();
        }

        /** "first-204 "SmartSurvey": LOCALIZER, answered T1W". */
        String inWords() {
            return row + ": " + row.role() + ", answered " + (silent ? "nothing" : role);
        }
    }

    private static final List<Answered> ANSWERS =
            SecondAuthorHeader.all().stream().map(Answered::of).toList();

    @Test
    void the_table_is_whole_and_none_of_its_rows_stands_twice() {
        assertThat(ANSWERS).hasSize(470).extracting(one -> one.row().key()).doesNotHaveDuplicates();
        assertThat(ANSWERS).extracting(one -> one.row().role()).contains(SeriesRole.values());
        assertThat(ANSWERS).extracting(one -> one.row().key()).containsAll(OTHER_DEFINITION);
    }

    @Test
    void the_document_tells_the_numbers_that_are_computed_and_each_row_that_is_missed() throws IOException {
        String document = Files.readString(DOCUMENT);
        for (String set : List.of("FIRST", "SECOND", "THIRD")) {
            assertThat(document).contains(line(set, of(set)));
        }
        assertThat(document).contains(line("Together", ANSWERS));
        Stream<Answered> missed = ANSWERS.stream().filter(one -> !one.isRight());
        assertThat(missed).allSatisfy(one -> assertThat(document).contains(one.inWords()));
    }

    /** Where the two authors mean the same, and a rule answers at all. */
    @Test
    void the_rules_keep_what_they_knew_of_this_table() {
        List<Answered> comparable = ANSWERS.stream()
                .filter(one -> !OTHER_DEFINITION.contains(one.row().key()))
                .filter(one -> !one.silent())
                .toList();
        List<String> misses = comparable.stream()
                .filter(one -> !one.isRight())
                .map(Answered::inWords)
                .toList();
        assertThat(1 - misses.size() / (double) comparable.size())
                .as(misses.toString())
                .isGreaterThanOrEqualTo(0.98);
        assertThat(ANSWERS.stream().filter(Answered::silent).count()).isLessThanOrEqualTo(ANSWERS.size() / 10);
    }

    @Test
    void a_difference_in_definition_is_still_one() {
        assertThat(ANSWERS)
                .filteredOn(one -> OTHER_DEFINITION.contains(one.row().key()))
                .noneMatch(Answered::isRight);
    }

    private static List<Answered> of(String set) {
        return ANSWERS.stream().filter(one -> one.row().set().equals(set)).toList();
    }

    private static String line(String name, List<Answered> answers) {
        long silent = answers.stream().filter(Answered::silent).count();
        long right = answers.stream().filter(Answered::isRight).count();
        long elsewhere = answers.stream()
                .filter(one -> OTHER_DEFINITION.contains(one.row().key()))
                .count();
        long answered = answers.size() - silent;
        return String.format(
                Locale.ROOT,
                "| %s, now | %d | %d of %d, %.3f | %d of %d, %.3f | %d |",
                name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT),
                answers.size(),
                right,
                answered,
                right / (double) answered,
                right,
                answered - elsewhere,
                right / (double) (answered - elsewhere),
                silent);
    }
}
