package walnut.server.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

class OutlineTest {
    private static final Lps X = new Lps(1, 0, 0);
    private static final Lps Y = new Lps(0, 1, 0);
    private static final Lps Z = new Lps(0, 0, 1);

    @Test
    void runs_along_the_outer_edges_of_one_pixel() {
        double[] outline = Outline.around(heatmap(4, 3, 1 * 4 + 2), new Lps(2, 1, 0), 0.4);

        assertThat(outline).containsExactly(2, 1, 3, 1, 3, 2, 2, 2, 2, 1);
    }

    @Test
    void goes_round_a_corner_that_bends_inwards() {
        // Two pixels side by side and one below the first.
        double[] outline = Outline.around(heatmap(4, 4, 5, 6, 9), new Lps(1, 1, 0), 0.4);

        assertThat(outline).containsExactly(1, 1, 3, 1, 3, 2, 2, 2, 2, 3, 1, 3, 1, 1);
    }

    @Test
    void leaves_out_a_pixel_that_touches_by_a_corner_only() {
        double[] outline = Outline.around(heatmap(4, 4, 5, 10), new Lps(1, 1, 0), 0.4);

        assertThat(outline).containsExactly(1, 1, 2, 1, 2, 2, 1, 2, 1, 1);
    }

    /** The area inside (shoelace) is the number of pixels of the region with its holes filled, for any region. */
    @Property(tries = 300)
    void encloses_the_region_and_its_holes(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int columns = 7;
        int rows = 6;
        float[] values = new float[columns * rows];
        for (int at = 0; at < values.length; at++) {
            values[at] = random.nextInt(3) == 0 ? 0 : 1;
        }
        int peak = random.nextInt(values.length);
        values[peak] = 1;
        VolumeGeometry grid = grid(columns, rows);

        double[] outline =
                Outline.around(new Volume(grid, values), new Lps(peak % columns, (double) (peak / columns), 0), 0.4);

        assertThat(area(outline)).isEqualTo(columns * rows - outside(values, columns, rows, peak));
    }

    /** Pixels that reach the border of the picture without crossing the 4-connected region of the peak. */
    private static int outside(float[] values, int columns, int rows, int peak) {
        boolean[] region = new boolean[values.length];
        fill(region, peak, columns, rows, at -> values[at] == 1, false);
        int width = columns + 2;
        boolean[] reached = new boolean[width * (rows + 2)];
        fill(
                reached,
                0,
                width,
                rows + 2,
                at -> {
                    int column = at % width - 1;
                    int row = at / width - 1;
                    boolean inPicture = column >= 0 && row >= 0 && column < columns && row < rows;
                    return !inPicture || !region[row * columns + column];
                },
                true);
        int count = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                if (reached[(row + 1) * width + column + 1]) {
                    count++;
                }
            }
        }
        return count;
    }

    private static void fill(
            boolean[] seen,
            int at,
            int columns,
            int rows,
            java.util.function.IntPredicate allowed,
            boolean diagonally) {
        if (seen[at] || !allowed.test(at)) {
            return;
        }
        seen[at] = true;
        int column = at % columns;
        int row = at / columns;
        for (int down = -1; down <= 1; down++) {
            for (int across = -1; across <= 1; across++) {
                boolean neighbour = diagonally ? down != 0 || across != 0 : Math.abs(down) + Math.abs(across) == 1;
                int toColumn = column + across;
                int toRow = row + down;
                if (neighbour && toColumn >= 0 && toRow >= 0 && toColumn < columns && toRow < rows) {
                    fill(seen, toRow * columns + toColumn, columns, rows, allowed, diagonally);
                }
            }
        }
    }

    private static double area(double[] outline) {
        double twice = 0;
        for (int corner = 0; corner + 3 < outline.length; corner += 2) {
            twice += outline[corner] * outline[corner + 3] - outline[corner + 2] * outline[corner + 1];
        }
        return twice / 2;
    }

    private static Volume heatmap(int columns, int rows, int... hot) {
        float[] values = new float[columns * rows];
        for (int at : hot) {
            values[at] = 0.8f;
        }
        return new Volume(grid(columns, rows), values);
    }

    private static VolumeGeometry grid(int columns, int rows) {
        return new VolumeGeometry(columns, rows, 1, 1, 1, 1, new Lps(0, 0, 0), X, Y, Z);
    }
}
