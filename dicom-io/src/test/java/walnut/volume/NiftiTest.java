package walnut.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walnut.testing.SharedData;

class NiftiTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"t2w.nii", "t2w.nii.gz"})
    void a_written_volume_is_read_back(String name) throws IOException {
        Volume volume = Grids.ramp(Grids.oblique(6, 5, 4));
        Nifti.write(volume, folder.resolve(name));
        Volume back = Nifti.read(folder.resolve(name));
        assertThat(back.values()).isEqualTo(volume.values());
        assertSameGrid(back.geometry(), volume.geometry());
    }

    @Property(tries = 200)
    void qform_says_what_sform_says_as_well_as_its_float32_quaternion_can(
            @ForAll @DoubleRange(min = -3.1, max = 3.1) double tilt,
            @ForAll @DoubleRange(min = -3.1, max = 3.1) double turn)
            throws IOException {
        VolumeGeometry geometry = Grids.tilted(3, 2, 2, tilt, turn);
        Path file = Files.createTempFile("walnut-qform", ".nii");
        try {
            Nifti.write(Grids.ramp(geometry), file);
            byte[] bytes = Files.readAllBytes(file);
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(254, (short) 0);
            Files.write(file, bytes);
            // a = sqrt(1 - b2 - c2 - d2) loses half of float32's digits near a = 0, where axial images are.
            VolumeGeometry back = Nifti.read(file).geometry();
            assertThat(back.toPatient(2, 1, 1)
                            .minus(geometry.toPatient(2, 1, 1))
                            .length())
                    .isCloseTo(0, within(4e-3));
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void the_header_has_its_fields_where_nifti1_h_puts_them() throws IOException {
        VolumeGeometry geometry = Grids.oblique(6, 5, 4);
        Nifti.write(Grids.ramp(geometry), folder.resolve("a.nii"));
        ByteBuffer header =
                ByteBuffer.wrap(Files.readAllBytes(folder.resolve("a.nii"))).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.capacity()).isEqualTo(352 + 4 * 120);
        assertThat(header.getInt(0)).as("sizeof_hdr").isEqualTo(348);
        assertThat(header.getShort(40)).as("dim[0]").isEqualTo((short) 3);
        assertThat(header.getShort(42)).as("dim[1]").isEqualTo((short) 6);
        assertThat(header.getShort(70)).as("datatype float32").isEqualTo((short) 16);
        assertThat(header.getShort(72)).as("bitpix").isEqualTo((short) 32);
        assertThat(header.getFloat(76)).as("qfac").isEqualTo(1);
        assertThat(header.getFloat(80)).as("pixdim[1]").isEqualTo(0.5f);
        assertThat(header.getFloat(268)).as("qoffset_x is -L").isEqualTo(41.5f);
        assertThat(header.getFloat(272)).as("qoffset_y is -P").isEqualTo(-17.25f);
        assertThat(header.getFloat(276)).as("qoffset_z is H").isEqualTo(-60.125f);
        assertThat(header.getFloat(280)).as("srow_x[0]").isEqualTo((float)
                (-0.5 * geometry.directionI().x()));
        assertThat(header.getFloat(352)).as("first voxel").isEqualTo(0.3f);
    }

    @Test
    void writing_twice_gives_the_same_bytes() throws IOException {
        Volume volume = Grids.ramp(Grids.oblique(6, 5, 4));
        Nifti.write(volume, folder.resolve("a.nii.gz"));
        Nifti.write(volume, folder.resolve("b.nii.gz"));
        assertThat(folder.resolve("a.nii.gz")).hasSameBinaryContentAs(folder.resolve("b.nii.gz"));
    }

    @Test
    void a_written_mask_is_read_back() throws IOException {
        VolumeGeometry geometry = Grids.oblique(4, 3, 2);
        byte[] labels = new byte[24];
        labels[5] = 1;
        labels[6] = (byte) 255;
        Nifti.write(new Mask(geometry, labels), folder.resolve("gland.nii.gz"));
        Mask back = Nifti.readMask(folder.resolve("gland.nii.gz"));
        assertThat(back.labels()).isEqualTo(labels);
        assertThat(back.at(2, 1, 0)).isEqualTo(255);
    }

    @Test
    void big_endian_integers_with_slope_and_intercept_become_real_values() throws IOException {
        ByteBuffer file = ByteBuffer.allocate(352 + 2 * 2).order(ByteOrder.BIG_ENDIAN);
        file.putInt(0, 348).putShort(40, (short) 3).putShort(42, (short) 2);
        file.putShort(44, (short) 1).putShort(46, (short) 1).putShort(70, (short) 4);
        file.putFloat(108, 352).putFloat(112, 0.5f).putFloat(116, 100);
        file.putShort(254, (short) 1);
        file.putFloat(280, -2).putFloat(300, -2).putFloat(320, 2);
        file.put(344, new byte[] {'n', '+', '1', 0});
        file.putShort(352, (short) -20).putShort(354, (short) 30);
        Files.write(folder.resolve("big.nii"), file.array());
        Volume volume = Nifti.read(folder.resolve("big.nii"));
        assertThat(volume.values()).containsExactly(90, 115);
        assertThat(volume.geometry().directionI().minus(new Lps(1, 0, 0)).length())
                .isZero();
    }

    @Test
    void voxels_of_a_left_handed_grid_stay_where_they_are_in_the_patient() throws IOException {
        Volume volume = Grids.ramp(Grids.oblique(3, 2, 2));
        Path file = folder.resolve("left.nii");
        Nifti.write(volume, file);
        // Swap the two slices in the file and let k run the other way: the same picture, determinant -1.
        byte[] bytes = Files.readAllBytes(file);
        byte[] first = Arrays.copyOfRange(bytes, 352, 352 + 24);
        System.arraycopy(bytes, 352 + 24, bytes, 352, 24);
        System.arraycopy(first, 0, bytes, 352 + 24, 24);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < 3; row++) {
            int k = 280 + 16 * row + 8;
            float step = header.getFloat(k);
            header.putFloat(k, -step);
            header.putFloat(k + 4, header.getFloat(k + 4) + step);
        }
        Files.write(file, bytes);
        Volume back = Nifti.read(file);
        assertThat(back.values()).isEqualTo(volume.values());
        assertSameGrid(back.geometry(), volume.geometry());
    }

    @Test
    void refuses_what_is_not_nifti() throws IOException {
        Files.write(folder.resolve("short.nii"), new byte[100]);
        Files.write(folder.resolve("zeros.nii"), new byte[400]);
        assertThatThrownBy(() -> Nifti.read(folder.resolve("short.nii")))
                .isInstanceOf(MalformedNiftiException.class)
                .hasMessageContaining("ends after 100");
        assertThatThrownBy(() -> Nifti.read(folder.resolve("zeros.nii"))).isInstanceOf(MalformedNiftiException.class);
    }

    @Test
    void refuses_a_header_that_announces_more_than_the_file_can_hold() throws IOException {
        Path file = folder.resolve("liar.nii.gz");
        Path honest = folder.resolve("honest.nii");
        Nifti.write(Grids.ramp(Grids.oblique(3, 2, 2)), honest);
        byte[] bytes = Files.readAllBytes(honest);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(42, (short) 30_000);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(44, (short) 30_000);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(bytes);
        }
        assertThatThrownBy(() -> Nifti.read(file))
                .isInstanceOf(MalformedNiftiException.class)
                .hasMessageContaining("more than the file can hold");
    }

    @Test
    void refuses_a_file_cut_at_any_byte() throws IOException {
        Path whole = folder.resolve("whole.nii");
        Nifti.write(Grids.ramp(Grids.oblique(2, 2, 2)), whole);
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = folder.resolve("cut.nii");
        for (int length = 0; length < bytes.length; length++) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> Nifti.read(cut)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void reads_maps_that_another_program_wrote() throws IOException {
        Path file = SharedData.require("data/picai_eval/test-maps/case-1_label.nii.gz");
        Mask label = Nifti.readMask(file);
        byte[] raw;
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            raw = in.readAllBytes();
        }
        assertThat(label.geometry().columns())
                .isEqualTo(ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).getShort(42));
        assertThat(label.count(1)).isPositive();
    }

    /** Datatype codes of nifti1.h that hold one number per voxel, by bytes. */
    private static final short[] DATATYPES = {2, 256, 4, 512, 8, 768, 16, 64};

    private static final int[] BYTES_PER_VOXEL = {1, 1, 2, 2, 4, 4, 4, 8};

    @Property(tries = 200)
    void every_datatype_and_byte_order_gives_the_same_values(
            @ForAll @IntRange(min = 0, max = 7) int type,
            @ForAll boolean bigEndian,
            @ForAll boolean scaled,
            @ForAll @Size(6) List<@IntRange(min = 0, max = 127) Integer> stored)
            throws IOException {
        ByteBuffer file = ByteBuffer.allocate(352 + 6 * BYTES_PER_VOXEL[type])
                .order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        putHeader(file, 3, 2, 1, DATATYPES[type]);
        if (scaled) {
            file.putFloat(112, 0.25f).putFloat(116, -8);
        }
        for (int voxel = 0; voxel < 6; voxel++) {
            int at = 352 + voxel * BYTES_PER_VOXEL[type];
            int value = stored.get(voxel);
            switch (DATATYPES[type]) {
                case 2, 256 -> file.put(at, (byte) value);
                case 4, 512 -> file.putShort(at, (short) value);
                case 8, 768 -> file.putInt(at, value);
                case 16 -> file.putFloat(at, value);
                default -> file.putDouble(at, value);
            }
        }
        Volume volume = read(file.array());
        for (int voxel = 0; voxel < 6; voxel++) {
            float value = stored.get(voxel);
            assertThat(volume.values()[voxel]).isEqualTo(scaled ? 0.25f * value - 8 : value);
        }
    }

    @Test
    void integers_keep_their_sign_or_have_none() throws IOException {
        assertThat(read(oneVoxel((short) 2, file -> file.put(352, (byte) -1))).values())
                .containsExactly(255);
        assertThat(read(oneVoxel((short) 256, file -> file.put(352, (byte) -1))).values())
                .containsExactly(-1);
        assertThat(read(oneVoxel((short) 512, file -> file.putShort(352, (short) -1)))
                        .values())
                .containsExactly(65_535);
        assertThat(read(oneVoxel((short) 4, file -> file.putShort(352, (short) -1)))
                        .values())
                .containsExactly(-1);
        assertThat(read(oneVoxel((short) 768, file -> file.putInt(352, -1))).values())
                .containsExactly(4294967295f);
    }

    /** nifti1.h: a slope of zero, and by custom one that is no number, means that nothing is scaled. */
    @ParameterizedTest
    @ValueSource(floats = {0, Float.NaN, Float.POSITIVE_INFINITY})
    void no_slope_is_no_scaling(float slope) throws IOException {
        byte[] file = oneVoxel(
                (short) 4,
                header -> header.putFloat(112, slope).putFloat(116, 7).putShort(352, (short) 40));
        assertThat(read(file).values()).containsExactly(40);
    }

    @Test
    void sform_goes_before_qform_and_without_either_nobody_knows() throws IOException {
        byte[] both = oneVoxel(
                (short) 2,
                header -> header.putShort(252, (short) 1).putFloat(268, 99).putFloat(292, -30));
        assertThat(read(both).geometry().origin().x()).isEqualTo(30);
        byte[] onlyQform = oneVoxel((short) 2, header -> header.putShort(252, (short) 1)
                .putShort(254, (short) 0)
                .putFloat(268, 99)
                .putFloat(292, -30));
        assertThat(read(onlyQform).geometry().origin().x()).isEqualTo(-99);
        byte[] neither = oneVoxel((short) 2, header -> header.putShort(254, (short) 0));
        assertThatThrownBy(() -> read(neither))
                .isInstanceOf(MalformedNiftiException.class)
                .hasMessageContaining("neither sform nor qform");
    }

    @Test
    void what_would_be_misread_is_refused_with_its_reason() {
        assertRefused("metres", header -> header.put(123, (byte) 1));
        assertRefused("unit 3", header -> header.put(123, (byte) 3));
        assertRefused("pair of files", header -> header.put(344, new byte[] {'n', 'i', '1', 0}));
        assertRefused("NIfTI-2", header -> header.putInt(0, 540).put(4, new byte[] {'n', '+', '2', 0}));
        assertRefused("gzip", header -> header.put(0, (byte) 0x1F).put(1, (byte) 0x8B));
        assertRefused("datatype 128", header -> header.putShort(70, (short) 128));
        assertRefused("dim[4] is 3", header -> header.putShort(40, (short) 4).putShort(48, (short) 3));
        assertRefused("positive dimensions", header -> header.putShort(42, (short) 0));
        assertRefused("positive dimensions", header -> header.putShort(42, (short) -5));
        assertRefused("vox_offset", header -> header.putFloat(108, 0));
        assertRefused("vox_offset", header -> header.putFloat(108, Float.NaN));
        assertRefused("not finite", header -> header.putFloat(292, Float.NaN));
        assertRefused("not finite", header -> header.putFloat(280, Float.POSITIVE_INFINITY));
        assertRefused("rotated grid", header -> header.putFloat(280, 0));
        assertRefused("rotated grid", header -> header.putFloat(284, 1));
    }

    private void assertRefused(String reason, Consumer<ByteBuffer> change) {
        assertThatThrownBy(() -> read(oneVoxel((short) 2, change)))
                .isInstanceOf(MalformedNiftiException.class)
                .hasMessageContaining(reason);
    }

    private static byte[] oneVoxel(short datatype, Consumer<ByteBuffer> change) {
        ByteBuffer file = ByteBuffer.allocate(360).order(ByteOrder.LITTLE_ENDIAN);
        putHeader(file, 1, 1, 1, datatype);
        change.accept(file);
        return file.array();
    }

    private static void putHeader(ByteBuffer file, int columns, int rows, int slices, short datatype) {
        file.putInt(0, 348).putShort(40, (short) 3).putShort(42, (short) columns);
        file.putShort(44, (short) rows).putShort(46, (short) slices).putShort(70, datatype);
        file.putFloat(76, 1).putFloat(80, 2).putFloat(84, 2).putFloat(88, 2);
        file.putFloat(108, 352).put(123, (byte) 2).putShort(254, (short) 1);
        file.putFloat(280, -2).putFloat(300, -2).putFloat(320, 2);
        file.put(344, new byte[] {'n', '+', '1', 0});
    }

    private static Volume read(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("walnut-nifti", ".nii");
        try {
            Files.write(file, bytes);
            return Nifti.read(file);
        } finally {
            Files.delete(file);
        }
    }

    private static void assertSameGrid(VolumeGeometry actual, VolumeGeometry expected) {
        assertThat(actual.columns()).isEqualTo(expected.columns());
        assertThat(actual.rows()).isEqualTo(expected.rows());
        assertThat(actual.slices()).isEqualTo(expected.slices());
        // float32 in the header: 1e-3 mm is the tolerance at which volumes count as being at equal positions.
        for (int corner = 0; corner < 8; corner++) {
            double i = (corner & 1) * (expected.columns() - 1);
            double j = (corner >> 1 & 1) * (expected.rows() - 1);
            double k = (corner >> 2) * (expected.slices() - 1);
            assertThat(actual.toPatient(i, j, k)
                            .minus(expected.toPatient(i, j, k))
                            .length())
                    .isCloseTo(0, within(1e-3));
        }
    }
}
