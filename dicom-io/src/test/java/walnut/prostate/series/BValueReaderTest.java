package walnut.prostate.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Vr;
import walnut.prostate.series.Diffusion.Directionality;

/** Every place of docs/b-values.md, in the forms in which scanners and archives leave it. */
class BValueReaderTest {
    private static final String GE = "GEMS_PARM_01";
    private static final String PHILIPS = "Philips Imaging DD 001";
    private static final String UNITED_IMAGING = "Image Private Header";

    @Test
    void nothing_said_is_not_b_0() {
        assertThat(read("SIEMENS", builder -> {}).bValue()).isEmpty();
        Diffusion zero = read("SIEMENS", builder -> builder.putDecimal(Tag.DiffusionBValue, 0));
        assertThat(zero.bValue()).hasValue(0);
        assertThat(zero.directionality()).isEqualTo(Directionality.NONE);
    }

    @Test
    void the_standard_attribute_goes_before_private_ones() {
        Diffusion read = read("SIEMENS", builder -> {
            builder.putDecimal(Tag.DiffusionBValue, 1400);
            text(builder, 0x0019, 0x10, "SIEMENS MR HEADER", 0x0C, Vr.IS, "800");
        });
        assertThat(read.bValue()).hasValue(1400);
        assertThat(read.readFrom()).contains("DiffusionBValue");
    }

    @Test
    void an_enhanced_frame_says_its_own() {
        DataSet instance = DataSet.builder()
                .putItems(
                        Tag.SharedFunctionalGroupsSequence,
                        List.of(DataSet.builder()
                                .putItems(Tag.MRDiffusionSequence, List.of(enhanced(50, "ISOTROPIC")))
                                .build()))
                .putItems(
                        Tag.PerFrameFunctionalGroupsSequence,
                        List.of(
                                DataSet.builder()
                                        .putItems(Tag.MRDiffusionSequence, List.of(enhanced(0, "NONE")))
                                        .build(),
                                DataSet.builder()
                                        .putItems(Tag.MRDiffusionSequence, List.of(enhanced(1000, "DIRECTIONAL")))
                                        .build(),
                                DataSet.EMPTY))
                .build();
        assertThat(frame(instance, 1).bValue()).hasValue(0);
        assertThat(frame(instance, 1).directionality()).isEqualTo(Directionality.NONE);
        assertThat(frame(instance, 2).bValue()).hasValue(1000);
        assertThat(frame(instance, 2).directionality()).isEqualTo(Directionality.DIRECTIONAL);
        assertThat(frame(instance, 3).bValue()).hasValue(50);
        assertThat(frame(instance, 3).directionality()).isEqualTo(Directionality.ISOTROPIC);
    }

    @ParameterizedTest
    @CsvSource({
        "SIEMENS MR HEADER, 25, 12, 16, IS, 1000, 1000",
        "SIEMENS MR HEADER, 25, 12, 17, IS, 50, 50",
        "SIEMENS MR HEADER, 25, 12, 16, OB, '800 ', 800",
        "SIEMENS MR HEADER, 25, 12, 16, UN, '0 ', 0",
        "GEMS_PARM_01, 67, 57, 16, IS, '1400\\8\\0\\0', 1400",
        "GEMS_PARM_01, 67, 57, 18, IS, '1000001400\\8\\0\\0', 1400",
        "GEMS_PARM_01, 67, 57, 16, IS, '1000000000\\8\\0\\0', 0",
        "GEMS_PARM_01, 67, 57, 16, UN, '1000001000\\6\\\\0 ', 1000",
        "GEMS_PARM_01, 67, 57, 16, OB, '50\\8\\0\\0', 50",
        "GEMS_PARM_01, 67, 57, 16, LO, '0\\8\\0\\0', 0",
    })
    void private_text(String creator, int group, int element, int block, String vr, String value, double b) {
        Diffusion read =
                read("anyone", builder -> text(builder, group, block, creator, element, Vr.valueOf(vr), value));
        assertThat(read.bValue()).hasValue(b);
        assertThat(read.readFrom()).contains(creator);
    }

