package walnut.dicom.part10;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Element;
import walnut.dicom.data.TransferSyntax;
import walnut.testing.Peers;

/** DCMTK's dcmdump reads what we write, and finds the same elements of the same length in the same order. */
class DcmtkAgreementTest {
    /** {@code (0008,0016) UI =MRImageStorage # 26, 1 SOPClassUID}: indentation, tag, VR, … length. */
    private static final Pattern LINE =
            Pattern.compile("^( *)\\(([0-9a-f]{4}),([0-9a-f]{4})\\) (\\S\\S).* # +(\\d+),.*$");

    @TempDir
    private Path directory;

    @Test
    void dcmdump_finds_the_elements_that_were_written() throws IOException, InterruptedException {
        String dcmdump = Peers.require("dcmtk", "dcmdump").toString();
        for (int seed = 0; seed < 12; seed++) {
            DataSet dataSet = new RandomDataSets(seed).next();
            for (TransferSyntax syntax : List.of(
                    TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)) {
                Path file = directory.resolve(seed + ".dcm");
                Part10Writer.write(file, dataSet, syntax);
                assertThat(dumped(dcmdump, file))
                        .as("seed %d, %s", seed, syntax)
                        .isEqualTo(written(dataSet, 0));
            }
        }
    }

    private static List<String> written(DataSet dataSet, int depth) {
        List<String> lines = new ArrayList<>();
        for (Element element : dataSet) {
            String length = element.vr().isSequence() ? "" : " " + (element.length() + element.length() % 2);
            lines.add(depth + String.format(" %08x ", element.tag()) + element.vr() + length);
            for (DataSet item : element.items()) {
                lines.addAll(written(item, depth + 2));
            }
        }
        return lines;
    }

    private static List<String> dumped(String dcmdump, Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(dcmdump, "-q", "+L", file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(process.waitFor()).isZero();
        List<String> lines = new ArrayList<>();
        for (String line : output.split("\n", -1)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()
                    && !matcher.group(2).equals("0002")
                    && !matcher.group(2).equals("fffe")) {
                String vr = matcher.group(4).toUpperCase(Locale.ROOT);
                String length = vr.equals("SQ") ? "" : " " + matcher.group(5);
                lines.add(
                        matcher.group(1).length() / 2 + " " + matcher.group(2) + matcher.group(3) + " " + vr + length);
            }
        }
        return lines;
    }
}
