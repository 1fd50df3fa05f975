package walnut.dicom.part10;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Element;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Uid;
import walnut.dicom.data.Vr;
import walnut.dicom.part10.ReadNotice.Kind;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.testing.SharedData;

/** What files do wrong, byte for byte: understood, and reported. */
class ToleranceTest {
    /** (0008,0016) UI, 26 bytes: MR Image Storage. */
    private static final String SOP_CLASS = "08001600 5549 1a00" + ascii("1.2.840.10008.5.1.4.1.1.4\0");

    private static final String SOP_INSTANCE = "08001800 5549 0600" + ascii("2.25.7");

    @Test
    void big_endian_numbers_turn_to_little_endian() {
        DataSet dataSet = DataSetReader.read(
                hex("0008 0005 4353 000a" + ascii("ISO_IR 100")
                        + "0008 1140 5351 0000 ffffffff" // SQ, undefined length
                        + "fffe e000 0000000a"
                        + "0028 0010 5553 0002 0102" // Rows in an item
                        + "fffe e0dd 00000000"
                        + "0018 9087 4644 0008 4095e00000000000" // b = 1400
                        + "0028 0009 4154 0004 00181063" // FrameIncrementPointer
                        + "7fe0 0010 4f57 0000 00000004 01020304"),
                TransferSyntax.EXPLICIT_VR_BIG_ENDIAN);
        assertThat(dataSet.item(Tag.ReferencedImageSequence).orElseThrow().integer(Tag.Rows))
                .hasValue(0x0102);
        assertThat(dataSet.decimal(Tag.DiffusionBValue)).hasValue(1400);
        assertThat(dataSet.integers(Tag.FrameIncrementPointer)).containsExactly(Tag.FrameTime);
        assertThat(dataSet.bytes(Tag.PixelData)).hasValue(new byte[] {2, 1, 4, 3});
    }

