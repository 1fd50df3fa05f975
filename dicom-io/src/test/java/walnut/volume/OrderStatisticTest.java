package walnut.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class OrderStatisticTest {
    @Property
    void every_rank_is_what_sorting_gives(
            @ForAll @Size(min = 1, max = 40) @DoubleRange(min = -3, max = 3) double[] values) {
        double[] rounded = Arrays.stream(values).map(Math::rint).toArray();
        for (double[] some : new double[][] {values, rounded}) {
            double[] sorted = some.clone();
            Arrays.sort(sorted);
            for (int rank = 0; rank < some.length; rank++) {
                assertThat(OrderStatistic.of(some.clone(), rank)).isEqualTo(sorted[rank]);
            }
        }
    }

    @Property
    void after_a_selection_the_place_divides_the_values(
            @ForAll @Size(min = 5, max = 40) @DoubleRange(min = -3, max = 3) double[] values) {
        int count = values.length - 2;
        double[] left = Arrays.copyOfRange(values, count, values.length);
        double selected = OrderStatistic.of(values, count, 2);

        assertThat(Arrays.stream(values, 0, 2).max().orElseThrow()).isLessThanOrEqualTo(selected);
        assertThat(Arrays.stream(values, 2, count).min().orElseThrow()).isEqualTo(selected);
        assertThat(Arrays.copyOfRange(values, count, values.length)).isEqualTo(left);
    }

    @Property
    void the_median_lies_in_the_middle(
            @ForAll @Size(min = 1, max = 40) @DoubleRange(min = -3, max = 3) double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;

        assertThat(OrderStatistic.median(values, n)).isEqualTo((sorted[(n - 1) / 2] + sorted[n / 2]) / 2);
    }

    @Test
    void nothing_has_no_median() {
        assertThat(OrderStatistic.median(new double[3], 0)).isNaN();
    }
}
