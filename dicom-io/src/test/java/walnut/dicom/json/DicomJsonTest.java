package walnut.dicom.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walnut.dicom.data.CharacterSet;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Element;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Vr;
import walnut.dicom.part10.Part10Reader;
import walnut.dicom.part10.RandomDataSets;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.testing.SharedData;

class DicomJsonTest {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** DS and IS may be written in other digits; of NaN, which has many bit patterns, JSON knows one. */
    private static final Set<Vr> COMPARED_AS_NUMBERS = EnumSet.of(Vr.DS, Vr.IS, Vr.FL, Vr.FD);

    /** The cases of PS3.18 section F.2 and the example of F.4, in one data set. */
    @Test
    void each_vr_takes_the_form_that_the_standard_gives_it() throws IOException {
        DataSet dataSet = DataSet.builder()
                .putString(Tag.SpecificCharacterSet, "ISO_IR 100")
                .putString(Tag.ImageType, "DERIVED", "", "PRIMARY")
                .putEmpty(Tag.AccessionNumber)
                .putString(Tag.ReferringPhysicianName, "Müller^Jörg")
                .putItems(
                        Tag.ProcedureCodeSequence,
                        DataSet.builder().putString(Tag.CodeValue, "1").build(),
                        DataSet.EMPTY)
                .putString(Tag.PatientName, "Yamada^Tarou=山田^太郎=やまだ^たろう")
                .putString(Tag.SliceThickness, "3.50")
                .putString(Tag.EchoTime, "+.5")
                .putString(Tag.SeriesNumber, "seven")
                .putDecimal(Tag.DiffusionBValue, Double.NaN)
                .putInteger(Tag.FrameIncrementPointer, Tag.FrameTime)
                .putDecimal(Tag.SelectorFLValue, 0.1)
                .putInteger(Tag.SelectorUVValue, -1)
                .putBytes(0x00191001, Vr.UN, new byte[] {1, 2})
                .putInteger(0x00280000, 12)
                .build();
        assertThat(json(dataSet))
                .isEqualTo("{\"00080005\":{\"vr\":\"CS\",\"Value\":[\"ISO_IR 192\"]},"
                        + "\"00080008\":{\"vr\":\"CS\",\"Value\":[\"DERIVED\",null,\"PRIMARY\"]},"
                        + "\"00080050\":{\"vr\":\"SH\"},"
                        + "\"00080090\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Müller^Jörg\"}]},"
                        + "\"00081032\":{\"vr\":\"SQ\",\"Value\":[{\"00080100\":{\"vr\":\"SH\",\"Value\":[\"1\"]}},{}]},"
                        + "\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Yamada^Tarou\","
                        + "\"Ideographic\":\"山田^太郎\",\"Phonetic\":\"やまだ^たろう\"}]},"
                        + "\"00180050\":{\"vr\":\"DS\",\"Value\":[3.50]},"
                        + "\"00180081\":{\"vr\":\"DS\",\"Value\":[0.5]},"
                        + "\"00189087\":{\"vr\":\"FD\",\"Value\":[\"NaN\"]},"
                        + "\"00191001\":{\"vr\":\"UN\",\"InlineBinary\":\"AQI=\"},"
                        + "\"00200011\":{\"vr\":\"IS\",\"Value\":[\"seven\"]},"
                        + "\"00280009\":{\"vr\":\"AT\",\"Value\":[\"00181063\"]},"
                        + "\"00720076\":{\"vr\":\"FL\",\"Value\":[0.1]},"
                        + "\"00720083\":{\"vr\":\"UV\",\"Value\":[18446744073709551615]}}");
    }