    @Test
    void a_file_without_preamble_or_meta_information_is_read_in_each_encoding() {
        assertBare(SOP_CLASS + SOP_INSTANCE, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        assertBare(
                "08001600 1a000000" + ascii("1.2.840.10008.5.1.4.1.1.4\0") + "08001800 06000000" + ascii("2.25.7"),
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
        assertBare(
                "00080016 5549 001a" + ascii("1.2.840.10008.5.1.4.1.1.4\0") + "00080018 5549 0006" + ascii("2.25.7"),
                TransferSyntax.EXPLICIT_VR_BIG_ENDIAN);
    }

    private static void assertBare(String hex, TransferSyntax syntax) {
        DicomFile file = Part10Reader.read(hex(hex), ReadOptions.all());
        assertThat(file.transferSyntax()).isEqualTo(syntax);
        assertThat(file.dataSet().string(Tag.SOPInstanceUID)).hasValue("2.25.7");
        assertThat(file.notices())
                .extracting(ReadNotice::kind)
                .containsExactly(Kind.MISSING_PREAMBLE, Kind.MISSING_META_INFORMATION, Kind.MISSING_TRANSFER_SYNTAX);
        assertThat(file.dataSetOffset()).isZero();
    }

    @Test
    void a_data_set_in_another_encoding_than_named_is_read_as_it_is() throws IOException {
        for (TransferSyntax named :
                new TransferSyntax[] {TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN
                }) {
            for (TransferSyntax real : new TransferSyntax[] {
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN
            }) {
                DataSet dataSet = new RandomDataSets(4).next();
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                out.write(new byte[128]);
                out.write("DICM".getBytes(StandardCharsets.US_ASCII));
                out.write(DataSetWriter.toBytes(
                        Part10Writer.metaInformation(dataSet, named), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
                int offset = out.size();
                out.write(DataSetWriter.toBytes(dataSet, real));
                DicomFile file = Part10Reader.read(out.toByteArray(), ReadOptions.all());
                assertThat(file.transferSyntax()).isEqualTo(real);
                assertThat(file.dataSetOffset()).isEqualTo(offset);
                assertThat(file.notices().contains(new ReadNotice(Kind.WRONG_TRANSFER_SYNTAX, Tag.TransferSyntaxUID)))
                        .isEqualTo(named != real);
                assertThat(file.dataSet().strings(Tag.SOPInstanceUID)).isEqualTo(dataSet.strings(Tag.SOPInstanceUID));
            }
        }
    }

    @Test
    void a_wrong_group_length_does_not_lead_astray() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Part10Writer.write(out, new RandomDataSets(2).next(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        byte[] bytes = out.toByteArray();
        bytes[128 + 4 + 8] = 1;
        DicomFile file = Part10Reader.read(bytes, ReadOptions.all());
        assertThat(file.metaInformation().string(Tag.TransferSyntaxUID)).hasValue(Uid.ExplicitVRLittleEndian);
        assertThat(file.notices())
                .containsExactly(
                        new ReadNotice(Kind.WRONG_META_INFORMATION_LENGTH, Tag.FileMetaInformationGroupLength));
    }

    @Test
    void an_odd_length_is_kept_and_reported() {
        DataSetReader.Result read = explicit("10002000 4c4f 0300" + ascii("123") + "28001000 5553 0200 0400");
        assertThat(read.dataSet().string(Tag.PatientID)).hasValue("123");
        assertThat(read.dataSet().integer(Tag.Rows)).hasValue(4);
        assertThat(read.notices()).containsExactly(new ReadNotice(Kind.ODD_LENGTH, Tag.PatientID));
        assertThat(read.notices().get(0).sentence()).isEqualTo("(0010,0020) PatientID: the value length is odd");
    }

    @Test
    void tags_out_of_order_are_sorted_and_of_two_the_later_is_kept() {
        DataSetReader.Result read = explicit("28001100 5553 0200 0500"
                + "28001000 5553 0200 0400"
                + "28001100 5553 0200 0600"
                + "28001100 5553 0200 0700");
        assertThat(read.dataSet().size()).isEqualTo(2);
        assertThat(read.dataSet().integer(Tag.Columns)).hasValue(7);
        assertThat(read.notices())
                .containsExactly(
                        new ReadNotice(Kind.TAGS_OUT_OF_ORDER, Tag.Rows),
                        new ReadNotice(Kind.DUPLICATE_TAG, Tag.Columns));
    }

    @Test
    void unknown_and_missing_vrs_are_read_by_the_dictionary() {
        DataSetReader.Result read = explicit("10001000 5a5a 0000 08000000" + ascii("Doe^Jane") // VR "ZZ"
                + "10002000 04000000" + ascii("1234") // Implicit VR in between
                + "28001000 5553 0200 0400");
        assertThat(read.dataSet().string(Tag.PatientName)).hasValue("Doe^Jane");
        assertThat(read.dataSet().element(Tag.PatientName).orElseThrow().vr()).isEqualTo(Vr.PN);
        assertThat(read.dataSet().string(Tag.PatientID)).hasValue("1234");
        assertThat(read.notices())
                .containsExactly(
                        new ReadNotice(Kind.UNKNOWN_VR, Tag.PatientName),
                        new ReadNotice(Kind.MISSING_VR, Tag.PatientID));
    }

    /** PS3.5 section 6.2.2: the value of an UN element is as Implicit VR Little Endian would have it. */
    @Test
    void un_elements_that_the_dictionary_knows_are_recognised() {
        String item = "feff00e0 0e000000 28001000 02000000 0400 10002000 00000000".replace("0e000000", "12000000");
        DataSet dataSet = explicit("08004011 554e 0000 1a000000" + item // defined length
                        + "08001021 554e 0000 ffffffff" + item + "feffdde0 00000000" // undefined length
                        + "28001000 554e 0000 03000000 040005" // not a multiple of two: stays bytes
                        + "28001100 554e 0000 02000000 0500")
                .dataSet();
        assertThat(dataSet.item(Tag.ReferencedImageSequence).orElseThrow().integer(Tag.Rows))
                .hasValue(4);
        assertThat(dataSet.items(0x00082110)).hasSize(1);
        assertThat(dataSet.element(Tag.Rows).orElseThrow().vr()).isEqualTo(Vr.UN);
        assertThat(dataSet.integer(Tag.Columns)).hasValue(5);
    }

    @Test
    void un_bytes_that_are_no_sequence_after_all_are_kept() {
        Element element = explicit("08004011 554e 0000 04000000 01020304")
                .dataSet()
                .element(Tag.ReferencedImageSequence)
                .orElseThrow();
        assertThat(element.vr()).isEqualTo(Vr.UN);
        assertThat(element.bytes()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void signed_pixels_make_signed_limits_in_implicit_vr() {
        String representation = "28000301 02000000 0100";
        DataSet dataSet = DataSetReader.read(
                hex(representation + "28000601 02000000 feff"), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
        assertThat(dataSet.integer(Tag.SmallestImagePixelValue)).hasValue(-2);
        DataSet unsigned = DataSetReader.read(
                hex(representation.replace("0100", "0000") + "28000601 02000000 feff"),
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
        assertThat(unsigned.integer(Tag.SmallestImagePixelValue)).hasValue(65534);
    }

    @Test
    void stray_delimiters_and_trailing_zeros_are_passed_over() {
        DataSetReader.Result read =
                explicit("28001000 5553 0200 0400 feff0de0 00000000 28001100 5553 0200 0500 0000000000000000 0000");
        assertThat(read.dataSet().integer(Tag.Columns)).hasValue(5);
        assertThat(read.notices())
                .containsExactly(
                        new ReadNotice(Kind.STRAY_DELIMITER, 0xFFFEE00D), new ReadNotice(Kind.TRAILING_BYTES, 0));
    }

    @Test
    void an_unknown_character_set_is_reported() {
        DataSetReader.Result read = explicit("08000500 4353 0800" + ascii("KLINGON ") + "10001000 504e 0200 4ae9");
        assertThat(read.dataSet().string(Tag.PatientName)).hasValue("Jé");
        assertThat(read.notices())
                .containsExactly(new ReadNotice(Kind.UNKNOWN_CHARACTER_SET, Tag.SpecificCharacterSet));
    }

    @Test
    void items_that_reach_beyond_their_sequence_are_malformed() {
        assertThatThrownBy(() -> explicit("08004011 5351 0000 0a000000 feff00e0 ff000000 0000"))
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.MALFORMED_DATASET))
                .hasMessageContaining("ReferencedImageSequence")
                .hasMessageContaining("an item reaches beyond its sequence");
    }

    @Test
    void a_preamble_that_looks_like_nothing_and_one_that_is_missing_are_told_apart() throws IOException {
        DicomFile bare = Part10Reader.read(SharedData.require("data/odd/no_preamble_dicm_in_data"));
        assertThat(bare.notices()).contains(new ReadNotice(Kind.MISSING_PREAMBLE, 0));
        assertThat(bare.dataSet().string(Tag.StationName)).hasValue("DICMA1");

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Part10Writer.write(out, new RandomDataSets(5).next(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        byte[] tiff = out.toByteArray();
        System.arraycopy(hex("49492a0008000000"), 0, tiff, 0, 8); // a preamble for readers of TIFF
        assertThat(Part10Reader.read(tiff, ReadOptions.all()).notices()).isEmpty();
        byte[] misleading = out.toByteArray();
        System.arraycopy(hex("0800050043530a00"), 0, misleading, 0, 8);
        assertThat(Part10Reader.read(misleading, ReadOptions.all()).notices()).isEmpty();
    }

    private static DataSetReader.Result explicit(String hex) {
        return DataSetReader.read(hex(hex), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, ReadOptions.all());
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static String ascii(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }
}
