package walnut.dicom.part10;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Dictionary;
import walnut.dicom.data.Element;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Vr;
import walnut.testing.SharedData;

/** Reads real files as pydicom does; the expectations are made by src/test/python/pydicom_expectations.py. */
class PydicomAgreementTest {

    @Test
    void decodes_all_character_sets_and_odd_files_to_the_same_text() throws IOException {
        Map<String, Map<String, String>> expected = new LinkedHashMap<>();
        for (String[] row : table("pydicom-text.tsv")) {
            expected.computeIfAbsent(row[0], file -> new TreeMap<>()).put(row[1], row[2]);
        }
        assertThat(expected).hasSizeGreaterThanOrEqualTo(21);
        for (Map.Entry<String, Map<String, String>> file : expected.entrySet()) {
            Map<String, String> actual = new TreeMap<>();
            texts(read(file.getKey()), "", actual);
            assertThat(actual).as(file.getKey()).containsExactlyEntriesOf(file.getValue());
        }
    }

    @Test
    void finds_the_same_elements_with_the_same_bytes_in_every_file() throws IOException {
        List<String[]> expected = table("pydicom-structure.tsv");
        assertThat(expected).hasSizeGreaterThan(260);
        for (String[] row : expected) {
            List<String> lines = new ArrayList<>();
            structure(read(row[0]), "", lines);
            String digest = sha256(String.join("\n", lines).concat("\n").getBytes(StandardCharsets.UTF_8));
            assertThat(lines.size() + " " + digest)
                    .as(row[0] + "\n" + String.join("\n", lines))
                    .isEqualTo(row[1] + " " + row[2]);
        }
    }

    private static DataSet read(String file) throws IOException {
        Path path = SharedData.require(file);
        return Part10Reader.read(path).dataSet();
    }

    private static void texts(DataSet dataSet, String prefix, Map<String, String> into) {
        for (Element element : dataSet) {
            String path = prefix + String.format("%08X", element.tag());
            for (int i = 0; i < element.items().size(); i++) {
                texts(element.items().get(i), path + "[" + i + "].", into);
            }
            if (element.vr().isText() && !Dictionary.isPrivate(element.tag())) {
                // pydicom drops the equals signs of component groups that are empty.
                String padding = element.vr() == Vr.PN ? "[ \0=]+$" : "[ \0]+$";
                into.put(path, escaped(element.text(), padding));
            }
        }
    }

    /** Values without their trailing padding, as the expectations have them. */
    private static String escaped(String text, String padding) {
        List<String> values = Arrays.stream(text.split("\\\\", -1))
                .map(value -> value.replaceAll(padding, ""))
                .toList();
        return String.join("\\", values)
                .replace("%", "%25")
                .replace("\t", "%09")
                .replace("\n", "%0A")
                .replace("\r", "%0D")
                .replace("\f", "%0C");
    }

    private static void structure(DataSet dataSet, String prefix, List<String> into) {
        for (Element element : dataSet) {
            String path = prefix + String.format("%08X", element.tag());
            if ((element.tag() & 0xFFFF) == 0 || element.tag() == Tag.SpecificCharacterSet) {
                continue;
            }
            if (element.vr().isSequence()) {
                into.add(path + " SQ " + element.items().size());
                for (int i = 0; i < element.items().size(); i++) {
                    structure(element.items().get(i), path + "[" + i + "].", into);
                }
            } else {
                byte[] value = element.isEncapsulated() ? joinedFragments(element) : element.bytes();
                into.add(path + " " + value.length + " " + sha256(value));
            }
        }
    }

    private static byte[] joinedFragments(Element pixelData) {
        List<byte[]> fragments = pixelData.fragments();
        byte[] joined = {};
        for (byte[] fragment : fragments.subList(1, fragments.size())) {
            int at = joined.length;
            joined = Arrays.copyOf(joined, at + fragment.length);
            System.arraycopy(fragment, 0, joined, at, fragment.length);
        }
        return joined;
    }

    private static List<String[]> table(String name) throws IOException {
        try (InputStream in = PydicomAgreementTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .toList();
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
