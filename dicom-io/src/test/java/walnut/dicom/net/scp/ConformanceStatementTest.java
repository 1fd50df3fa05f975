package walnut.dicom.net.scp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import walnut.dicom.data.CharacterSet;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Uid;
import walnut.dicom.data.UidRegistry;
import walnut.dicom.net.dimse.Status;
import walnut.dicom.net.pdu.AnsweredContext;
import walnut.dicom.net.pdu.ProposedContext;
import walnut.dicom.part10.Implementation;
import walnut.failure.FailureCode;

/** docs/conformance.md says what the code does. */
class ConformanceStatementTest {
    private final List<String> lines;

    ConformanceStatementTest() throws IOException {
        lines = Files.readAllLines(Path.of("../docs/conformance.md"));
    }

    /** The rows, without heading and rule, of the table under this heading. */
    private List<List<String>> table(String heading) {
        int at = lines.indexOf("| " + heading + " |");
        assertThat(at).as("a table of " + heading).isNotNegative();
        return lines.subList(at + 2, lines.size()).stream()
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(String::trim)
                        .toList())
                .toList();
    }

    @Test
    void lists_the_storage_sop_classes_that_are_accepted() {
        Map<String, String> accepted = new LinkedHashMap<>();
        UidRegistry.ofKind("SOP Class").stream()
                .filter(sopClass -> accepts(sopClass.uid(), Uid.ExplicitVRLittleEndian))
                .filter(sopClass -> !sopClass.uid().equals(Uid.Verification))
                .forEach(sopClass -> accepted.put(sopClass.uid(), name(sopClass)));
        Map<String, String> listed = table("UID | name").stream()
                .collect(Collectors.toMap(row -> row.get(0), row -> row.get(1), (a, b) -> a, LinkedHashMap::new));
        assertThat(listed).isEqualTo(accepted).hasSizeGreaterThan(200);
    }

    private static String name(UidRegistry.Entry sopClass) {
        if (sopClass.name().isEmpty()) {
            return "(retired, without a name)";
        }
        boolean marked = sopClass.name().contains("etired");
        return sopClass.retired() && !marked ? sopClass.name() + " (retired)" : sopClass.name();
    }

    private static boolean accepts(String sopClassUid, String transferSyntaxUid) {
        ProposedContext proposed = new ProposedContext(1, sopClassUid, List.of(transferSyntaxUid));
        AnsweredContext answer = StorageContexts.answer(proposed);
        return answer.accepted() && answer.transferSyntax().equals(transferSyntaxUid);
    }

    /** Decoded today is what is not encapsulated; a codec comes with its rows. */
    @Test
    void lists_the_transfer_syntaxes_that_are_accepted_and_decoded() {
        List<List<String>> expected = TransferSyntax.all().stream()
                .filter(syntax -> accepts(Uid.MRImageStorage, syntax.uid()))
                .map(syntax -> List.of(syntax.uid(), syntax.name(), syntax.encapsulated() ? "no" : "yes"))
                .toList();
        assertThat(table("UID | name | pixels decoded")).isEqualTo(expected).hasSizeGreaterThan(50);
    }

    @Test
    void names_the_status_of_each_failure() {
        for (List<String> row : table("status | code | meaning")) {
            int status = row.get(1).isEmpty()
                    ? Status.SUCCESS
                    : FailureCode.valueOf(row.get(1)).dimseStatus();
            assertThat(row.get(0)).as(row.toString()).isEqualTo(Status.hex(status));
        }
    }

    /** Each status of C-STORE that there is, is answered somewhere or named as never sent, with the reason. */
    @Test
    void names_every_status_of_c_store_sent_or_never_sent() {
        List<String> sent = Stream.concat(
                        table("status | code | meaning").stream(), table("status | answered when").stream())
                .map(row -> row.get(0))
                .distinct()
                .toList();
        List<String> neverSent =
                table("status never sent | why").stream().map(row -> row.get(0)).toList();
        assertThat(sent).doesNotContainAnyElementsOf(neverSent);
        assertThat(Stream.concat(sent.stream(), neverSent.stream()))
                .containsExactlyInAnyOrder(
                        "0000H", "A700H", "A900H", "C000H", "0110H", "0117H", "0122H", "0210H", "0211H", "0111H",
                        "0112H", "0124H", "0212H", "0213H", "B000H", "B006H", "B007H");
    }

    @Test
    void accepts_every_storage_class_of_the_standard_and_nothing_that_is_none() {
        Set<String> notStored = Set.of(
                Uid.MediaStorageDirectoryStorage, Uid.StorageCommitmentPushModel, Uid.StorageCommitmentPullModel);
        for (UidRegistry.Entry sopClass : UidRegistry.ofKind("SOP Class")) {
            boolean storage = sopClass.name().contains("Storage") && !notStored.contains(sopClass.uid());
            boolean nameless = sopClass.name().isEmpty() && sopClass.uid().startsWith("1.2.840.10008.5.1.4.1.1.");
            assertThat(StorageContexts.isStorage(sopClass.uid()))
                    .as(sopClass.uid() + " " + sopClass.name())
                    .isEqualTo(storage || nameless);
        }
    }

    @Test
    void names_the_limits_and_the_implementation() {
        DimseServerConfig defaults = DimseServerConfig.defaults();
        assertThat(table("limit | default"))
                .extracting(row -> Long.parseLong(row.get(1)))
                .containsExactly(
                        (long) defaults.maximumAssociations(),
                        (long) defaults.maximumPduLength(),
                        (long) defaults.maximumOperations(),
                        defaults.artimTimeout().toSeconds(),
                        defaults.idleTimeout().toSeconds());
        assertThat(String.join("\n", lines))
                .contains("| " + Implementation.CLASS_UID + " |")
                .contains("| " + Implementation.VERSION_NAME + " |")
                .contains("`" + defaults.aeTitle() + "`");
    }

    @Test
    void names_character_sets_that_are_known() {
        List<List<String>> rows = table("without code extensions | with code extensions | repertoire");
        assertThat(rows).hasSize(20);
        for (List<String> row : rows) {
            for (String term : row.subList(0, 2)) {
                assertThat(CharacterSet.of(List.of(term.equals("(absent)") ? "" : term))
                                .isKnown())
                        .as(term)
                        .isTrue();
            }
        }
    }
}
