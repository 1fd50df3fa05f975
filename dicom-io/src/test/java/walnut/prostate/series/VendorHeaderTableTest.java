package walnut.prostate.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walnut.prostate.series.VendorHeaders.Answered;
import walnut.prostate.series.VendorHeaders.Row;
import walnut.prostate.series.VendorHeaders.Score;

/** The role rules on names and headers as makers and sites write them; what is known of them stands in the document. */
class VendorHeaderTableTest {
    private static final double PRECISION = 0.99;
    private static final double ABSTENTION = 0.10;
    private static final Path DOCUMENT = Path.of("..", "docs", "series-roles.md");

    @Test
    void the_rules_hold_on_the_rows_set_aside_before_they_were_made() {
        hold(setAside());
    }

    @Test
    void the_rules_hold_on_the_rows_they_were_made_with() {
        hold(development());
    }

    @ParameterizedTest
    @ValueSource(strings = {VendorHeaders.SECOND, VendorHeaders.THIRD})
    void the_rules_keep_what_they_learnt_from_later_sets(String table) {
        hold(VendorHeaders.answers(table, row -> true));
    }

    private static void hold(List<Answered> answers) {
        Score score = Score.of(answers);
        List<Answered> misses = answers.stream().filter(Answered::isMiss).toList();
        List<Answered> unanswered =
                answers.stream().filter(one -> !one.isAnswer()).toList();
        assertThat(score.precision()).as("misses %s", misses).isGreaterThanOrEqualTo(PRECISION);
        assertThat(score.abstention()).as("unanswered %s", unanswered).isLessThanOrEqualTo(ABSTENTION);
    }

    @Test
    void the_table_is_as_large_as_promised_and_a_third_is_set_aside() {
        List<Row> rows = VendorHeaders.rows(VendorHeaders.FIRST);
        assertThat(rows).hasSizeGreaterThanOrEqualTo(150);
        assertThat(rows.stream().filter(Row::isSetAside).count()).isBetween(rows.size() / 4L, rows.size() * 2L / 5);
        assertThat(rows).extracting(Row::role).contains(SeriesRole.values());
        assertThat(Stream.of(VendorHeaders.FIRST, VendorHeaders.SECOND, VendorHeaders.THIRD)
                        .flatMap(table -> VendorHeaders.rows(table).stream()))
                .extracting(Row::key)
                .doesNotHaveDuplicates();
    }

    @Test
    void a_series_of_which_nothing_is_known_is_left_undecided_and_says_so() {
        Row bare = VendorHeaders.rows(VendorHeaders.FIRST).stream()
                .filter(row -> row.key().equals("philips-053"))
                .findFirst()
                .orElseThrow()
                .with("seriesDescription", "4711")
                .with("imageType", "")
                .with("scanningSequence", "")
                .with("protocolName", "");
        Answered answered = Answered.of(bare);
        assertThat(answered.answer()).isEqualTo(SeriesRole.OTHER);
        assertThat(answered.isAnswer()).isFalse();
    }

    @Test
    void the_document_tells_the_numbers_that_are_computed() throws IOException {
        String document = Files.readString(DOCUMENT);
        assertThat(document)
                .contains(line("Set aside", setAside()))
                .contains(line("Development", development()))
                .contains(line("Second set, now", VendorHeaders.answers(VendorHeaders.SECOND, row -> true)))
                .contains(line("Third set, now", VendorHeaders.answers(VendorHeaders.THIRD, row -> true)))
                .contains(confusion(setAside()));
        assertThat(setAside().stream().filter(one -> one.isMiss() || !one.isAnswer()))
                .allSatisfy(one -> assertThat(document).contains(one.row().key()));
    }

    private static List<Answered> setAside() {
        return VendorHeaders.answers(VendorHeaders.FIRST, Row::isSetAside);
    }

    private static List<Answered> development() {
        return VendorHeaders.answers(VendorHeaders.FIRST, row -> !row.isSetAside());
    }

    private static String line(String name, List<Answered> answers) {
        Score score = Score.of(answers);
        return "| " + name + " | " + score.rows() + " | " + score.precisionInWords() + " | " + score.abstentionInWords()
                + " |";
    }

    /** "| T2W | 16 | T2W 16 |" for each role that occurs, in the order of the enumeration. */
    private static String confusion(List<Answered> answers) {
        return Stream.of(SeriesRole.values())
                .map(role ->
                        answers.stream().filter(one -> one.row().role() == role).toList())
                .filter(ofRole -> !ofRole.isEmpty())
                .map(ofRole -> "| " + ofRole.get(0).row().role() + " | " + ofRole.size() + " | " + given(ofRole) + " |")
                .collect(Collectors.joining("\n"));
    }

    private static String given(List<Answered> ofRole) {
        return Stream.concat(
                        Stream.of(SeriesRole.values())
                                .map(role -> counted(
                                        role.name(),
                                        ofRole.stream()
                                                .filter(one -> one.isAnswer() && one.answer() == role)
                                                .count())),
                        Stream.of(counted(
                                "nothing",
                                ofRole.stream().filter(one -> !one.isAnswer()).count())))
                .filter(count -> !count.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String counted(String name, long count) {
        return count == 0 ? "" : name + " " + count;
    }
}
