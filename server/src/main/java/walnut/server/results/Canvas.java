package walnut.server.results;

import java.util.ArrayList;
import java.util.List;
import walnut.volume.VolumeGeometry;

/**
 * A page in 8-bit red, green, blue: {@code byte[rows][columns][3]}, flattened. Drawn with whole numbers and IEEE basics
 * alone, so that a page is the same bytes everywhere. What falls outside the page is cut off.
 */
final class Canvas {
    static final int BLACK = 0x000000;
    static final int WHITE = 0xFFFFFF;
    static final int GRAY = 0xB8BEC4;
    static final int AMBER = 0xFFC94D;
    static final int CYAN = 0x5CE1E6;

    private final int columns;
    private final int rows;
    private final byte[] rgb;

    Canvas(int columns, int rows) {
        this.columns = columns;
        this.rows = rows;
        this.rgb = new byte[3 * columns * rows];
    }

    int columns() {
        return columns;
    }

    int rows() {
        return rows;
    }

    byte[] rgb() {
        return rgb.clone();
    }

    void rectangle(int left, int top, int width, int height, int colour) {
        for (int row = top; row < top + height; row++) {
            for (int column = left; column < left + width; column++) {
                pixel(column, row, colour);
            }
        }
    }

    private void pixel(int column, int row, int colour) {
        if (column < 0 || row < 0 || column >= columns || row >= rows) {
            return;
        }
        int at = 3 * (row * columns + column);
        rgb[at] = (byte) (colour >> 16);
        rgb[at + 1] = (byte) (colour >> 8);
        rgb[at + 2] = (byte) colour;
    }

    /** One line of text, its upper left corner here; each pixel of the font becomes a square of {@code scale} pixels. */
    void text(int left, int top, String text, int scale, int colour) {
        BitmapFont font = BitmapFont.FIXED;
        int[] codePoints = text.codePoints().toArray();
        for (int index = 0; index < codePoints.length; index++) {
            int cell = left + index * font.width() * scale;
            for (int row = 0; row < font.height(); row++) {
                for (int column = 0; column < font.width(); column++) {
                    if (font.set(codePoints[index], column, row)) {
                        rectangle(cell + column * scale, top + row * scale, scale, scale, colour);
                    }
                }
            }
        }
    }

    static int lineHeight(int scale) {
        return BitmapFont.FIXED.height() * scale + 2;
    }

    /** The text in lines that fit into this many pixels, broken at spaces, or within a word that is longer than a line. */
    static List<String> wrapped(String text, int width, int scale) {
        int room = Math.max(1, width / (BitmapFont.FIXED.width() * scale));
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+")) {
            String left = word;
            if (line.length() > 0 && line.length() + 1 + left.length() > room) {
                lines.add(line.toString());
                line.setLength(0);
            }
            while (left.length() > room) {
                lines.add(left.substring(0, room));
                left = left.substring(room);
            }
            line.append(line.length() > 0 ? " " : "").append(left);
        }
        if (line.length() > 0) {
            lines.add(line.toString());
        }
        return lines;
    }

    /**
     * Draws a slice into a square of this size, in its true shape and centred; nearest neighbour, so that no value is
     * invented.
     *
     * @param grays one for each voxel of the slice, {@code [rows][columns]} column-fastest
     * @return where the slice lies on the page
     */
    Placed image(int left, int top, int size, byte[] grays, VolumeGeometry grid) {
        Placed placed = Placed.within(left, top, size, grid);
        for (int row = 0; row < placed.height(); row++) {
            for (int column = 0; column < placed.width(); column++) {
                int i = Math.min(grid.columns() - 1, column * grid.columns() / placed.width());
                int j = Math.min(grid.rows() - 1, row * grid.rows() / placed.height());
                int gray = grays[j * grid.columns() + i] & 0xff;
                pixel(placed.left() + column, placed.top() + row, gray << 16 | gray << 8 | gray);
            }
        }
        return placed;
    }

    /** Draws a closed outline of a slice's pixels over the picture of that slice. */
    void outline(Placed placed, double[] columnRow, VolumeGeometry grid, int colour) {
        for (int corner = 0; corner + 3 < columnRow.length; corner += 2) {
            line(
                    placed.column(columnRow[corner], grid),
                    placed.row(columnRow[corner + 1], grid),
                    placed.column(columnRow[corner + 2], grid),
                    placed.row(columnRow[corner + 3], grid),
                    colour);
        }
    }

    /** Outlines follow pixel edges: every piece is upright or level. Two pixels wide. */
    private void line(int fromColumn, int fromRow, int toColumn, int toRow, int colour) {
        int left = Math.min(fromColumn, toColumn);
        int top = Math.min(fromRow, toRow);
        rectangle(left - 1, top - 1, Math.abs(toColumn - fromColumn) + 2, Math.abs(toRow - fromRow) + 2, colour);
    }

    /** Where a slice was drawn, in pixels of the page. */
    record Placed(int left, int top, int width, int height) {

        static Placed within(int left, int top, int size, VolumeGeometry grid) {
            double widthMm = grid.columns() * grid.spacingI();
            double heightMm = grid.rows() * grid.spacingJ();
            double perMm = size / Math.max(widthMm, heightMm);
            int width = Math.max(1, (int) (widthMm * perMm + 0.5));
            int height = Math.max(1, (int) (heightMm * perMm + 0.5));
            return new Placed(left + (size - width) / 2, top + (size - height) / 2, width, height);
        }

        int column(double imageColumn, VolumeGeometry grid) {
            return left + (int) (imageColumn / grid.columns() * width + 0.5);
        }

        int row(double imageRow, VolumeGeometry grid) {
            return top + (int) (imageRow / grid.rows() * height + 0.5);
        }
    }
}
