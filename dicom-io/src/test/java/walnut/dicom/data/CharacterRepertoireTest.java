package walnut.dicom.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Every character of every repertoire of PS3.3 C.12.1.1.2, as pydicom decodes it; the expectations are made by
 * src/test/python/character_set_expectations.py.
 */
class CharacterRepertoireTest {

    @Test
    void every_character_of_every_repertoire_is_the_one_that_pydicom_reads() throws IOException {
        Set<String> repertoires = new TreeSet<>();
        int characters = 0;
        for (String[] row : rows()) {
            byte[] bytes = HexFormat.of().parseHex(row[1]);
            String decoded = CharacterSet.of(List.of(row[0].split("\\\\", -1))).decode(bytes, 0, bytes.length, false);
            assertThat(codePoints(decoded)).as("%s %s", row[0], row[1]).isEqualTo(codePoints(row[2]));
            repertoires.add(row[0]);
            characters += decoded.codePointCount(0, decoded.length());
        }
        assertThat(repertoires).hasSize(2 * 12 + 4 + 3);
        assertThat(characters).isGreaterThan(50_000);
    }

    /** Repertoires that several bytes may mean one character in (GBK, GB18030) and code extensions are only read. */
    @Test
    void single_byte_repertoires_and_utf_8_are_written_as_they_are_read() throws IOException {
        for (String[] row : rows()) {
            if (row[0].startsWith("ISO_IR") && !row[0].equals("ISO_IR 13")) {
                assertThat(CharacterSet.of(List.of(row[0])).encode(row[2]))
                        .as(row[0])
                        .hasValue(HexFormat.of().parseHex(row[1]));
            }
        }
    }

    /** Code points rather than text, so that what differs can be seen. */
    private static String codePoints(String text) {
        StringBuilder hex = new StringBuilder();
        text.codePoints()
                .forEach(point -> hex.append(Integer.toHexString(point)).append(' '));
        return hex.toString();
    }

    private static List<String[]> rows() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                CharacterRepertoireTest.class.getResourceAsStream("character-sets.tsv"), "character-sets.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .toList();
        }
    }
}
