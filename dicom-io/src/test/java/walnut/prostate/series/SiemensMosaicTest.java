package walnut.prostate.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Vr;
import walnut.dicom.part10.Part10Writer;
import walnut.failure.FailureCode;
import walnut.testing.MrSeries;
import walnut.volume.Lps;
import walnut.volume.Volume;

/** A series written slice by slice and the same slices in one mosaic must be the same volume. */
class SiemensMosaicTest {
    private static final int SLICES = 5;
    private static final int TILES_PER_ROW = 3;
    private static final double COLUMN_MM = MrSeries.SPACING_BETWEEN_COLUMNS_MM;
    private static final double ROW_MM = MrSeries.SPACING_BETWEEN_ROWS_MM;

    @TempDir
    Path folder;

    private final List<DataSet> slices =
            MrSeries.trace(6, "ep2d_diff", 1000).slices(SLICES).instances();

    @Test
    void tiles_in_the_order_of_the_protocols_slices() throws IOException {
        assertSameVolume(mosaic(slices, builder -> withProtocol(builder, slices)));
    }

    @Test
    void tiles_from_the_other_end_than_the_protocols_slices() throws IOException {
        assertSameVolume(mosaic(reversed(slices), builder -> withProtocol(builder, slices)));
    }

    @Test
    void tiles_along_the_normal_of_the_image_header() throws IOException {
        assertSameVolume(mosaic(slices, builder -> withImageHeader(builder, normal())));
        assertSameVolume(mosaic(reversed(slices), builder -> withImageHeader(builder, normal().times(-1))));
    }

    @Test
    void a_count_alone_does_not_say_which_way_the_slices_go() throws IOException {
        DataSet mosaic = mosaic(slices, builder -> {
            MrSeries.siemensB(builder, "1000");
            builder.putInteger(0x0019100A, Vr.US, SLICES);
        });
        assertThat(problems(mosaic)).containsExactly(FailureCode.GEOMETRY_MISSING);
    }

    @Test
    void a_protocol_of_other_slices_is_not_believed() throws IOException {
        List<DataSet> elsewhere = MrSeries.trace(6, "ep2d_diff", 1000)
                .slices(SLICES)
                .startingAt(40, 1)
                .instances();
        DataSet mosaic = mosaic(slices, builder -> withProtocol(builder, elsewhere));
        assertThat(problems(mosaic)).containsExactly(FailureCode.GEOMETRY_MISSING);
    }

