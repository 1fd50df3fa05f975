package walnut.prostate.series;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import walnut.dicom.part10.DicomFile;
import walnut.dicom.part10.Part10Reader;
import walnut.dicom.part10.ReadOptions;
import walnut.dicom.pixel.StoredPixels;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

/**
 * Reads the pixels of one stack of slices into a volume.
 *
 * <p>Values: {@code float[slices][rows][columns]} in modality units: stored value × RescaleSlope + RescaleIntercept.
 * <p>Frame: LPS millimetres, see {@link VolumeGeometry}; k along cross(row, column).
 */
public final class VolumeBuilder {
    private VolumeBuilder() {}

    /**
     * A volume and the digests of the pixels it was read from.
     *
     * @param pixelSha256 by SOPInstanceUID, in slice order
     */
    public record Built(Volume volume, Map<String, String> pixelSha256) {}

    /**
     * @throws WalnutException the first of {@link SeriesVolume#problems()} when the frames do not stack (MISSING_SLICE,
     *     DUPLICATE_SLICE, UNEVEN_SLICES, MIXED_ORIENTATION, MIXED_GRID, GEOMETRY_MISSING); PIXELS_NOT_DECODABLE;
     *     INPUT_GONE when a file is no longer there
     */
    public static Volume build(SeriesVolume volume) {
        return read(volume, false).volume();
    }

    /** As {@link #build}, with the digests of what was read. */
    public static Built read(SeriesVolume volume) {
        return read(volume, true);
    }

    private static Built read(SeriesVolume volume, boolean digested) {
        if (volume.geometry().isEmpty()) {
            Problem problem = volume.problems().get(0);
            throw new WalnutException(problem.code(), problem.detail());
        }
        VolumeGeometry geometry = volume.geometry().get();
        float[] values = new float[Math.toIntExact(geometry.voxelCount())];
        Map<String, String> digests = new LinkedHashMap<>();
        volume.frames().forEach(frame -> digests.put(frame.sopInstanceUid(), ""));
        for (Map.Entry<Path, Map<Integer, Frame>> ofFile :
                slicesByFile(volume.frames()).entrySet()) {
            StoredPixels pixels = pixels(ofFile.getKey());
            if (pixels.samplesPerPixel() != 1) {
                throw new WalnutException(
                        FailureCode.PIXELS_NOT_DECODABLE,
                        "expected one sample per pixel, found " + pixels.samplesPerPixel());
            }
            int[] stored = new int[pixels.rows() * pixels.columns()];
            ofFile.getValue().forEach((slice, frame) -> {
                readSlice(pixels, frame, stored, geometry, values, slice);
                if (digested) {
                    digests.computeIfPresent(
                            frame.sopInstanceUid(), (uid, known) -> known.isEmpty() ? pixels.sha256() : known);
                }
            });
        }
        return new Built(new Volume(geometry, values), digests);
    }

    /** Each file once, with its frames by slice index. */
    private static Map<Path, Map<Integer, Frame>> slicesByFile(List<Frame> frames) {
        Map<Path, Map<Integer, Frame>> byFile = new LinkedHashMap<>();
        for (int slice = 0; slice < frames.size(); slice++) {
            Frame frame = frames.get(slice);
            byFile.computeIfAbsent(frame.pixels().file(), unused -> new TreeMap<>())
                    .put(slice, frame);
        }
        return byFile;
    }

    /** The pixels of a file that was a good header a moment ago. */
    static StoredPixels pixels(Path file) {
        try {
            DicomFile dicom = Part10Reader.read(file, ReadOptions.all());
            return StoredPixels.read(dicom);
        } catch (IOException e) {
            throw new WalnutException(FailureCode.INPUT_GONE, "the file of an instance can no longer be read", e);
        }
    }

    private static void readSlice(
            StoredPixels pixels, Frame frame, int[] stored, VolumeGeometry geometry, float[] values, int slice) {
        PixelLocation location = frame.pixels();
        if (location.frame() > pixels.frames()) {
            throw new WalnutException(
                    FailureCode.PIXELS_NOT_DECODABLE,
                    "frame " + location.frame() + " is announced, PixelData holds " + pixels.frames());
        }
        pixels.readFrame(location.frame() - 1, stored);
        // A mosaic tile is a window into the picture; a plain frame is its own only tile.
        int firstRow = location.isMosaicTile() ? location.tile() / location.tilesPerRow() * geometry.rows() : 0;
        int firstColumn = location.isMosaicTile() ? location.tile() % location.tilesPerRow() * geometry.columns() : 0;
        double slope = frame.rescaleSlope();
        double intercept = frame.rescaleIntercept();
        int columns = geometry.columns();
        for (int j = 0; j < geometry.rows(); j++) {
            int from = (firstRow + j) * pixels.columns() + firstColumn;
            int at = geometry.offset(0, j, slice);
            for (int i = 0; i < columns; i++) {
                values[at + i] = (float) (stored[from + i] * slope + intercept);
            }
        }
    }
}
