package walnut.dicom.pixel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Vr;
import walnut.dicom.part10.DataSetReader;
import walnut.dicom.part10.DataSetWriter;
import walnut.dicom.part10.Part10Reader;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.testing.SharedData;

class StoredPixelsTest {

    @Property
    void values_come_back_whatever_bits_lie_outside_them(
            @ForAll @IntRange(min = 2, max = 16) int bitsStored,
            @ForAll boolean signed,
            @ForAll @Size(6) List<Short> noise) {
        int[] expected = new int[6];
        ByteBuffer cells = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        int lowest = signed ? -(1 << bitsStored - 1) : 0;
        int mask = (1 << bitsStored) - 1;
        for (int i = 0; i < 6; i++) {
            expected[i] = lowest + (noise.get(i) & mask);
            cells.putShort((short) (expected[i] & mask | noise.get(5 - i) & ~mask));
        }
        DataSet image = image(16, bitsStored, signed, cells.array()).build();
        assertThat(StoredPixels.read(image).frame(0)).isEqualTo(expected);
        assertThat(StoredPixels.read(image).sha256()).isEqualTo(sha256(expected));
    }

    @Test
    void signed_bytes_are_extended() {
        DataSet image = image(8, 8, true, new byte[] {-128, -1, 0, 1, 2, 127}).build();
        assertThat(StoredPixels.read(image).frame(0)).containsExactly(-128, -1, 0, 1, 2, 127);
        assertThat(StoredPixels.read(image).isSigned()).isTrue();
    }

    @Test
    void values_below_the_high_bit_are_shifted_down() {
        byte[] cells = {0, 0x10, 0, 0x20, 0, 0x30, 0, 0x40, 0, 0x50, (byte) 0xFF, 0x6F};
        DataSet image = image(16, 4, false, cells).putInteger(Tag.HighBit, 15).build();
        assertThat(StoredPixels.read(image).frame(0)).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void frames_follow_one_another() {
        DataSet image = image(8, 8, false, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
                .putInteger(Tag.NumberOfFrames, 2)
                .build();
        StoredPixels pixels = StoredPixels.read(image);
        assertThat(pixels.frame(1)).containsExactly(7, 8, 9, 10, 11, 12);
        assertThatThrownBy(() -> pixels.frame(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void digest_does_not_depend_on_the_transfer_syntax() {
        DataSet image = image(16, 12, false, new byte[] {1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 1})
                .build();
        for (TransferSyntax syntax : List.of(
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)) {
            DataSet again = DataSetReader.read(DataSetWriter.toBytes(image, syntax), syntax);
            assertThat(StoredPixels.read(again).sha256()).isEqualTo(sha256(1, 2, 3, 4, 5, 262));
        }
    }

    @Test
    void refuses_what_cannot_be_pixels_and_says_why() {
        byte[] six = new byte[6];
        assertRefused(image -> image.remove(Tag.PixelData), six, "no PixelData");
        assertRefused(image -> image.remove(Tag.Rows), six, "Rows");
        assertRefused(image -> image.putInteger(Tag.Rows, 0), six, "Rows");
        assertRefused(image -> image.putInteger(Tag.BitsAllocated, 32), six, "BitsAllocated is 32");
        assertRefused(image -> image.putInteger(Tag.BitsStored, 12), six, "contradict");
        assertRefused(image -> image.putInteger(Tag.NumberOfFrames, 7), six, "need 42");
        assertRefused(
                image -> image.putInteger(Tag.Rows, 65535)
                        .putInteger(Tag.Columns, 65535)
                        .putInteger(Tag.SamplesPerPixel, 65535)
                        .putInteger(Tag.NumberOfFrames, Integer.MAX_VALUE),
                six,
                "beyond");
        assertRefused(
                image -> image.putFragments(Tag.PixelData, Vr.OB, List.of(new byte[0], new byte[4])),
                six,
                "compressed");
    }

    private static void assertRefused(UnaryOperator<DataSet.Builder> change, byte[] pixels, String reason) {
        DataSet image = change.apply(image(8, 8, false, pixels)).build();
        assertThatThrownBy(() -> StoredPixels.read(image))
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PIXELS_NOT_DECODABLE))
                .hasMessageContaining(reason);
    }

    @Test
    void a_compressed_file_is_refused_with_its_transfer_syntax() throws IOException {
        Path file = SharedData.require("data/odd/MR-JPEGLosslessSV1.dcm");
        assertThatThrownBy(() -> StoredPixels.read(Part10Reader.read(file)))
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining("1.2.840.10008.1.2.4.70");
    }

    /** A 2 × 3 image. */
    private static DataSet.Builder image(int bitsAllocated, int bitsStored, boolean signed, byte[] pixels) {
        return DataSet.builder()
                .putInteger(Tag.SamplesPerPixel, 1)
                .putInteger(Tag.Rows, 2)
                .putInteger(Tag.Columns, 3)
                .putInteger(Tag.BitsAllocated, bitsAllocated)
                .putInteger(Tag.BitsStored, bitsStored)
                .putInteger(Tag.PixelRepresentation, signed ? 1 : 0)
                .putBytes(Tag.PixelData, bitsAllocated == 8 ? Vr.OB : Vr.OW, pixels);
    }

    private static String sha256(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            bytes.putShort((short) value);
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