    @Test
    void every_real_header_comes_back_from_json() throws IOException {
        int files = 0;
        try (Stream<Path> walk = Files.walk(SharedData.require("data"))) {
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                DataSet original;
                try {
                    original = Part10Reader.read(file).dataSet();
                } catch (WalnutException e) {
                    continue; // no DICOM; SharedCorpusTest sees to that
                }
                DataSet inline = original.element(Tag.PixelData).isPresent()
                        ? original.toBuilder().remove(Tag.PixelData).build()
                        : original;
                assertSame(inline, parsed(json(inline)), file);
                files++;
            }
        }
        assertThat(files).isGreaterThan(260);
    }

    private static void assertSame(DataSet expected, DataSet actual, Path file) {
        for (Element element : expected) {
            if ((element.tag() & 0xFFFF) == 0 || element.tag() == Tag.SpecificCharacterSet) {
                continue;
            }
            Element found = actual.element(element.tag()).orElseThrow();
            assertThat(found.vr()).isEqualTo(element.vr());
            for (int i = 0; i < element.items().size(); i++) {
                assertSame(element.items().get(i), found.items().get(i), file);
            }
            if (COMPARED_AS_NUMBERS.contains(element.vr())) {
                assertThat(found.decimals()).as("%s %s", file, element).isEqualTo(element.decimals());
            } else if (element.vr().isText()) {
                assertThat(strings(found)).as("%s %s", file, element).isEqualTo(strings(element));
            } else {
                assertThat(found.bytes()).as("%s %s", file, element).isEqualTo(element.bytes());
            }
        }
    }

    /** Values without the equals signs of component groups that are empty, and none where all are. */
    private static List<String> strings(Element element) {
        List<String> values = element.strings().stream()
                .map(value -> element.vr() == Vr.PN ? value.replaceFirst("[= ]+$", "") : value)
                .toList();
        return values.equals(List.of("")) ? List.of() : values;
    }

    /** Every VR, private blocks, nesting, text beyond ASCII: JSON and back gives the same data set. */
    @Property(tries = 200)
    void any_data_set_comes_back_from_json(@ForAll long seed) throws IOException {
        DataSet original = new RandomDataSets(seed).next();
        DataSet again = parsed(json(original));
        assertThat(again.size() - (again.contains(Tag.SpecificCharacterSet) ? 1 : 0))
                .isEqualTo(original.size() - (original.contains(Tag.SpecificCharacterSet) ? 1 : 0));
        assertSame(original, again, Path.of("seed " + seed));
    }

    /** What a careless or hostile client sends: a data set or MALFORMED_DATASET, never another exception. */
    @Property(tries = 1000)
    void damaged_json_is_read_or_refused(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        StringBuilder damaged = new StringBuilder(json(new RandomDataSets(seed % 40).next()));
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(damaged.length());
            switch (random.nextInt(3)) {
                case 0 -> damaged.setCharAt(at, "{}[]\":,0-9eE.\\\u0000é".charAt(random.nextInt(16)));
                case 1 -> damaged.deleteCharAt(at);
                default -> damaged.insert(at, "null");
            }
        }
        try {
            parsed(damaged.toString()).forEach(Element::strings);
        } catch (WalnutException e) {
            assertThat(e.code()).isEqualTo(FailureCode.MALFORMED_DATASET);
        }
    }

    @Test
    void numbers_beyond_what_json_readers_hold_keep_their_digits() throws IOException {
        DataSet dataSet = DataSet.builder()
                .putInteger(Tag.SelectorUVValue, 1L << 63, 7)
                .putInteger(Tag.SelectorSVValue, Long.MIN_VALUE)
                .putString(Tag.SliceThickness, "0.1234567890123", "-.5e-10", "", "1E400")
                .putString(Tag.SeriesNumber, "-0007")
                .putDecimal(Tag.SelectorFDValue, Double.MIN_VALUE, Double.NEGATIVE_INFINITY, -0.0)
                .build();
        DataSet again = parsed(json(dataSet));
        assertThat(again.strings(Tag.SelectorUVValue)).containsExactly("9223372036854775808", "7");
        assertThat(again.integers(Tag.SelectorSVValue)).containsExactly(Long.MIN_VALUE);
        assertThat(again.decimals(Tag.SelectorFDValue))
                .containsExactly(Double.MIN_VALUE, Double.NEGATIVE_INFINITY, -0.0);
        assertThat(again.integer(Tag.SeriesNumber)).hasValue(-7);
        assertThat(again.strings(Tag.SliceThickness)).hasSize(4).startsWith("0.1234567890123");
        assertThat(parsed(
                                "{\"00280010\":{\"vr\":\"US\",\"Value\":[\"12\"]},\"00180050\":{\"vr\":\"DS\",\"Value\":[\"3.5\",4]}}")
                        .decimals(Tag.SliceThickness))
                .containsExactly(3.5, 4);
    }

    /** A sender that writes an umlaut where only ASCII may stand. */
    @Test
    void text_of_ascii_vrs_keeps_its_bytes() throws IOException {
        DataSet dataSet = DataSet.builder()
                .putBytes(Tag.BodyPartExamined, Vr.CS, new byte[] {'K', (byte) 0xF6, 'R', 'P'})
                .build();
        assertThat(parsed(json(dataSet))).isEqualTo(dataSet);
    }

    @Test
    void members_may_come_in_any_order() throws IOException {
        DataSet dataSet = parsed(
                "{\"00191001\":{\"Value\":[{\"00280010\":{\"Value\":[4],\"vr\":\"US\"}}],\"vr\":\"SQ\"},"
                        + "\"00100010\":{\"Value\":[{\"Phonetic\":\"c\",\"Alphabetic\":\"a\"}],\"vr\":\"PN\"},"
                        + "\"00080018\":{\"Value\":[\"2.25.1\"]},\"00080060\":{\"vr\":\"CS\",\"unknown\":{\"x\":[1]}}}");
        assertThat(dataSet.item(0x00191001).orElseThrow().integer(Tag.Rows)).hasValue(4);
        assertThat(dataSet.string(Tag.PatientName)).hasValue("a==c");
        assertThat(dataSet.string(Tag.SOPInstanceUID)).hasValue("2.25.1");
        assertThat(dataSet.contains(Tag.Modality)).isTrue();
    }

    @Test
    void text_beyond_ascii_needs_no_character_set_in_json() throws IOException {
        DataSet dataSet =
                parsed("{\"00081032\":{\"vr\":\"SQ\",\"Value\":[{\"00080104\":{\"vr\":\"LO\",\"Value\":[\"王\"]}}]},"
                        + "\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Jé\"}]}}");
        assertThat(dataSet.string(Tag.PatientName)).hasValue("Jé");
        assertThat(dataSet.characterSet()).isEqualTo(CharacterSet.UTF_8);
        DataSet item = dataSet.item(Tag.ProcedureCodeSequence).orElseThrow();
        assertThat(item.string(Tag.CodeMeaning)).hasValue("王");
        assertThat(item.contains(Tag.SpecificCharacterSet)).isFalse();
    }

    @Test
    void bulk_data_are_referred_to_and_fetched() throws IOException {
        DataSet image = DataSet.builder()
                .putFragments(Tag.PixelData, Vr.OB, List.of(new byte[0], new byte[4]))
                .build();
        String json = json(
                image, element -> Optional.of("frames/" + element.fragments().size()));
        assertThat(json).isEqualTo("{\"7FE00010\":{\"vr\":\"OB\",\"BulkDataURI\":\"frames/2\"}}");
        assertThatThrownBy(() -> json(image)).isInstanceOf(IllegalArgumentException.class);
        try (JsonParser parser = FACTORY.createParser(json)) {
            assertThat(DicomJsonReader.read(parser, uri -> new byte[] {7, 8}).bytes(Tag.PixelData))
                    .hasValue(new byte[] {7, 8});
        }
        assertMalformed(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"PatientName\":{\"vr\":\"PN\"}}",
                "{\"00100010\":7}",
                "{\"00100010\":{\"vr\":7}}",
                "{\"00100010\":{\"vr\":\"XX\"}}",
                "{\"00100010\":{\"vr\":\"PN\",\"Value\":\"Doe\"}}",
                "{\"00100010\":{\"vr\":\"PN\",\"Value\":[[]]}}",
                "{\"00280010\":{\"vr\":\"US\",\"Value\":[65536]}}",
                "{\"00280010\":{\"vr\":\"US\",\"Value\":[\"many\"]}}",
                "{\"00280010\":{\"vr\":\"US\",\"Value\":[{\"00280010\":{\"vr\":\"US\"}}]}}",
                "{\"00081032\":{\"vr\":\"SQ\",\"Value\":[1]}}",
                "{\"7FE00010\":{\"vr\":\"OW\",\"InlineBinary\":\"***\"}}",
                "{\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Doe\""
            })
    void what_is_no_dicom_json_is_malformed(String json) {
        assertMalformed(json);
    }

    @Test
    void nesting_is_bounded() {
        assertMalformed("{\"00081032\":{\"vr\":\"SQ\",\"Value\":[".repeat(200));
    }

    private static void assertMalformed(String json) {
        assertThatThrownBy(() -> parsed(json)).isInstanceOfSatisfying(WalnutException.class, e -> assertThat(e.code())
                .isEqualTo(FailureCode.MALFORMED_DATASET));
    }

    private static String json(DataSet dataSet) throws IOException {
        return json(dataSet, DicomJsonWriter.BulkData.INLINE);
    }

    private static String json(DataSet dataSet, DicomJsonWriter.BulkData bulkData) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            DicomJsonWriter.write(json, dataSet, bulkData);
        }
        return text.toString();
    }

    private static DataSet parsed(String json) throws IOException {
        try (JsonParser parser = FACTORY.createParser(json)) {
            return DicomJsonReader.read(parser, DicomJsonReader.BulkData.NONE);
        }
    }
}
