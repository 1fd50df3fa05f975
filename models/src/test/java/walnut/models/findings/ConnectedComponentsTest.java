package walnut.models.findings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import walnut.volume.Lps;
import walnut.volume.VolumeGeometry;

/** Against a flood over the 26 neighbours of each voxel, which is slow and plain. */
class ConnectedComponentsTest {

    @Property(tries = 300)
    void components_are_those_of_a_flood_in_the_order_of_their_first_voxels(
            @ForAll @IntRange(min = 1, max = 9) int columns,
            @ForAll @IntRange(min = 1, max = 7) int rows,
            @ForAll @IntRange(min = 1, max = 5) int slices,
            @ForAll @IntRange(min = 1, max = 6) int oneIn,
            @ForAll long seed) {
        VolumeGeometry grid = grid(columns, rows, slices);
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[columns * rows * slices];
        for (int n = 0; n < values.length; n++) {
            values[n] = random.nextInt(oneIn) == 0 ? 1 + random.nextInt(4) : 0;
        }

        ConnectedComponents found = ConnectedComponents.of(grid, offset -> values[offset] > 0);

        List<int[]> expected = flooded(grid, values);
        assertThat(found.count()).isEqualTo(expected.size());
        int[] peaks = found.peaks(values);
        for (int n = 0; n < expected.size(); n++) {
            assertThat(found.voxels(n)).isEqualTo(expected.get(n)).hasSize(found.size(n));
            int peak = expected.get(n)[0];
            for (int offset : expected.get(n)) {
                peak = values[offset] > values[peak] ? offset : peak;
            }
            assertThat(peaks[n]).isEqualTo(peak);
            assertThat(Extent.longAxisMm(expected.get(n), grid)).isEqualTo(longAxisMm(expected.get(n), grid));
        }
    }

    private static List<int[]> flooded(VolumeGeometry grid, float[] values) {
        boolean[] seen = new boolean[values.length];
        List<int[]> components = new ArrayList<>();
        for (int start = 0; start < values.length; start++) {
            if (values[start] > 0 && !seen[start]) {
                int[] voxels = new int[values.length];
                int count = 0;
                voxels[count++] = start;
                seen[start] = true;
                for (int visited = 0; visited < count; visited++) {
                    for (int offset = 0; offset < values.length; offset++) {
                        if (values[offset] > 0 && !seen[offset] && touch(grid, voxels[visited], offset)) {
                            seen[offset] = true;
                            voxels[count++] = offset;
                        }
                    }
                }
                int[] component = Arrays.copyOf(voxels, count);
                Arrays.sort(component);
                components.add(component);
            }
        }
        return components;
    }

    private static boolean touch(VolumeGeometry grid, int one, int other) {
        return Math.abs(one % grid.columns() - other % grid.columns()) <= 1
                && Math.abs(one / grid.columns() % grid.rows() - other / grid.columns() % grid.rows()) <= 1
                && Math.abs(slice(grid, one) - slice(grid, other)) <= 1;
    }

    /** Over all pairs of bricks of one slice. */
    private static double longAxisMm(int[] voxels, VolumeGeometry grid) {
        double longestSquared = 0;
        for (int one : voxels) {
            for (int other : voxels) {
                if (slice(grid, one) == slice(grid, other)) {
                    int columns = Math.abs(one % grid.columns() - other % grid.columns()) + 1;
                    int rows = Math.abs(one / grid.columns() % grid.rows() - other / grid.columns() % grid.rows()) + 1;
                    double acrossRows = rows * grid.spacingJ();
                    double acrossColumns = columns * grid.spacingI();
                    longestSquared = Math.max(longestSquared, acrossRows * acrossRows + acrossColumns * acrossColumns);
                }
            }
        }
        return Math.sqrt(longestSquared);
    }

    private static int slice(VolumeGeometry grid, int offset) {
        return offset / grid.columns() / grid.rows();
    }

    private static VolumeGeometry grid(int columns, int rows, int slices) {
        return new VolumeGeometry(
                columns,
                rows,
                slices,
                .7,
                1.3,
                3,
                new Lps(0, 0, 0),
                new Lps(1, 0, 0),
                new Lps(0, 1, 0),
                new Lps(0, 0, 1));
    }
}
