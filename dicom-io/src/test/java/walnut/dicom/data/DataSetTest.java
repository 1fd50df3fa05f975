package walnut.dicom.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DataSetTest {
    private static final int PRIVATE_B_VALUE = 0x0019100C;

    @Property(tries = 200)
    void elements_put_in_any_order_come_by_ascending_unsigned_tag(
            @ForAll @Size(max = 40) List<Integer> tags, @ForAll long seed) {
        List<Integer> shuffled = new ArrayList<>(tags);
        shuffled.add(0xFFFCFFFC);
        shuffled.add(Tag.PixelData);
        Collections.shuffle(shuffled, new Random(seed));
        DataSet.Builder builder = DataSet.builder();
        shuffled.forEach(tag -> builder.putBytes(tag, Vr.OB, new byte[2]));
        DataSet dataSet = builder.build();
        List<Integer> found = new ArrayList<>();
        dataSet.forEach(element -> found.add(element.tag()));
        assertThat(found).isSortedAccordingTo(Integer::compareUnsigned).doesNotHaveDuplicates();
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(
                        shuffled.stream().distinct().toList());
        assertThat(shuffled).allMatch(dataSet::contains);
    }

    @Property
    void a_decimal_string_is_the_nearest_that_sixteen_characters_hold(
            @ForAll @DoubleRange(min = -1e300, max = 1e300) double value) {
        String text = Numbers.decimalString(value);
        assertThat(text).hasSizeLessThanOrEqualTo(16);
        double back = Double.parseDouble(text);
        // Sign, point and a three-digit exponent leave at least nine digits.
        assertThat(back).isCloseTo(value, within(Math.abs(value) * 1e-8));
        if (Double.toString(value).length() <= 16) {
            assertThat(back).isEqualTo(value);
        }
    }

    @Test
    void decimals_of_geometry_keep_their_text_short() {
        assertThat(Numbers.decimalString(0.5)).isEqualTo("0.5");
        assertThat(Numbers.decimalString(-90)).isEqualTo("-90");
        assertThat(Numbers.decimalString(1e20)).isEqualTo("1E+20");
        assertThat(Numbers.decimalString(-0.0)).isEqualTo("0");
        assertThat(Numbers.decimalString(1.0 / 3)).isEqualTo("0.33333333333333");
        assertThatThrownBy(() -> Numbers.decimalString(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void absent_empty_and_malformed_values_are_all_nothing() {
        DataSet dataSet = DataSet.builder()
                .putEmpty(Tag.EchoTime)
                .putString(Tag.SliceThickness, "three")
                .putString(Tag.PixelSpacing, "0.5", "")
                .putString(Tag.SeriesNumber, "4.5")
                .putString(Tag.EchoNumbers, "NaN")
                .putString(Tag.SeriesDescription, "  ")
                .build();
        assertThat(dataSet.decimal(Tag.RepetitionTime)).isEmpty();
        assertThat(dataSet.decimal(Tag.EchoTime)).isEmpty();
        assertThat(dataSet.contains(Tag.EchoTime)).isTrue();
        assertThat(dataSet.decimal(Tag.SliceThickness)).isEmpty();
        assertThat(dataSet.decimals(Tag.PixelSpacing)).isEmpty();
        assertThat(dataSet.integer(Tag.SeriesNumber)).isEmpty();
        assertThat(dataSet.decimal(Tag.EchoNumbers)).isEmpty();
        assertThat(dataSet.string(Tag.SeriesDescription)).isEmpty();
        assertThat(dataSet.items(Tag.ReferencedImageSequence)).isEmpty();
    }

    @Test
    void numbers_of_every_binary_vr_come_back() {
        DataSet dataSet = DataSet.builder()
                .putInteger(Tag.Rows, 0xFFFF)
                .putInteger(Tag.SimpleFrameList, 0xFFFFFFFFL)
                .putInteger(Tag.FrameIncrementPointer, Tag.FrameTime)
                .putInteger(Tag.SmallestImagePixelValue, Vr.SS, -32768)
                .putInteger(Tag.ReferencePixelX0, -5)
                .putInteger(Tag.SelectorSVValue, Long.MIN_VALUE)
                .putInteger(Tag.SelectorUVValue, -1)
                .putDecimal(Tag.DiffusionBValue, 1400.5)
                .putDecimal(Tag.SelectorFLValue, 0.25, -1)
                .build();
        assertThat(dataSet.integer(Tag.Rows)).hasValue(65535);
        assertThat(dataSet.integers(Tag.SimpleFrameList)).containsExactly(4294967295L);
        assertThat(dataSet.integer(Tag.SimpleFrameList)).isEmpty();
        assertThat(dataSet.integers(Tag.FrameIncrementPointer)).containsExactly(Tag.FrameTime);
        assertThat(dataSet.integer(Tag.SmallestImagePixelValue)).hasValue(-32768);
        assertThat(dataSet.integer(Tag.ReferencePixelX0)).hasValue(-5);
        assertThat(dataSet.integers(Tag.SelectorSVValue)).containsExactly(Long.MIN_VALUE);
        assertThat(dataSet.strings(Tag.SelectorUVValue)).containsExactly("18446744073709551615");
        assertThat(dataSet.decimal(Tag.DiffusionBValue)).hasValue(1400.5);
        assertThat(dataSet.decimals(Tag.SelectorFLValue)).containsExactly(0.25, -1);
        assertThat(dataSet.strings(Tag.FrameIncrementPointer)).containsExactly("00181063");
        assertThatThrownBy(() -> DataSet.builder().putInteger(Tag.Rows, 65536))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(0028,0010) Rows: 65536 does not fit VR US");
    }

    @Test
    void private_elements_are_found_by_creator_in_whichever_block_it_reserved() {
        DataSet dataSet = DataSet.builder()
                .putString(0x00190010, Vr.LO, "OTHER")
                .putString(0x00190011, Vr.LO, "SIEMENS MR HEADER ")
                .putBytes(PRIVATE_B_VALUE, Vr.OB, "99".getBytes(StandardCharsets.US_ASCII))
                .putBytes(0x0019110C, Vr.OB, "1400 ".getBytes(StandardCharsets.US_ASCII))
                .build();
        assertThat(dataSet.privateElement("SIEMENS MR HEADER", 0x0019, 0x0C))
                .hasValueSatisfying(element -> assertThat(element.decimals()).containsExactly(1400));
        assertThat(dataSet.privateElement("SIEMENS MR HEADER", 0x0019, 0x0D)).isEmpty();
        assertThat(dataSet.privateElement("SIEMENS", 0x0019, 0x0C)).isEmpty();
        assertThat(dataSet.privateCreator(PRIVATE_B_VALUE)).hasValue("OTHER");
        assertThat(dataSet.privateCreator(Tag.Rows)).isEmpty();
    }

    @Test
    void text_goes_over_to_utf_8_when_the_named_character_set_cannot_hold_it() {
        DataSet dataSet = DataSet.builder()
                .putString(Tag.SpecificCharacterSet, "ISO_IR 100")
                .putString(Tag.InstitutionName, "Universitätsklinikum")
                .putString(Tag.PatientName, "Yamada^Tarou=山田^太郎")
                .build();
        assertThat(dataSet.string(Tag.SpecificCharacterSet)).hasValue("ISO_IR 192");
        assertThat(dataSet.string(Tag.PatientName)).hasValue("Yamada^Tarou=山田^太郎");
        assertThat(dataSet.bytes(Tag.InstitutionName))
                .hasValue("Universitätsklinikum".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void text_is_rewritten_under_the_named_character_set_when_that_holds_it() {
        DataSet dataSet = DataSet.builder()
                .putString(Tag.SpecificCharacterSet, "ISO_IR 100")
                .putString(Tag.PatientName, "Müller^Jörg")
                .build();
        assertThat(dataSet.bytes(Tag.PatientName)).hasValue("Müller^Jörg".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(dataSet.string(Tag.SpecificCharacterSet)).hasValue("ISO_IR 100");
    }

    @Test
    void an_element_copied_between_data_sets_keeps_its_text() {
        DataSet latin = DataSet.builder()
                .putString(Tag.SpecificCharacterSet, "ISO_IR 100")
                .putString(Tag.PatientName, "Müller^Jörg")
                .build();
        DataSet copy = DataSet.builder()
                .putString(Tag.SpecificCharacterSet, "ISO_IR 192")
                .copy(latin, Tag.PatientName, Tag.PatientID)
                .build();
        assertThat(copy.string(Tag.PatientName)).hasValue("Müller^Jörg");
        assertThat(copy.contains(Tag.PatientID)).isFalse();
    }

    @Test
    void an_item_moved_under_another_character_set_names_its_own() {
        DataSet item = DataSet.builder(CharacterSet.of(List.of("ISO_IR 144")))
                .putString(Tag.CodeMeaning, "Люкceмбypг")
                .build();
        DataSet around = DataSet.builder()
                .putString(Tag.SpecificCharacterSet, "ISO_IR 100")
                .putItems(Tag.ProcedureCodeSequence, item)
                .build();
        DataSet moved = around.item(Tag.ProcedureCodeSequence).orElseThrow();
        assertThat(moved.string(Tag.SpecificCharacterSet)).hasValue("ISO_IR 144");
        assertThat(moved.string(Tag.CodeMeaning)).hasValue("Люкceмбypг");
    }

    @Test
    void nothing_printed_holds_a_value() {
        DataSet dataSet =
                DataSet.builder().putString(Tag.PatientName, "Doe^Jane").build();
        assertThat(dataSet.toString()).doesNotContain("Doe");
        assertThat(dataSet.element(Tag.PatientName).orElseThrow().toString())
                .isEqualTo("(0010,0010) PatientName PN 8 bytes");
    }

    @Test
    void the_dictionary_knows_repeating_groups_private_creators_and_choices() {
        assertThat(Dictionary.vr(0x60023000)).isEqualTo(Vr.OB);
        assertThat(Dictionary.find(0x60023000).orElseThrow().keyword()).isEqualTo("OverlayData");
        assertThat(Dictionary.vr(0x60010010)).isEqualTo(Vr.LO); // odd, so private, though the mask would fit
        assertThat(Dictionary.vr(0x00190010)).isEqualTo(Vr.LO);
        assertThat(Dictionary.vr(PRIVATE_B_VALUE)).isEqualTo(Vr.UN);
        assertThat(Dictionary.vr(0x00280000)).isEqualTo(Vr.UL);
        assertThat(Dictionary.find("SmallestImagePixelValue").orElseThrow().vrs())
                .containsExactly(Vr.US, Vr.SS);
        assertThat(Dictionary.find("NoSuchKeyword")).isEmpty();
        assertThat(UidRegistry.storageSopClasses())
                .extracting(UidRegistry.Entry::uid)
                .contains(Uid.MRImageStorage, Uid.EnhancedMRImageStorage, Uid.SegmentationStorage)
                .doesNotContain(Uid.StorageCommitmentPushModel, Uid.Verification)
                .hasSizeGreaterThan(150);
        assertThat(TransferSyntax.of(Uid.XMLEncoding)).isEmpty();
        assertThat(TransferSyntax.of(Uid.JPEGLosslessSV1))
                .hasValueSatisfying(syntax -> assertThat(syntax.encapsulated()).isTrue());
    }
}
