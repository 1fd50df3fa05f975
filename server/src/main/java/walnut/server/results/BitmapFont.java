package walnut.server.results;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A fixed-width bitmap font. The fonts of the machine would draw another page on another machine, and a server may have
 * none at all.
 *
 * <p>Resource: one line {@code width height}, then a code point and the pixels of each row from the top for every glyph,
 * hexadecimal, the leftmost pixel highest. Made by {@code server/src/font/bdf_to_glyphs.py}.
 */
final class BitmapFont {
    static final BitmapFont FIXED = read("fixed-10x20.txt");

    private final int width;
    private final int height;
    private final Map<Integer, int[]> glyphs;

    private BitmapFont(int width, int height, Map<Integer, int[]> glyphs) {
        this.width = width;
        this.height = height;
        this.glyphs = glyphs;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** Whether a pixel of this character's cell is set; a character that the font lacks is drawn as a question mark. */
    boolean set(int codePoint, int column, int row) {
        int[] rows = glyphs.get(codePoint);
        if (rows == null) {
            rows = glyphs.get((int) '?');
        }
        return rows != null && (rows[row] >> (width - 1 - column) & 1) == 1;
    }

    private static BitmapFont read(String resource) {
        try (InputStream stream = BitmapFont.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("the jar lacks the font " + resource);
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII));
            List<String[]> lines = reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .toList();
            String[] size = lines.get(0);
            Map<Integer, int[]> glyphs = new HashMap<>();
            for (String[] words : lines.subList(1, lines.size())) {
                int[] rows = new int[words.length - 1];
                for (int row = 0; row < rows.length; row++) {
                    rows[row] = Integer.parseInt(words[row + 1], 16);
                }
                glyphs.put(Integer.parseInt(words[0], 16), rows);
            }
            return new BitmapFont(Integer.parseInt(size[0]), Integer.parseInt(size[1]), glyphs);
        } catch (IOException e) {
            throw new UncheckedIOException("the font in the jar cannot be read", e);
        }
    }
}
