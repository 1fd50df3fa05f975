package walnut.dicom.part10;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Element;
import walnut.dicom.data.TransferSyntax;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.testing.SharedData;

/** Every real file at hand is read or refused for a reason, and what was read can be written and read again. */
class SharedCorpusTest {

    @Test
    void reads_every_dicom_file_and_names_every_other_as_not_dicom() throws IOException {
        Set<FailureCode> refused = new TreeSet<>();
        int read = 0;
        for (Path file : files()) {
            try {
                assertThat(Part10Reader.read(file).dataSet().size())
                        .as(file.toString())
                        .isPositive();
                read++;
            } catch (WalnutException e) {
                assertThat(file.toString()).doesNotEndWith(".dcm");
                refused.add(e.code());
            }
        }
        assertThat(read).isGreaterThan(250);
        assertThat(refused).isSubsetOf(FailureCode.NOT_DICOM);
    }

    @Test
    void writing_what_was_read_keeps_every_element() throws IOException {
        for (Path file : files()) {
            try {
                DicomFile original = Part10Reader.read(file);
                TransferSyntax written = original.transferSyntax().bigEndian()
                        ? TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN
                        : original.transferSyntax();
                byte[] bytes = DataSetWriter.toBytes(original.dataSet(), written);
                DataSet again = DataSetReader.read(bytes, written);
                assertSame(original.dataSet(), again, file);
                assertThat(DataSetWriter.toBytes(again, written)).isEqualTo(bytes);
            } catch (WalnutException e) {
                assertThat(e.code()).as(file.toString()).isEqualTo(FailureCode.NOT_DICOM);
            }
        }
    }

    private static void assertSame(DataSet expected, DataSet actual, Path file) {
        assertThat(actual.size()).as(file.toString()).isEqualTo(expected.size());
        for (Element element : expected) {
            Element found = actual.element(element.tag()).orElseThrow();
            if ((element.tag() & 0xFFFF) == 0) {
                continue; // group lengths are counted anew
            }
            assertThat(found.items()).as("%s %s", file, element).hasSameSizeAs(element.items());
            for (int i = 0; i < element.items().size(); i++) {
                assertSame(element.items().get(i), found.items().get(i), file);
            }
            if (element.length() % 2 == 0 && element.items().isEmpty()) {
                assertThat(found).as("%s %s", file, element).isEqualTo(element);
            }
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(SharedData.require("data"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
