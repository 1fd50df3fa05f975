package walnut.dicom.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of PS3.5 annexes H, I, J and K, a word for each single-byte repertoire, and what senders do wrong. */
class CharacterSetTest {

    @ParameterizedTest
    @CsvSource({
        "ISO_IR 100, c46e656173, Äneas",
        "ISO_IR 101, 57b36f64e6, Włodć",
        "ISO_IR 109, 45b1fd, Eħŭ",
        "ISO_IR 110, 52ecf1, Rėņ",
        "ISO_IR 144, bbeeda, Люк",
        "ISO_IR 127, e2c8c7e6ea, قباني",
        "ISO_IR 126, c4e9efedf5f3e9eff2, Διονυσιος",
        "ISO_IR 138, f9f8e5ef, שרון",
        "ISO_IR 148, c770eb66e9fe, Çpëféş",
        "ISO_IR 203, a4bc, €Œ",
        "ISO_IR 13, d4cfc0de, ﾔﾏﾀﾞ",
        "ISO_IR 166, cad2c2, สาย",
        "ISO_IR 192, e78e8b, 王",
        "GB18030, cdf581318130, 王\u060a",
        "GBK, cdf5d0a1, 王小",
    })
    void each_repertoire_decodes_its_letters(String term, String bytes, String text) {
        assertThat(decode(bytes, true, term)).isEqualTo(text);
    }

    /** PS3.5 H.3.1 and H.3.2: kanji and kana in G0, after ASCII or after JIS X 0201. */
    @Test
    void japanese_names_switch_between_g0_repertoires() {
        assertThat(decodeAscii("Yamada^Tarou=\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B", "", "ISO 2022 IR 87"))
                .isEqualTo("Yamada^Tarou=山田^太郎");
        assertThat(decode(
                        "d4cfc0de5ec0dbb33d1b24423b3345441b284a5e1b244242404f3a1b284a",
                        true,
                        "ISO 2022 IR 13",
                        "ISO 2022 IR 87"))
                .isEqualTo("ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎");
        assertThat(decodeAscii("\u001b$(D\"/\u001b(B", "", "ISO 2022 IR 159")).isEqualTo("˘");
    }

    /** PS3.5 I.2 and K.2: Korean and simplified Chinese in G1, designated anew after each delimiter. */
    @Test
    void korean_and_chinese_text_stands_in_g1() {
        assertThat(decode("486f6e675e47696c646f6e673d1b242943fbf35e1b242943d1ced4d7", true, "", "ISO 2022 IR 149"))
                .isEqualTo("Hong^Gildong=洪^吉洞");
        assertThat(decode("5a68616e675e5869616f446f6e673d1b242941d5c55e1b242941d0a1b6ab", true, "", "ISO 2022 IR 58"))
                .isEqualTo("Zhang^XiaoDong=张^小东");
    }

    @Test
    void single_byte_repertoires_follow_one_another_in_g1() {
        assertThat(decode("c45c1b2d46c45c1b2d4cc45cc4", false, "ISO 2022 IR 100", "ISO 2022 IR 126", "ISO 2022 IR 144"))
                .isEqualTo("Ä\\Δ\\Ф\\Ä");
    }

    @Test
    void a_caret_ends_a_designation_in_person_names_only() {
        assertThat(decode("1b2d46c45ec4", true, "ISO 2022 IR 100", "ISO 2022 IR 126"))
                .isEqualTo("Δ^Ä");
        assertThat(decode("1b2d46c45ec4", false, "ISO 2022 IR 100", "ISO 2022 IR 126"))
                .isEqualTo("Δ^Δ");
    }

