package walnut.monitoring.lesion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import walnut.monitoring.lesion.CaseDetections.Detection;
import walnut.monitoring.statistic.Reason;

class CaseDetectionsTest {
    @Test
    void more_pairs_win_over_more_overlap() {
        // Lesion 0 fits both candidates, lesion 1 only the first: taking the best overlap first would lose a lesion.
        List<Detection> found =
                CaseDetections.match(new double[][] {{0.9, 0.2}, {0.3, 0.0}}, new double[] {0.8, 0.4}, 0.1);
        assertThat(found).containsExactly(new Detection(true, 0.8, 0.3), new Detection(true, 0.4, 0.2));
    }

    @Test
    void more_overlap_wins_over_more_confidence() {
        List<Detection> found = CaseDetections.match(new double[][] {{0.5, 0.4}}, new double[] {0.1, 0.9}, 0.1);
        assertThat(found).containsExactly(new Detection(true, 0.1, 0.5));
    }

    @Test
    void of_equal_overlaps_the_more_confident_candidate_is_matched_whatever_the_order() {
        assertThat(CaseDetections.match(new double[][] {{0.4, 0.4}}, new double[] {0.2, 0.7}, 0.1))
                .containsExactly(new Detection(true, 0.7, 0.4));
        assertThat(CaseDetections.match(new double[][] {{0.4, 0.4}}, new double[] {0.7, 0.2}, 0.1))
                .containsExactly(new Detection(true, 0.7, 0.4));
    }

    @Test
    void a_candidate_that_overlaps_enough_but_is_not_matched_is_no_false_positive() {
        List<Detection> found =
                CaseDetections.match(new double[][] {{0.5, 0.2, 0.05}}, new double[] {0.6, 0.5, 0.4}, 0.1);
        assertThat(found).containsExactly(new Detection(true, 0.6, 0.5), new Detection(false, 0.4, 0));
    }

    @Test
    void a_missed_lesion_stands_with_confidence_zero() {
        assertThat(CaseDetections.match(new double[][] {{}}, new double[0], 0.1))
                .containsExactly(new Detection(true, 0, 0));
    }

    @Test
    void a_map_of_voxel_scores_is_refused() {
        Grid grid = new Grid(1, 1, 4);
        assertThat(CaseDetections.of("a", grid, new double[] {0.1, 0.2, 0.3, 0}, new double[4], 0.1)
                        .reason())
                .contains(Reason.INVALID_PARAMETER);
        assertThat(CaseDetections.of("a", grid, new double[] {-0.1, 0, 0, 0}, new double[4], 0.1)
                        .reason())
                .contains(Reason.OUT_OF_RANGE);
        assertThat(CaseDetections.of("a", grid, new double[3], new double[4], 0.1)
                        .reason())
                .contains(Reason.LENGTH_MISMATCH);
    }

    @Test
    void diagonal_neighbours_are_one_component() {
        double[] map = new double[27];
        map[0] = 0.4;
        map[13] = 0.4;
        map[26] = 0.4;
        assertThat(ConnectedComponents.of(new Grid(3, 3, 3), voxel -> map[voxel] != 0)
                        .count())
                .isEqualTo(1);
    }

    /** Against trying every assignment. */
    @Property(tries = 300)
    void assignment_is_the_best_of_all(@ForAll long seed) {
        Random random = new Random(seed);
        int rows = 1 + random.nextInt(4);
        int columns = 1 + random.nextInt(4);
        long[][][] weights = new long[rows][columns][];
        for (long[][] row : weights) {
            Arrays.setAll(
                    row,
                    j -> random.nextInt(3) == 0 ? new long[3] : new long[] {1, random.nextInt(4), random.nextInt(4)});
        }
        int[] matched = Assignment.maximise(weights, columns);
        long[] got = new long[3];
        boolean[] used = new boolean[columns];
        for (int i = 0; i < rows; i++) {
            if (matched[i] >= 0) {
                assertThat(used[matched[i]]).isFalse();
                used[matched[i]] = true;
                add(got, weights[i][matched[i]]);
            }
        }
        assertThat(got).containsExactly(best(weights, 0, new boolean[columns]));
    }

    private static long[] best(long[][][] weights, int row, boolean[] used) {
        if (row == weights.length) {
            return new long[3];
        }
        long[] best = best(weights, row + 1, used);
        for (int j = 0; j < used.length; j++) {
            if (!used[j]) {
                used[j] = true;
                long[] total = best(weights, row + 1, used);
                add(total, weights[row][j]);
                best = Arrays.compare(total, best) > 0 ? total : best;
                used[j] = false;
            }
        }
        return best;
    }

    private static void add(long[] sum, long[] weight) {
        for (int k = 0; k < sum.length; k++) {
            sum[k] += weight[k];
        }
    }

    /** The transform against the distance to every voxel of the set. */
    @Property(tries = 60)
    void distance_transform_equals_brute_force(@ForAll long seed) {
        Random random = new Random(seed);
        Grid grid = new Grid(1 + random.nextInt(6), 1 + random.nextInt(7), 1 + random.nextInt(8));
        double[] spacing = {3.0, 0.5 + random.nextDouble(), 0.5 + random.nextDouble()};
        boolean[] set = new boolean[grid.size()];
        set[random.nextInt(set.length)] = true;
        for (int i = 0; i < set.length; i++) {
            set[i] |= random.nextInt(12) == 0;
        }
        DistanceTransform transform = DistanceTransform.to(grid, spacing, voxel -> set[voxel]);
        for (int from = 0; from < set.length; from++) {
            double nearest = Double.POSITIVE_INFINITY;
            for (int to = 0; to < set.length; to++) {
                if (set[to]) {
                    double z = (grid.slice(from) - grid.slice(to)) * spacing[0];
                    double y = (grid.row(from) - grid.row(to)) * spacing[1];
                    double x = (grid.column(from) - grid.column(to)) * spacing[2];
                    nearest = Math.min(nearest, Math.sqrt(z * z + y * y + x * x));
                }
            }
            assertThat(transform.distance(from)).isCloseTo(nearest, within(1e-9));
        }
    }
}
