package walnut.prostate.series;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import walnut.dicom.data.Tag;
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
 * <p>Values: {@code float[slices][rows][columns]} in modality units: stored value × RescaleSlope + RescaleIntercept, each
 * frame by its own; what a maker scales privately on top (Philips (2005,xx0E)) is not applied, and MONOCHROME1 is not inverted,
 * which is a matter of display.
 * <p>Frame: LPS millimetres, see {@link VolumeGeometry}; k along cross(row, column).
 */
public final class VolumeBuilder {
    private static final long MOST_VOXELS = Integer.MAX_VALUE - 8;

    /** Deflate cannot do better than this. */
    private static final long MAXIMUM_DEFLATE_RATIO = 1032;

    private static final int FILES_AT_ONCE = 3;

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
        Map<Path, Map<Integer, Frame>> byFile = slicesByFile(volume.frames());
        float[] values = new float[voxelsWithin(byFile.keySet(), geometry)];
        Map<String, String> digests = new LinkedHashMap<>();
        volume.frames().forEach(frame -> digests.put(frame.sopInstanceUid(), ""));
        // Each file fills slices of its own, so that several threads may write into the one array.
        FilePool.inOrder(
                List.copyOf(byFile.entrySet()),
                FILES_AT_ONCE,
                file -> {
                    StoredPixels pixels = quantities(file.getKey());
                    file.getValue().forEach((slice, frame) -> readSlice(pixels, frame, geometry, values, slice));
                    return digested ? pixels.sha256() : "";
                },
                (file, sha256) -> file.getValue()
                        .values()
                        .forEach(frame -> digests.computeIfPresent(
                                frame.sopInstanceUid(), (uid, known) -> known.isEmpty() ? sha256 : known)));
        return new Built(new Volume(geometry, values), digests);
    }

    /** The number of voxels, which the files must be able to hold before memory is set aside for them. */
    private static int voxelsWithin(Set<Path> files, VolumeGeometry geometry) {
        long bytes = 0;
        for (Path file : files) {
            try {
                bytes += Files.size(file);
            } catch (IOException e) {
                throw new WalnutException(FailureCode.INPUT_GONE, "the file of an instance can no longer be read", e);
            }
        }
        long voxels = geometry.voxelCount();
        boolean deflatedAtMost = voxels > bytes && voxels <= bytes * MAXIMUM_DEFLATE_RATIO;
        if (deflatedAtMost) {
            // Rare: deflated pixels of little but background. One file read whole tells it from a header that lies.
            pixels(files.iterator().next());
        }
        if (voxels > MOST_VOXELS || voxels > bytes && !deflatedAtMost) {
            throw new WalnutException(
                    FailureCode.PIXELS_NOT_DECODABLE,
                    "the headers announce " + voxels + " voxels, more than a volume or its files can hold");
        }
        return (int) voxels;
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
        return StoredPixels.read(whole(file));
    }

    /** Pixels that stand for one quantity by slope and intercept, which colours and table entries do not. */
    private static StoredPixels quantities(Path file) {
        DicomFile dicom = whole(file);
        StoredPixels pixels = StoredPixels.read(dicom);
        if (pixels.samplesPerPixel() != 1) {
            throw notQuantities("expected one sample per pixel, found " + pixels.samplesPerPixel());
        }
        if (dicom.dataSet().string(Tag.PhotometricInterpretation).orElse("").equals("PALETTE COLOR")) {
            throw notQuantities("the values are entries of a colour palette");
        }
        if (dicom.dataSet().contains(Tag.ModalityLUTSequence)) {
            throw notQuantities("the values are entries of a Modality LUT");
        }
        return pixels;
    }

    private static WalnutException notQuantities(String reason) {
        return new WalnutException(FailureCode.PIXELS_NOT_DECODABLE, reason);
    }

    private static DicomFile whole(Path file) {
        try {
            return Part10Reader.read(file, ReadOptions.all());
        } catch (IOException e) {
            throw new WalnutException(FailureCode.INPUT_GONE, "the file of an instance can no longer be read", e);
        }
    }

    private static void readSlice(
            StoredPixels pixels, Frame frame, VolumeGeometry geometry, float[] values, int slice) {
        PixelLocation location = frame.pixels();
        if (location.frame() > pixels.frames()) {
            throw new WalnutException(
                    FailureCode.PIXELS_NOT_DECODABLE,
                    "frame " + location.frame() + " is announced, PixelData holds " + pixels.frames());
        }
        if (frame.rescaleSlope() == 0) {
            throw notQuantities("RescaleSlope is 0, which makes all values one");
        }
        int tilesPerColumn = location.isMosaicTile() ? pixels.rows() / geometry.rows() : 1;
        if (pixels.columns() != location.tilesPerRow() * geometry.columns()
                || pixels.rows() != tilesPerColumn * geometry.rows()) {
            throw new WalnutException(FailureCode.INPUT_GONE, "a file is another than the one whose header was read");
        }
        // A mosaic tile is a window into the picture; a plain frame is its own only tile.
        int firstRow = location.isMosaicTile() ? location.tile() / location.tilesPerRow() * geometry.rows() : 0;
        int firstColumn = location.isMosaicTile() ? location.tile() % location.tilesPerRow() * geometry.columns() : 0;
        pixels.rescale(
                location.frame() - 1,
                firstRow,
                firstColumn,
                geometry.rows(),
                geometry.columns(),
                frame.rescaleSlope(),
                frame.rescaleIntercept(),
                values,
                geometry.offset(0, 0, slice));
    }
}
