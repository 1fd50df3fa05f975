package walnut.prostate.series;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.volume.Lps;

/**
 * A Siemens mosaic: the slices of one volume as tiles of one picture, in rows from the upper left.
 *
 * <p>ImagePositionPatient of a mosaic is that of the corner it would have as one large slice about the same centre: the
 * first tile's corner lies half the difference of both sizes further along row and column.
 * <p>How many tiles are slices: (0019,xx0A) NumberOfImagesInMosaic, else the CSA header's field of that name, else the
 * protocol's {@code sSliceArray.lSize}. Tiles a row: the smallest square that holds them.
 * <p>Where the next tile lies: from the slices' positions in the protocol, taken in the direction in which the first tile
 * is the slice it must be, for scanners may number slices from either end; without a protocol along the CSA header's
 * SliceNormalVector by SpacingBetweenSlices. Where neither is there the mosaic is not split: a guess of the direction would
 * put the head where the feet are.
 */
final class SiemensMosaic {
    private static final String SIEMENS = "SIEMENS MR HEADER";

    /** How far the first tile may lie from the slice that it must be, mm: less than any slice is thick. */
    private static final double SAME_SLICE_MM = 1.0;

    /** More slices than any scanner puts into one picture; a larger count is damage. */
    private static final int MOST_SLICES = 4096;

    /** One slice: which tile it is, and where it lies. */
    record Tile(int number, int tilesPerRow, ImagePlane plane) {}

    private final DataSet instance;
    private final ImagePlane mosaic;
    private final SiemensCsa csa;

    private SiemensMosaic(DataSet instance, ImagePlane mosaic) {
        this.instance = instance;
        this.mosaic = mosaic;
        this.csa = SiemensCsa.of(instance);
    }

    static boolean is(DataSet instance) {
        return instance.strings(Tag.ImageType).contains("MOSAIC");
    }

    /**
     * @param mosaic plane of the whole picture, as its attributes say
     * @return the slices in the order of their tiles; empty where their number or their direction is not said
     */
    static Optional<List<Tile>> tiles(DataSet instance, ImagePlane mosaic) {
        return new SiemensMosaic(instance, mosaic).tiles();
    }

    private Optional<List<Tile>> tiles() {
        OptionalInt count = count();
        if (count.isEmpty() || count.getAsInt() < 1 || count.getAsInt() > MOST_SLICES) {
            return Optional.empty();
        }
        int slices = count.getAsInt();
        int tilesPerRow = (int) Math.ceil(Math.sqrt(slices));
        if (mosaic.rows() % tilesPerRow != 0 || mosaic.columns() % tilesPerRow != 0) {
            return Optional.empty();
        }
        int rows = mosaic.rows() / tilesPerRow;
        int columns = mosaic.columns() / tilesPerRow;
        Lps first = mosaic.position()
                .plus(mosaic.row().times(mosaic.spacingBetweenColumnsMm() * (mosaic.columns() - columns) / 2))
                .plus(mosaic.column().times(mosaic.spacingBetweenRowsMm() * (mosaic.rows() - rows) / 2));
        return step(slices, centre(first, rows, columns)).map(step -> {
            List<Tile> tiles = new ArrayList<>();
            for (int number = 0; number < slices; number++) {
                tiles.add(new Tile(number, tilesPerRow, plane(first.plus(step.times(number)), rows, columns)));
            }
            return tiles;
        });
    }

    private OptionalInt count() {
        OptionalInt stated = PrivateElement.evenOrphaned(instance, SIEMENS, 0x0019, 0x0A)
                .map(element -> element.integers())
                .filter(values -> values.length > 0)
                .map(values -> OptionalInt.of((int) values[0]))
                .orElse(OptionalInt.empty());
        if (stated.isPresent()) {
            return stated;
        }
        double[] inHeader = csa.numbers("NumberOfImagesInMosaic");
        if (inHeader.length > 0) {
            return OptionalInt.of((int) inHeader[0]);
        }
        OptionalDouble inProtocol = csa.protocol("sSliceArray.lSize");
        return inProtocol.isPresent() ? OptionalInt.of((int) inProtocol.getAsDouble()) : OptionalInt.empty();
    }

    /** The middle of the field of view, which is how the protocol places a slice. */
    private Lps centre(Lps firstVoxel, int rows, int columns) {
        return firstVoxel
                .plus(mosaic.row().times(mosaic.spacingBetweenColumnsMm() * columns / 2))
                .plus(mosaic.column().times(mosaic.spacingBetweenRowsMm() * rows / 2));
    }

    private Optional<Lps> step(int slices, Lps centreOfFirstTile) {
        if (slices == 1) {
            return Optional.of(mosaic.normal());
        }
        OptionalDouble inProtocol = csa.protocol("sSliceArray.lSize");
        if (inProtocol.isPresent() && (int) inProtocol.getAsDouble() == slices) {
            Lps lowest = slicePosition(0);
            Lps highest = slicePosition(slices - 1);
            Lps step = highest.minus(lowest).times(1.0 / (slices - 1));
            if (centreOfFirstTile.minus(lowest).length() < SAME_SLICE_MM) {
                return Optional.of(step);
            }
            return centreOfFirstTile.minus(highest).length() < SAME_SLICE_MM
                    ? Optional.of(step.times(-1))
                    : Optional.empty();
        }
        double[] normal = csa.numbers("SliceNormalVector");
        OptionalDouble spacing = instance.decimal(Tag.SpacingBetweenSlices);
        if (normal.length != 3 || spacing.isEmpty() || !(spacing.getAsDouble() > 0)) {
            return Optional.empty();
        }
        return Optional.of(new Lps(normal[0], normal[1], normal[2]).unit().times(spacing.getAsDouble()));
    }

    /** Sag, Cor and Tra are the patient's x, y and z (LPS, mm). */
    private Lps slicePosition(int slice) {
        String name = "sSliceArray.asSlice[" + slice + "].sPosition.";
        return new Lps(
                csa.protocol(name + "dSag").orElse(0),
                csa.protocol(name + "dCor").orElse(0),
                csa.protocol(name + "dTra").orElse(0));
    }

    private ImagePlane plane(Lps position, int rows, int columns) {
        return new ImagePlane(
                position,
                mosaic.row(),
                mosaic.column(),
                mosaic.spacingBetweenRowsMm(),
                mosaic.spacingBetweenColumnsMm(),
                rows,
                columns,
                mosaic.sliceThicknessMm());
    }
}
