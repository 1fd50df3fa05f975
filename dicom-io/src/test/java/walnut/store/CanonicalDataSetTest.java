package walnut.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Vr;
import walnut.dicom.part10.DataSetReader;
import walnut.dicom.part10.DataSetWriter;

/** What makes another instance and what does not. */
class CanonicalDataSetTest {
    private static final DataSet IMAGE = DataSet.builder()
            .putString(Tag.SOPInstanceUID, "1.2.3")
            .putString(Tag.PatientName, "Nut^Wal")
            .putItems(
                    Tag.ReferencedImageSequence,
                    DataSet.builder()
                            .putString(Tag.ReferencedSOPInstanceUID, "1.2.3.4")
                            .build())
            .putString(0x00090010, "WALNUT TEST")
            .putBytes(0x00091001, Vr.US, new byte[] {1, 2})
            .putItems(
                    0x00091002, DataSet.builder().putString(Tag.CodeValue, "A").build())
            .putInteger(Tag.Rows, 1)
            .putInteger(Tag.Columns, 2)
            .putBytes(Tag.PixelData, Vr.OW, new byte[] {1, 2, 3, 4})
            .build();

    @Test
    void the_transfer_syntax_makes_no_difference() {
        for (TransferSyntax syntax : new TransferSyntax[] {
            TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
            TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
            TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN
        }) {
            DataSet read = DataSetReader.read(DataSetWriter.toBytes(IMAGE, syntax), syntax);
            assertThat(sha256(read)).as("%s", syntax).isEqualTo(sha256(IMAGE));
        }
    }

    @Test
    void big_endian_makes_no_difference() {
        DataSet little = DataSet.builder()
                .putInteger(Tag.Rows, 258)
                .putString(Tag.PatientID, "P1")
                .build();
        byte[] big = {
            0, 0x10, 0, 0x20, 'L', 'O', 0, 2, 'P', '1', 0, 0x28, 0, 0x10, 'U', 'S', 0, 2, 1, 2,
        };
        assertThat(sha256(DataSetReader.read(big, TransferSyntax.EXPLICIT_VR_BIG_ENDIAN)))
                .isEqualTo(sha256(little));
    }

    @Test
    void undefined_lengths_make_no_difference() {
        DataSet defined = DataSet.builder()
                .putItems(
                        Tag.ReferencedImageSequence,
                        DataSet.builder()
                                .putString(Tag.ReferencedSOPInstanceUID, "1.2.3.4")
                                .build())
                .build();
        ByteArrayOutputStream undefined = new ByteArrayOutputStream();
        undefined.writeBytes(hex("08004011 ffffffff feff00e0 ffffffff 08005511 08000000"));
        undefined.writeBytes("1.2.3.4\0".getBytes(StandardCharsets.US_ASCII));
        undefined.writeBytes(hex("feff0de0 00000000 feffdde0 00000000"));
        assertThat(sha256(DataSetReader.read(undefined.toByteArray(), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN)))
                .isEqualTo(sha256(defined));
    }

    @Test
    void group_lengths_and_padding_make_no_difference() {
        DataSet padded = IMAGE.toBuilder()
                .putInteger(0x00080000, Vr.UL, 4711)
                .putBytes(Tag.SOPInstanceUID, Vr.UI, "1.2.3\0".getBytes(StandardCharsets.US_ASCII))
                .putBytes(Tag.PatientName, Vr.PN, "Nut^Wal ".getBytes(StandardCharsets.US_ASCII))
                .putBytes(Tag.DataSetTrailingPadding, Vr.OB, new byte[100])
                .build();
        assertThat(sha256(padded)).isEqualTo(sha256(IMAGE));
    }

    @Test
    void every_other_difference_makes_one() {
        assertThat(Arrays.asList(
                        sha256(IMAGE),
                        sha256(IMAGE.toBuilder()
                                .putString(Tag.PatientName, "Nut^Hazel")
                                .build()),
                        sha256(IMAGE.toBuilder().remove(Tag.PatientName).build()),
                        sha256(IMAGE.toBuilder().putString(Tag.PatientName, "").build()),
                        sha256(IMAGE.toBuilder()
                                .putBytes(0x00091001, Vr.US, new byte[] {1, 3})
                                .build()),
                        sha256(IMAGE.toBuilder()
                                .putItems(Tag.ReferencedImageSequence, DataSet.EMPTY)
                                .build()),
                        sha256(IMAGE.toBuilder()
                                .putItems(Tag.ReferencedImageSequence, DataSet.EMPTY, DataSet.EMPTY)
                                .build()),
                        sha256(IMAGE.toBuilder()
                                .putBytes(Tag.PixelData, Vr.OW, new byte[] {1, 2, 3, 0})
                                .build()),
                        sha256(IMAGE.toBuilder()
                                .putBytes(Tag.PixelData, Vr.OW, new byte[] {1, 2, 3, 4, 0, 0})
                                .build())))
                .doesNotHaveDuplicates();
    }

    private static String sha256(DataSet dataSet) {
        return CanonicalDataSet.sha256(dataSet);
    }

    private static byte[] hex(String text) {
        return java.util.HexFormat.of().parseHex(text.replace(" ", ""));
    }
}
