package walnut.prostate.series;

import java.nio.file.Path;

/**
 * Where the stored values of a frame are.
 *
 * @param file Part 10 file
 * @param frame number within the instance, from 1
 * @param tile number of the tile in a Siemens mosaic, from 0; -1 where the frame is one picture
 * @param tilesPerRow tiles side by side in the mosaic; 1 where there is none
 */
public record PixelLocation(Path file, int frame, int tile, int tilesPerRow) {

    public static PixelLocation ofFrame(Path file, int frame) {
        return new PixelLocation(file, frame, -1, 1);
    }

    public boolean isMosaicTile() {
        return tile >= 0;
    }
}
