package walnut.dicom.part10;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Element;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Uid;
import walnut.dicom.data.Vr;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

class RoundTripTest {

    @Property(tries = 150)
    void what_is_written_is_read_again(@ForAll long seed, @ForAll("syntaxes") TransferSyntax syntax)
            throws IOException {
        DataSet original = new RandomDataSets(seed).next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Part10Writer.write(out, original, syntax);
        DicomFile file = Part10Reader.read(out.toByteArray(), ReadOptions.all());
        assertThat(file.transferSyntax()).isEqualTo(syntax);
        assertThat(file.notices()).isEmpty();
        assertSameMeaning(original, file.dataSet(), syntax.explicitVr());

        ByteArrayOutputStream again = new ByteArrayOutputStream();
        Part10Writer.write(again, file);
        assertThat(again.toByteArray()).isEqualTo(out.toByteArray());
    }

    /** A stored deflate block of 256 bytes begins 01 00 01, which read as a tag lies before group 0003. */
    @Test
    void deflated_bytes_that_look_like_a_low_group_are_not_meta_information() throws IOException {
        DataSet.Builder builder =
                DataSet.builder().putString(Tag.SOPClassUID, Uid.MRImageStorage).putString(Tag.SOPInstanceUID, "1.2");
        int rest = 256 - DataSetWriter.toBytes(builder.build(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN).length - 12;
        DataSet original =
                builder.putBytes(Tag.PixelData, Vr.OB, new byte[rest]).build();
        byte[] plain = DataSetWriter.toBytes(original, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        assertThat(plain).hasSize(256);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        Part10Writer.write(whole, original, Uid.DeflatedExplicitVRLittleEndian);
        int offset =
                (int) Part10Reader.read(whole.toByteArray(), ReadOptions.all()).dataSetOffset();
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        stored.write(whole.toByteArray(), 0, offset);
        stored.writeBytes(new byte[] {1, 0, 1, -1, -2});
        stored.writeBytes(plain);
        assertThat(Part10Reader.read(stored.toByteArray(), ReadOptions.all())
                        .dataSet()
                        .string(Tag.SOPInstanceUID))
                .hasValue("1.2");
    }

    @Property(tries = 100)
    void a_stream_that_trickles_gives_the_same(@ForAll long seed, @ForAll("syntaxes") TransferSyntax syntax)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Part10Writer.write(out, new RandomDataSets(seed).next(), syntax);
        DicomFile whole = Part10Reader.read(out.toByteArray(), ReadOptions.all());
        DicomFile trickled = Part10Reader.read(new Trickle(out.toByteArray()), ReadOptions.all());
        assertThat(trickled).isEqualTo(whole);
    }

    @Property(tries = 100)
    void reading_stops_before_the_tag_asked_for(@ForAll long seed) {
        DataSet original = new RandomDataSets(seed).next();
        byte[] bytes = DataSetWriter.toBytes(original, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        DataSet header = DataSetReader.read(
                        bytes,
                        TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                        ReadOptions.all().before(Tag.PatientID))
                .dataSet();
        DataSet.Builder expected = original.toBuilder();
        original.forEach(element -> {
            if (Integer.compareUnsigned(element.tag(), Tag.PatientID) >= 0) {
                expected.remove(element.tag());
            }
        });
        assertThat(explicit(header)).isEqualTo(explicit(expected.build()));
    }

    @Test
    void encapsulated_pixel_data_keep_their_fragments() throws IOException {
        DataSet image = new RandomDataSets(1)
                .next().toBuilder()
                        .putFragments(
                                Tag.PixelData, Vr.OB, List.of(new byte[0], new byte[] {1, 2, 3, 4}, new byte[] {5, 6}))
                        .build();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Part10Writer.write(out, image, Uid.JPEGLosslessSV1);
        DataSet again = Part10Reader.read(out.toByteArray(), ReadOptions.all()).dataSet();
        Element pixels = again.element(Tag.PixelData).orElseThrow();
        assertThat(pixels.fragments()).containsExactly(new byte[0], new byte[] {1, 2, 3, 4}, new byte[] {5, 6});
        assertThat(explicit(again.toBuilder().remove(Tag.PixelData).build()))
                .isEqualTo(explicit(image.toBuilder().remove(Tag.PixelData).build()));
        assertUnsupported(image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
    }

    /** Two data sets are equal when they are written alike: in memory, made values lack the padding of read ones. */
    private static byte[] explicit(DataSet dataSet) {
        return DataSetWriter.toBytes(dataSet, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
    }

    @Test
    void pixels_and_transfer_syntax_must_agree() {
        DataSet image = new RandomDataSets(1).next();
        assertUnsupported(image, TransferSyntax.of(Uid.JPEGLosslessSV1).orElseThrow());
        assertUnsupported(image, TransferSyntax.EXPLICIT_VR_BIG_ENDIAN);
    }

    private static void assertUnsupported(DataSet image, TransferSyntax syntax) {
        assertThatThrownBy(() -> DataSetWriter.toBytes(image, syntax))
                .isInstanceOfSatisfying(WalnutException.class, e -> assertThat(e.code())
                        .isEqualTo(FailureCode.UNSUPPORTED_TRANSFER_SYNTAX));
    }

    /** PS3.5 section 6.2.2: what a 16-bit length cannot say is written as UN, and read as what the dictionary knows. */
    @Test
    void a_value_too_long_for_its_vr_comes_back() {
        DataSet original = DataSet.builder()
                .putString(Tag.ImageComments, "x".repeat(70_000))
                .build();
        byte[] bytes = DataSetWriter.toBytes(original, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        assertThat(bytes[4]).isEqualTo((byte) 'U');
        assertThat(DataSetReader.read(bytes, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN))
                .isEqualTo(original);
    }

    @Test
    void group_lengths_are_counted_anew() {
        DataSet original = DataSet.builder()
                .putInteger(0x00100000, 999)
                .putString(Tag.PatientID, "1234")
                .putString(Tag.PatientSex, "M")
                .putInteger(Tag.Rows, 4)
                .build();
        byte[] bytes = DataSetWriter.toBytes(original, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
        DataSet again = DataSetReader.read(bytes, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
        assertThat(again.integer(0x00100000)).hasValue(8 + 4 + 8 + 2);
        assertThat(again.size()).isEqualTo(4);
    }

    @Test
    void a_file_without_identity_is_not_written() {
        assertThatThrownBy(() -> Part10Writer.write(
                        new ByteArrayOutputStream(), DataSet.EMPTY, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN))
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.IDENTITY_MISSING))
                .hasMessageContaining("SOPClassUID");
    }

    /** Equal but for what Implicit VR cannot say: the VR of private elements. */
    private static void assertSameMeaning(DataSet expected, DataSet actual, boolean explicitVr) {
        assertThat(actual.size()).isEqualTo(expected.size());
        for (Element element : expected) {
            Element found = actual.element(element.tag()).orElseThrow();
            boolean vrIsLost = !explicitVr && (element.tag() & 0x00010000) != 0;
            if (vrIsLost && element.vr().isSequence()) {
                continue;
            }
            if (!vrIsLost) {
                assertThat(found.vr()).isEqualTo(element.vr());
            }
            if (element.vr().isText()) {
                assertThat(found.strings()).as(element.toString()).isEqualTo(element.strings());
            } else {
                assertThat(found.bytes()).as(element.toString()).isEqualTo(element.bytes());
            }
            for (int i = 0; i < element.items().size(); i++) {
                assertSameMeaning(element.items().get(i), found.items().get(i), explicitVr);
            }
        }
    }

    @Provide
    static Arbitrary<TransferSyntax> syntaxes() {
        return Arbitraries.of(
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN);
    }

    /** A stream that gives at most seven bytes at a time, as sockets may. */
    private static final class Trickle extends InputStream {
        private final ByteArrayInputStream in;

        Trickle(byte[] bytes) {
            this.in = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() {
            return in.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return in.read(target, offset, Math.min(7, length));
        }
    }
}
