package walnut.server.results;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;
import walnut.volume.VoxelIndex;

/**
 * The outer edge of a hot region in one slice of a heatmap: the 4-connected pixels around a peak that reach a fraction of
 * its value.
 *
 * <p>Coordinates: column and row in pixels of the slice, 0\0 the outer corner of the first pixel (PS3.3 C.18.6.1.1), so the
 * outline runs along pixel edges. Clockwise as the picture is seen; the first corner is repeated at the end.
 */
final class Outline {
    private Outline() {}

    /**
     * @param peak LPS mm; a peak outside the heatmap is drawn round the nearest pixel
     * @param fraction of the peak's value that the outlined pixels reach
     */
    static double[] around(Volume heatmap, Lps peak, double fraction) {
        VolumeGeometry grid = heatmap.geometry();
        VoxelIndex index = grid.toIndex(peak);
        int i = clamp(index.i(), grid.columns());
        int j = clamp(index.j(), grid.rows());
        int k = clamp(index.k(), grid.slices());
        return edges(region(heatmap, i, j, k, fraction), grid.columns(), grid.rows(), i, j);
    }

    private static int clamp(double index, int size) {
        return (int) Math.max(0, Math.min(size - 1, Math.rint(index)));
    }

    private static boolean[] region(Volume heatmap, int i, int j, int k, double fraction) {
        VolumeGeometry grid = heatmap.geometry();
        boolean[] inside = new boolean[grid.columns() * grid.rows()];
        float threshold = (float) (heatmap.at(i, j, k) * fraction);
        Deque<int[]> open = new ArrayDeque<>();
        inside[j * grid.columns() + i] = true;
        open.add(new int[] {i, j});
        int[][] neighbours = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
        while (!open.isEmpty()) {
            int[] pixel = open.remove();
            for (int[] step : neighbours) {
                int column = pixel[0] + step[0];
                int row = pixel[1] + step[1];
                if (column < 0 || row < 0 || column >= grid.columns() || row >= grid.rows()) {
                    continue;
                }
                int at = row * grid.columns() + column;
                float value = heatmap.at(column, row, k);
                if (!inside[at] && value > 0 && value >= threshold) {
                    inside[at] = true;
                    open.add(new int[] {column, row});
                }
            }
        }
        return inside;
    }

    /** Walks the outer edge with the region on the right hand, from the upper left corner of its highest leftmost pixel. */
    private static double[] edges(boolean[] inside, int columns, int rows, int peakColumn, int peakRow) {
        int start = peakRow * columns + peakColumn;
        for (int at = 0; at < inside.length; at++) {
            if (inside[at]) {
                start = at;
                break;
            }
        }
        List<int[]> corners = new ArrayList<>();
        int column = start % columns;
        int row = start / columns;
        int firstColumn = column;
        int firstRow = row;
        // Directions in the order right, down, left, up; turning right adds one.
        int[] across = {1, 0, -1, 0};
        int[] down = {0, 1, 0, -1};
        int direction = 0;
        do {
            corners.add(new int[] {column, row});
            column += across[direction];
            row += down[direction];
            boolean ahead = at(inside, columns, rows, column, row, direction, false);
            boolean aheadLeft = at(inside, columns, rows, column, row, direction, true);
            if (aheadLeft && ahead) {
                direction = (direction + 3) % 4;
            } else if (!ahead) {
                direction = (direction + 1) % 4;
            }
        } while (column != firstColumn || row != firstRow || direction != 0);
        return closed(withoutStraight(corners));
    }

    /** Whether the pixel ahead of a corner, on the right or the left of the direction walked, belongs to the region. */
    private static boolean at(
            boolean[] inside, int columns, int rows, int column, int row, int direction, boolean left) {
        int[] rightColumn = {0, -1, -1, 0};
        int[] rightRow = {0, 0, -1, -1};
        int[] leftColumn = {0, 0, -1, -1};
        int[] leftRow = {-1, 0, 0, -1};
        int pixelColumn = column + (left ? leftColumn : rightColumn)[direction];
        int pixelRow = row + (left ? leftRow : rightRow)[direction];
        return pixelColumn >= 0
                && pixelRow >= 0
                && pixelColumn < columns
                && pixelRow < rows
                && inside[pixelRow * columns + pixelColumn];
    }

    private static List<int[]> withoutStraight(List<int[]> corners) {
        List<int[]> kept = new ArrayList<>();
        for (int index = 0; index < corners.size(); index++) {
            int[] before = corners.get((index + corners.size() - 1) % corners.size());
            int[] here = corners.get(index);
            int[] after = corners.get((index + 1) % corners.size());
            boolean straight =
                    before[0] == here[0] && here[0] == after[0] || before[1] == here[1] && here[1] == after[1];
            if (!straight) {
                kept.add(here);
            }
        }
        return kept;
    }

    private static double[] closed(List<int[]> corners) {
        double[] columnRow = new double[2 * corners.size() + 2];
        for (int index = 0; index <= corners.size(); index++) {
            int[] corner = corners.get(index % corners.size());
            columnRow[2 * index] = corner[0];
            columnRow[2 * index + 1] = corner[1];
        }
        return columnRow;
    }
}
