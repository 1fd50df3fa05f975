package walnut.server.frames;

/** The bar that explains {@link ScoreColours}: score 0 at the left, 1 at the right. */
public final class ColourBar {
    private static final int COLUMNS = 256;
    private static final int ROWS = 8;

    private ColourBar() {}

    public static byte[] png() {
        int[] colours = new int[COLUMNS * ROWS];
        for (int index = 0; index < colours.length; index++) {
            double score = (index % COLUMNS) / (double) (COLUMNS - 1);
            colours[index] = 0xFF000000 | ScoreColours.rgb(score);
        }
        return Png.argb(colours, COLUMNS, ROWS);
    }
}