    @Test
    void a_damaged_header_is_refused_and_nothing_more() throws IOException {
        byte[] whole = CsaHeaders.image(Map.of("NumberOfImagesInMosaic", new String[] {"5"}));
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            DataSet mosaic = mosaic(slices, builder -> builder.putString(0x00290010, Vr.LO, "SIEMENS CSA HEADER")
                    .putBytes(0x00291010, Vr.OB, cut));
            assertThat(problems(mosaic)).containsExactly(FailureCode.GEOMETRY_MISSING);
        }
    }

    @Test
    void an_item_of_a_negative_length_ends_the_header_and_not_the_reader() throws IOException {
        byte[] header = CsaHeaders.image("NumberOfImagesInMosaic", "5");
        // The first item's second length; -20 would lead the reader back to where it is, for ever.
        ByteBuffer.wrap(header)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(16 + 84 + 4, -20)
                .putInt(16 + 76, Integer.MAX_VALUE);
        DataSet mosaic = mosaic(slices, builder -> builder.putString(0x00290010, Vr.LO, "SIEMENS CSA HEADER")
                .putBytes(0x00291010, Vr.OB, header));
        assertThat(problems(mosaic)).containsExactly(FailureCode.GEOMETRY_MISSING);
    }

    @Test
    void a_count_beyond_any_scanner_is_refused() throws IOException {
        DataSet mosaic = mosaic(slices, builder -> withImageHeader(builder, normal())
                .putInteger(0x0019100A, Vr.US, 65_025)
                .putString(0x00190010, Vr.LO, "SIEMENS MR HEADER")
                .putInteger(Tag.Rows, 255)
                .putInteger(Tag.Columns, 255));
        assertThat(problems(mosaic)).containsExactly(FailureCode.GEOMETRY_MISSING);
    }

    private void assertSameVolume(DataSet mosaic) throws IOException {
        Volume expected = volume(slices);
        Volume found = volume(List.of(mosaic));
        assertThat(found.values()).isEqualTo(expected.values());
        for (int corner = 0; corner < 8; corner++) {
            double i = (corner & 1) * (MrSeries.COLUMNS - 1);
            double j = (corner >> 1 & 1) * (MrSeries.ROWS - 1);
            double k = (corner >> 2) * (SLICES - 1);
            Lps difference = found.geometry()
                    .toPatient(i, j, k)
                    .minus(expected.geometry().toPatient(i, j, k));
            assertThat(difference.length()).isCloseTo(0, within(1e-3));
        }
    }

    private Volume volume(List<DataSet> instances) throws IOException {
        StudySeries series = series(instances);
        assertThat(series.problems()).isEmpty();
        assertThat(series.bValues()).containsExactly(1000.0);
        return VolumeBuilder.build(series.volumes().get(0));
    }

    private List<FailureCode> problems(DataSet mosaic) throws IOException {
        return series(List.of(mosaic)).problems().stream().map(Problem::code).toList();
    }

    private StudySeries series(List<DataSet> instances) throws IOException {
        Path own = Files.createTempDirectory(folder, "series");
        for (int at = 0; at < instances.size(); at++) {
            Part10Writer.write(own.resolve(at + ".dcm"), instances.get(at), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        }
        return StudyFolder.read(own).studies().get(0).series().get(0);
    }

    private interface Change {
        void of(DataSet.Builder builder);
    }

    /** These slices as tiles, first to last, under one header as Siemens writes it. */
    private static DataSet mosaic(List<DataSet> ordered, Change change) {
        int rows = MrSeries.ROWS * TILES_PER_ROW;
        int columns = MrSeries.COLUMNS * TILES_PER_ROW;
        byte[] pixels = new byte[2 * rows * columns];
        for (int tile = 0; tile < ordered.size(); tile++) {
            byte[] slice = ordered.get(tile).bytes(Tag.PixelData).orElseThrow();
            for (int j = 0; j < MrSeries.ROWS; j++) {
                int row = tile / TILES_PER_ROW * MrSeries.ROWS + j;
                int column = tile % TILES_PER_ROW * MrSeries.COLUMNS;
                System.arraycopy(
                        slice, 2 * j * MrSeries.COLUMNS, pixels, 2 * (row * columns + column), 2 * MrSeries.COLUMNS);
            }
        }
        DataSet first = ordered.get(0);
        Lps corner = position(first)
                .minus(rowDirection(first).times((columns - MrSeries.COLUMNS) / 2.0 * COLUMN_MM))
                .minus(columnDirection(first).times((rows - MrSeries.ROWS) / 2.0 * ROW_MM));
        DataSet.Builder builder = first.toBuilder()
                .putString(Tag.ImageType, "ORIGINAL", "PRIMARY", "DIFFUSION", "NONE", "MOSAIC")
                .putInteger(Tag.Rows, rows)
                .putInteger(Tag.Columns, columns)
                .putDecimal(Tag.SpacingBetweenSlices, MrSeries.STEP_MM)
                .putDecimal(Tag.ImagePositionPatient, corner.x(), corner.y(), corner.z())
                .putBytes(Tag.PixelData, Vr.OW, pixels);
        change.of(builder);
        return builder.build();
    }

    /** The protocol names the middle of each slice's field of view; a zero is left out. */
    private static void withProtocol(DataSet.Builder builder, List<DataSet> inOrderOfProtocol) {
        StringBuilder text = new StringBuilder("binary\0\1\n### ASCCONV BEGIN ###\nulVersion = 0x14b44b6\n");
        for (int slice = 0; slice < inOrderOfProtocol.size(); slice++) {
            DataSet instance = inOrderOfProtocol.get(slice);
            Lps centre = position(instance)
                    .plus(rowDirection(instance).times(COLUMN_MM * MrSeries.COLUMNS / 2))
                    .plus(columnDirection(instance).times(ROW_MM * MrSeries.ROWS / 2));
            String name = "sSliceArray.asSlice[" + slice + "].sPosition.";
            text.append(String.format(
                    Locale.ROOT,
                    "%sdSag\t= %.9f%n%sdCor = %.9f%n%sdTra = %.9f%n",
                    name,
                    centre.x(),
                    name,
                    centre.y(),
                    name,
                    centre.z()));
        }
        text.append("sSliceArray.lSize = ").append(inOrderOfProtocol.size()).append("\n### ASCCONV END ###\n");
        builder.putString(0x00290010, Vr.LO, "SIEMENS CSA HEADER")
                .putBytes(0x00291020, Vr.OB, even(text.toString().getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static DataSet.Builder withImageHeader(DataSet.Builder builder, Lps normal) {
        return builder.putString(0x00290010, Vr.LO, "SIEMENS CSA HEADER")
                .putBytes(
                        0x00291010,
                        Vr.OB,
                        even(CsaHeaders.image(Map.of(
                                "NumberOfImagesInMosaic", new String[] {"5       "},
                                "SliceNormalVector",
                                        new String[] {"" + normal.x(), "" + normal.y(), "" + normal.z(), "", "", ""
                                        }))));
    }

    private static byte[] even(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length + bytes.length % 2);
    }

    private static List<DataSet> reversed(List<DataSet> slices) {
        return IntStream.range(0, slices.size())
                .mapToObj(at -> slices.get(slices.size() - 1 - at))
                .toList();
    }

    private Lps normal() {
        return position(slices.get(1)).minus(position(slices.get(0))).unit();
    }

    private static Lps position(DataSet instance) {
        double[] values = instance.decimals(Tag.ImagePositionPatient);
        return new Lps(values[0], values[1], values[2]);
    }

    private static Lps rowDirection(DataSet instance) {
        double[] values = instance.decimals(Tag.ImageOrientationPatient);
        return new Lps(values[0], values[1], values[2]);
    }

    private static Lps columnDirection(DataSet instance) {
        double[] values = instance.decimals(Tag.ImageOrientationPatient);
        return new Lps(values[3], values[4], values[5]);
    }
}
