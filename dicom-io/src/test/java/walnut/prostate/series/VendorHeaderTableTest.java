package walnut.prostate.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import walnut.prostate.series.VendorHeaders.Answered;
import walnut.prostate.series.VendorHeaders.Row;
import walnut.prostate.series.VendorHeaders.Score;

/** The role rules on names and headers as makers and sites write them. */
class VendorHeaderTableTest {
    private static final double PRECISION = 0.99;
    private static final double ABSTENTION = 0.10;

    @Test
    void the_rules_hold_on_the_rows_they_were_made_with() {
        hold(VendorHeaders.answers(VendorHeaders.FIRST, row -> !row.isSetAside()));
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
        assertThat(rows).extracting(Row::key).doesNotHaveDuplicates();
        assertThat(rows.stream().filter(Row::isSetAside).count()).isBetween(rows.size() / 4L, rows.size() * 2L / 5);
        assertThat(rows).extracting(Row::role).contains(SeriesRole.values());
    }
}
