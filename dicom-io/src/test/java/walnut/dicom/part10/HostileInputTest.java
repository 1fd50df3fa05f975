package walnut.dicom.part10;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Vr;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** Whatever the bytes are: a data set, or one of the reader's refusals, and no more memory than was there to read. */
class HostileInputTest {
    private static final List<FailureCode> REFUSALS = List.of(
            FailureCode.NOT_DICOM,
            FailureCode.TRUNCATED,
            FailureCode.MALFORMED_DATASET,
            FailureCode.DATASET_TOO_LARGE,
            FailureCode.UNSUPPORTED_TRANSFER_SYNTAX);

    /** Memory that reading a small file may take: the chunk, and room for notices and messages. */
    private static final long MODEST = 1 << 20;

    private static final HexFormat HEX = HexFormat.of();

    @Test
    void a_file_cut_at_any_byte_is_refused_or_shorter() throws IOException {
        for (TransferSyntax syntax : List.of(
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)) {
            byte[] whole = file(7, syntax);
            int size = Part10Reader.read(whole, ReadOptions.all()).dataSet().size();
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                try {
                    assertThat(Part10Reader.read(cut, ReadOptions.all())
                                    .dataSet()
                                    .size())
                            .as("%s cut at %d", syntax, length)
                            .isLessThan(size);
                } catch (WalnutException e) {
                    assertThat(e.code())
                            .as("%s cut at %d: %s", syntax, length, e.getMessage())
                            .isIn(FailureCode.TRUNCATED, FailureCode.NOT_DICOM);
                }
            }
        }
    }

    @Property(tries = 500)
    void flipped_bits_are_read_or_refused(
            @ForAll long seed, @ForAll("syntaxes") TransferSyntax syntax, @ForAll boolean sizeKnown)
            throws IOException {
        byte[] bytes = file(seed % 50, syntax);
        Random random = new Random(seed);
        for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        assertReadOrRefused(bytes, sizeKnown);
    }

    @Property(tries = 300)
    void any_bytes_after_a_good_beginning_are_read_or_refused(
            @ForAll @Size(max = 100) byte[] noise, @ForAll("syntaxes") TransferSyntax syntax, @ForAll boolean sizeKnown)
            throws IOException {
        byte[] beginning = file(3, syntax);
        byte[] bytes = Arrays.copyOf(beginning, beginning.length + noise.length);
        int from = 132 + Math.floorMod(Arrays.hashCode(noise), beginning.length - 132);
        System.arraycopy(noise, 0, bytes, from, noise.length);
        assertReadOrRefused(Arrays.copyOf(bytes, Math.max(from + noise.length, beginning.length)), sizeKnown);
    }

    private static void assertReadOrRefused(byte[] bytes, boolean sizeKnown) throws IOException {
        ReadOptions limits = ReadOptions.all().withMaxTotalBytes(1 << 20).withMaxValueBytes(1 << 16);
        try {
            DicomFile file = sizeKnown
                    ? Part10Reader.read(bytes, limits)
                    : Part10Reader.read(new ByteArrayInputStream(bytes), limits);
            file.dataSet().forEach(element -> {
                element.strings();
                element.decimals();
            });
            file.notices().forEach(notice -> assertThat(notice.sentence()).isNotBlank());
        } catch (WalnutException e) {
            assertThat(e.code()).isIn(REFUSALS);
        }
    }

    @Test
    void a_length_of_four_gigabytes_on_a_short_file_is_truncated_without_allocation() {
        byte[] bytes = HEX.parseHex("e07f10004f570000fcffffff00000000");
        ReadOptions unlimited = ReadOptions.all().withMaxValueBytes(Integer.MAX_VALUE);
        for (ReadOptions options : List.of(ReadOptions.all(), unlimited)) {
            assertThat(allocatedBy(() -> assertRefused(
                            FailureCode.TRUNCATED,
                            () -> DataSetReader.read(bytes, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, options))))
                    .isLessThan(MODEST);
            assertThat(allocatedBy(() -> assertRefused(
                            FailureCode.TRUNCATED,
                            () -> DataSetReader.read(
                                    stream(bytes), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, options))))
                    .isLessThan(MODEST);
        }
    }

    @Test
    void a_length_of_two_gigabytes_in_a_stream_allocates_only_what_arrives() {
        byte[] bytes = HEX.parseHex("e07f10004f570000f0ffff7f00000000");
        ReadOptions unlimited = ReadOptions.all().withMaxValueBytes(Integer.MAX_VALUE);
        assertThat(allocatedBy(() -> assertRefused(
                        FailureCode.TRUNCATED,
                        () -> DataSetReader.read(stream(bytes), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, unlimited))))
                .isLessThan(MODEST);
    }

    @Test
    void a_value_beyond_the_limit_is_too_large_when_it_is_really_there() {
        byte[] bytes = DataSetWriter.toBytes(
                DataSet.builder().putBytes(Tag.PixelData, Vr.OW, new byte[2000]).build(),
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        ReadOptions options = ReadOptions.all().withMaxValueBytes(1999);
        assertRefused(
                FailureCode.DATASET_TOO_LARGE,
                () -> DataSetReader.read(bytes.clone(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, options));
        assertRefused(
                FailureCode.DATASET_TOO_LARGE,
                () -> DataSetReader.read(stream(bytes), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, options));
        assertThatCode(() -> DataSetReader.read(
                        bytes.clone(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, options.withMaxValueBytes(2000)))
                .doesNotThrowAnyException();
    }

    /** Ultrasound and workstations put whole volumes into private elements; no header needs them. */
    @Test
    void a_header_is_read_past_values_of_any_length_and_holds_none_of_them() throws IOException {
        DataSet ultrasound = DataSet.builder()
                .putString(Tag.SOPClassUID, "1.2.840.10008.5.1.4.1.1.3.1")
                .putString(Tag.SOPInstanceUID, "2.25.9")
                .putString(0x200D0010, Vr.LO, "WALNUT TEST")
                .putBytes(0x200D1001, Vr.OB, new byte[20 << 20])
                .putInteger(Tag.Rows, 4)
                .putBytes(Tag.PixelData, Vr.OW, new byte[10 << 20])
                .build();
        for (TransferSyntax syntax : List.of(
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Part10Writer.write(out, ultrasound, syntax);
            byte[] bytes = out.toByteArray();
            DicomFile header = Part10Reader.read(bytes, ReadOptions.header());
            assertThat(header.dataSet().contains(0x200D1001)).isFalse();
            assertThat(header.dataSet().contains(Tag.PixelData)).isFalse();
            assertThat(header.dataSet().string(0x200D0010)).hasValue("WALNUT TEST");
            assertThat(header.notices())
                    .containsExactly(new ReadNotice(ReadNotice.Kind.LONG_VALUE_PASSED_OVER, 0x200D1001));
            assertThat(allocatedBy(() -> Part10Reader.read(bytes, ReadOptions.header())))
                    .as("%s", syntax)
                    .isLessThan(2 * MODEST);
            assertThat(Part10Reader.read(bytes, ReadOptions.all())
                            .dataSet()
                            .element(0x200D1001)
                            .orElseThrow()
                            .length())
                    .isEqualTo(20 << 20);
        }
        byte[] cut = HEX.parseHex("0d2001104f420000fcffffff00000000");
        assertRefused(
                FailureCode.TRUNCATED,
                () -> DataSetReader.read(cut, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, ReadOptions.header()));
        assertRefused(
                FailureCode.TRUNCATED,
                () -> DataSetReader.read(stream(cut), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, ReadOptions.header()));
    }

    @Test
    void reading_a_header_takes_no_more_from_a_stream_than_a_chunk_beyond_it() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DataSet image = new RandomDataSets(5)
                .next().toBuilder()
                        .putBytes(Tag.PixelData, Vr.OW, new byte[50 << 20])
                        .build();
        Part10Writer.write(out, image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
        int whole = in.available();
        DicomFile header = Part10Reader.read(in, ReadOptions.header().before(Tag.StudyInstanceUID));
        assertThat(header.dataSet().string(Tag.SOPInstanceUID)).isPresent();
        assertThat(whole - in.available()).isLessThanOrEqualTo(2 << 16);
    }

    /** 100 MiB of zeros deflate to 100 KiB. */
    @Test
    void a_deflated_bomb_meets_the_limit_on_all_bytes() {
        DataSet.Builder large = DataSet.builder();
        for (int i = 0; i < 100; i++) {
            large.putBytes(0x00191000 + i, Vr.OB, new byte[1 << 20]);
        }
        TransferSyntax deflated = TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN;
        byte[] bomb = DataSetWriter.toBytes(large.build(), deflated);
        assertThat(bomb).hasSizeLessThan(200_000);
        ReadOptions limits = ReadOptions.all().withMaxTotalBytes(4 << 20);
        assertThat(allocatedBy(() ->
                        assertRefused(FailureCode.DATASET_TOO_LARGE, () -> DataSetReader.read(bomb, deflated, limits))))
                .isLessThan(16 << 20);
    }

    @Test
    void sequences_nested_beyond_the_limit_are_refused_before_the_stack_is() {
        String sequence = "0800401153510000ffffffff" + "feff00e0ffffffff";
        byte[] bytes = HEX.parseHex(sequence.repeat(20_000));
        assertThatThrownBy(() -> DataSetReader.read(bytes, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN))
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining("nested deeper than the limit of 64");
    }

    @Test
    void elements_beyond_the_limit_are_refused() {
        byte[] bytes = HEX.parseHex("0800401153510000ffffffff" + "feff00e000000000".repeat(2000));
        ReadOptions limits = ReadOptions.all().withMaxElements(1000);
        assertRefused(
                FailureCode.DATASET_TOO_LARGE,
                () -> DataSetReader.read(bytes, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, limits));
    }

    @Test
    void what_is_no_dicom_is_named_so() {
        byte[] jpeg = Arrays.copyOf(HEX.parseHex("ffd8ffe000104a46494600010101004800480000"), 3000);
        assertRefused(FailureCode.NOT_DICOM, () -> Part10Reader.read(jpeg, ReadOptions.all()));
        assertThatThrownBy(() -> Part10Reader.read(new byte[0], ReadOptions.all()))
                .hasMessageContaining("the file is empty");
        byte[] text = "Study notes, nothing else. ".repeat(40).getBytes(StandardCharsets.US_ASCII);
        assertRefused(FailureCode.NOT_DICOM, () -> Part10Reader.read(text, ReadOptions.all()));
        assertRefused(FailureCode.NOT_DICOM, () -> Part10Reader.read(new byte[5000], ReadOptions.all()));
    }

    @Test
    void an_unknown_transfer_syntax_is_named() throws IOException {
        byte[] bytes = file(1, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        byte[] uid = "1.2.840.10008.1.2.1\0".getBytes(StandardCharsets.US_ASCII);
        byte[] other = "1.2.840.113619.5.2 \0".getBytes(StandardCharsets.US_ASCII);
        for (int at = 132; ; at++) {
            if (Arrays.equals(bytes, at, at + uid.length, uid, 0, uid.length)) {
                System.arraycopy(other, 0, bytes, at, other.length);
                break;
            }
        }
        assertThatThrownBy(() -> Part10Reader.read(bytes, ReadOptions.all()))
                .isInstanceOfSatisfying(WalnutException.class, e -> assertThat(e.code())
                        .isEqualTo(FailureCode.UNSUPPORTED_TRANSFER_SYNTAX))
                .hasMessageContaining("1.2.840.113619.5.2 is");
    }

    private interface Reading {
        Object read() throws IOException;
    }

    private static void assertRefused(FailureCode code, Reading reading) {
        assertThatThrownBy(reading::read).isInstanceOfSatisfying(WalnutException.class, e -> assertThat(e.code())
                .as(e.getMessage())
                .isEqualTo(code));
    }

    private static long allocatedBy(Runnable action) {
        action.run(); // classes are loaded and initialised outside the count
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        action.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static InputStream stream(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    private static byte[] file(long seed, TransferSyntax syntax) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Part10Writer.write(out, new RandomDataSets(seed).next(), syntax);
        return out.toByteArray();
    }

    @Provide
    static Arbitrary<TransferSyntax> syntaxes() {
        return Arbitraries.of(
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN);
    }
}