    /** The second byte of these characters is 5CH, which is no delimiter there. */
    @Test
    void a_backslash_within_a_two_byte_character_separates_nothing() {
        byte[] katakana = concat("\u001b$B", "255c", "\u001b(B\\B"); // JIS X 0208 row 5, cell 60
        assertThat(element(Vr.LO, katakana, "", "ISO 2022 IR 87").strings()).containsExactly("ボ", "B");
        byte[] gbk = concat("", "815c", "\\B");
        assertThat(element(Vr.LO, gbk, "GBK").strings()).containsExactly("乗", "B");
    }

    @Test
    void unknown_terms_and_stray_bytes_lose_no_character() {
        assertThat(CharacterSet.of(List.of("KLINGON")).isKnown()).isFalse();
        assertThat(decode("4ac3", true, "KLINGON")).isEqualTo("JÃ");
        assertThat(decode("4ae9", true)).isEqualTo("Jé");
        assertThat(decode("1b4ae9", true, "ISO 2022 IR 100", "ISO 2022 IR 126")).hasSize(3);
        assertThat(decode("411b", true, "", "ISO 2022 IR 87")).isEqualTo("A\uFFFD");
        assertThat(CharacterSet.of(List.of("iso-ir 192")).isKnown()).isTrue();
        assertThat(decode("e78e8b", true, "ISO IR 192")).isEqualTo("王");
        assertThat(decode("cdf5", true, "ISO 2022 GBK")).isEqualTo("王");
    }

    @Test
    void a_delimiter_brings_back_both_repertoires_of_the_first_term() {
        for (String delimiter : new String[] {"\\", "\n", "\r", "\f", "\t"}) {
            assertThat(decodeAscii(
                            "Ä\u001b-FÄ" + delimiter + "Ä\u001b$B;3" + "\u001b(B" + delimiter + "Ä",
                            "ISO 2022 IR 100",
                            "ISO 2022 IR 126",
                            "ISO 2022 IR 87"))
                    .isEqualTo("ÄΔ" + delimiter + "Ä山" + delimiter + "Ä");
        }
    }

    @Property
    void bytes_of_any_kind_decode_without_failing(
            @ForAll byte[] bytes, @ForAll("terms") List<String> terms, @ForAll boolean personName) {
        CharacterSet set = CharacterSet.of(terms);
        String text = set.decode(bytes, 0, bytes.length, personName);
        assertThat(text.length()).isLessThanOrEqualTo(2 * bytes.length);
    }

    @Property
    void what_can_be_encoded_decodes_to_the_same(@ForAll String text, @ForAll("terms") List<String> terms) {
        CharacterSet set = CharacterSet.of(terms);
        set.encode(text).ifPresent(bytes -> assertThat(set.decode(bytes, 0, bytes.length, false))
                .isEqualTo(text));
        assertThat(CharacterSet.UTF_8.encode("山" + text.replaceAll("[\ud800-\udfff]", "")))
                .isPresent();
    }

    @Provide
    static Arbitrary<List<String>> terms() {
        return Arbitraries.of(
                        "",
                        "ISO_IR 100",
                        "ISO 2022 IR 13",
                        "ISO 2022 IR 87",
                        "ISO 2022 IR 159",
                        "ISO 2022 IR 149",
                        "ISO 2022 IR 58",
                        "ISO_IR 144",
                        "ISO_IR 166",
                        "ISO_IR 192",
                        "GB18030",
                        "GBK",
                        "nonsense")
                .list()
                .ofMaxSize(3);
    }

    private static String decode(String hex, boolean personName, String... terms) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return CharacterSet.of(Arrays.asList(terms)).decode(bytes, 0, bytes.length, personName);
    }

    private static String decodeAscii(String text, String... terms) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return CharacterSet.of(Arrays.asList(terms)).decode(bytes, 0, bytes.length, true);
    }

    private static Element element(Vr vr, byte[] bytes, String... terms) {
        return Element.ofBytes(Tag.SeriesDescription, vr, bytes, 0, bytes.length, CharacterSet.of(List.of(terms)));
    }

    private static byte[] concat(String before, String hex, String after) {
        return (before + new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1) + after)
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