    @Test
    void private_numbers_under_their_own_vr_and_under_un() {
        for (Vr vr : List.of(Vr.FL, Vr.UN, Vr.OB)) {
            assertThat(read("Philips", builder -> bytes(builder, 0x2001, PHILIPS, 0x03, vr, single(273)))
                            .bValue())
                    .hasValue(273);
        }
        for (Vr vr : List.of(Vr.FD, Vr.UN, Vr.OB)) {
            assertThat(read("UIH", builder -> bytes(builder, 0x0065, UNITED_IMAGING, 0x09, vr, twice(1500)))
                            .bValue())
                    .hasValue(1500);
        }
    }

    @Test
    void empty_padding_where_text_should_be_is_no_b_0() {
        assertThat(read("SIEMENS", builder -> bytes(builder, 0x0019, "SIEMENS MR HEADER", 0x0C, Vr.UN, new byte[4]))
                        .bValue())
                .isEmpty();
        assertThat(read("GE", builder -> bytes(builder, 0x0043, GE, 0x39, Vr.OB, new byte[8]))
                        .bValue())
                .isEmpty();
    }

    @Test
    void a_lost_creator_is_made_up_for_by_the_manufacturer_alone() {
        Consumer<DataSet.Builder> orphan =
                builder -> builder.putBytes(0x0019100C, Vr.UN, "800 ".getBytes(StandardCharsets.US_ASCII));
        assertThat(read("SIEMENS", orphan).bValue()).hasValue(800);
        assertThat(read("Siemens Healthineers", orphan).bValue()).hasValue(800);
        assertThat(read("GE MEDICAL SYSTEMS", orphan).bValue()).isEmpty();
    }

    @Test
    void another_creators_block_is_not_read() {
        assertThat(read("SIEMENS", builder -> text(builder, 0x0019, 0x10, "SOMEONE ELSE", 0x0C, Vr.IS, "800"))
                        .bValue())
                .isEmpty();
        assertThat(read("GE", builder -> text(builder, 0x0043, 0x11, "SOMEONE ELSE", 0x39, Vr.IS, "800"))
                        .bValue())
                .isEmpty();
    }

    /** What dcm2niix had to learn: the offset goes off whatever b it was added to, and nothing else changes. */
    @Property
    void the_offset_of_ge_never_changes_a_b_value(@ForAll @IntRange(min = 0, max = 20_000) int b) {
        for (String stored : List.of(b + "\\8\\0\\0", 1_000_000_000L + b + "\\8\\0\\0")) {
            assertThat(read("GE", builder -> text(builder, 0x0043, 0x10, GE, 0x39, Vr.IS, stored))
                            .bValue())
                    .hasValue(b);
        }
    }

    @Test
    void what_is_no_b_value_is_none() {
        for (String stored : List.of("-1", "1000000", "999999999", "2000000800", "b", "")) {
            assertThat(read("GE", builder -> text(builder, 0x0043, 0x10, GE, 0x39, Vr.IS, stored))
                            .bValue())
                    .as(stored)
                    .isEmpty();
        }
        assertThat(read("Philips", builder -> bytes(builder, 0x2001, PHILIPS, 0x03, Vr.FL, single(Float.NaN)))
                        .bValue())
                .isEmpty();
    }

    @Test
    void noise_of_floating_point_does_not_part_frames() {
        assertThat(read("Philips", builder -> bytes(builder, 0x2001, PHILIPS, 0x03, Vr.FL, single(39.999996f)))
                        .bValue())
                .hasValue(40);
        assertThat(read("x", builder -> builder.putDecimal(Tag.DiffusionBValue, 62.5))
                        .bValue())
                .hasValue(62.5);
    }

    @ParameterizedTest
    @CsvSource({"I, ISOTROPIC", "M, DIRECTIONAL", "P, DIRECTIONAL", "S, DIRECTIONAL", "O, DIRECTIONAL", "N, UNKNOWN"})
    void philips_names_its_directions(String written, Directionality expected) {
        Diffusion read = read("Philips", builder -> {
            bytes(builder, 0x2001, PHILIPS, 0x03, Vr.FL, single(800));
            builder.putString(0x20011004, Vr.CS, written);
        });
        assertThat(read.directionality()).isEqualTo(expected);
    }

    @Test
    void the_csa_header_says_where_the_private_attribute_does_not() {
        Diffusion read = read("SIEMENS", builder -> builder.putString(0x00290010, Vr.LO, "SIEMENS CSA HEADER")
                .putBytes(
                        0x00291010,
                        Vr.OB,
                        CsaHeaders.image("B_value", "800", "DiffusionDirectionality", "DIRECTIONAL")));
        assertThat(read.bValue()).hasValue(800);
        assertThat(read.directionality()).isEqualTo(Directionality.DIRECTIONAL);
        assertThat(read.readFrom()).contains("CSA");
    }

    @ParameterizedTest
    @CsvSource({
        "ImageComments, 'b=1000(0.0,1.0,0.0)', 1000, DIRECTIONAL",
        "ImageComments, 'b=0', 0, NONE",
        "SequenceName, '*ep_b1000t', 1000, ISOTROPIC",
        "SequenceName, 'ep_b800#3', 800, DIRECTIONAL",
        "SequenceName, '*ep_b0', 0, NONE",
        "SeriesDescription, 'DWI b-1400 computed', 1400, UNKNOWN",
        "SeriesDescription, 'ax dwi b=50', 50, UNKNOWN",
    })
    void names_come_last(String keyword, String text, double b, Directionality direction) {
        Diffusion read = named(keyword, text);
        assertThat(read.bValue()).hasValue(b);
        assertThat(read.directionality()).isEqualTo(direction);
        assertThat(read.readFrom()).contains(keyword);
    }

    @ParameterizedTest
    @CsvSource({
        "SequenceName, 'ep_b50_800'",
        "SeriesDescription, 'dwi b50 b800'",
        "SeriesDescription, 'dwi b50_400_800'",
        "SeriesDescription, 'ADC (b50,800)'",
        "SeriesDescription, 'club 1200'",
        "SeriesDescription, 't2_tse_tra'",
        "ImageComments, 'bad=1000'",
    })
    void names_of_several_b_values_or_of_none_say_nothing_about_a_frame(String keyword, String text) {
        assertThat(named(keyword, text).bValue()).isEmpty();
    }

    private static Diffusion named(String keyword, String text) {
        DataSet.Builder builder = DataSet.builder();
        if (keyword.equals("ImageComments")) {
            builder.putString(Tag.ImageComments, text);
        }
        return BValueReader.read(
                FunctionalGroups.ofFrame(builder.build(), 1),
                "TOSHIBA",
                keyword.equals("SeriesDescription") ? text : "",
                keyword.equals("SequenceName") ? text : "");
    }

    private static DataSet enhanced(double b, String directionality) {
        return DataSet.builder()
                .putDecimal(Tag.DiffusionBValue, b)
                .putString(Tag.DiffusionDirectionality, directionality)
                .build();
    }

    private static Diffusion frame(DataSet instance, int number) {
        return BValueReader.read(FunctionalGroups.ofFrame(instance, number), "SIEMENS", "", "");
    }

    private static Diffusion read(String manufacturer, Consumer<DataSet.Builder> change) {
        DataSet.Builder builder = DataSet.builder();
        change.accept(builder);
        return BValueReader.read(FunctionalGroups.ofFrame(builder.build(), 1), manufacturer, "", "");
    }

    private static void text(
            DataSet.Builder builder, int group, int block, String creator, int element, Vr vr, String value) {
        builder.putString(group << 16 | block, Vr.LO, creator)
                .putBytes(group << 16 | block << 8 | element, vr, value.getBytes(StandardCharsets.US_ASCII));
    }

    private static void bytes(DataSet.Builder builder, int group, String creator, int element, Vr vr, byte[] value) {
        builder.putString(group << 16 | 0x10, Vr.LO, creator).putBytes(group << 16 | 0x1000 | element, vr, value);
    }

    private static byte[] single(float value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .array();
    }

    private static byte[] twice(double value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(value)
                .array();
    }
}
