package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Uid;
import walnut.dicom.part10.Part10Reader;
import walnut.models.passport.ModelPackage;
import walnut.server.NodeUnderTest;
import walnut.server.api.CaseFilter;
import walnut.server.api.CaseState;
import walnut.server.api.CaseSummary;
import walnut.server.api.Delivery;
import walnut.server.config.ConfigKey;
import walnut.server.security.Role;
import walnut.store.InstanceListener;
import walnut.store.StoredInstance;

/**
 * Every planted fault over the whole path: pushed over DICOM into a running node in ASSIST, answered, shown on the worklist,
 * and reported into a receiving archive. The table in docs is what this test saw; {@code -Dwalnut.write-tables=true} writes
 * it.
 */
class PlantedFaultsOnNodeTest {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");
    private static final Path TABLE = Path.of("../docs/phantom-faults-on-a-node.md");
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Set<CaseState> ANSWERED =
            EnumSet.of(CaseState.COMPLETED, CaseState.NOT_ELIGIBLE, CaseState.FAILED);

    @TempDir
    private Path scratch;

    private final Map<String, Path> received = new ConcurrentHashMap<>();

    @Test
    void every_fault_is_answered_shown_and_reported_as_it_is_owed() throws Exception {
        Path archiveFolder = Files.createDirectories(scratch.resolve("archive"));
        try (LoopbackArchive archive = new LoopbackArchive(archiveFolder, remembering(archiveFolder.resolve("store")));
                NodeUnderTest node = NodeUnderTest.start(
                        scratch.resolve("data"),
                        ModelPackage.open(DETECTOR),
                        Map.of(ConfigKey.DICOM_DESTINATIONS, archive.asDestination(), ConfigKey.ASSEMBLY_CAP, "5s"))) {
            node.server()
                    .deployments()
                    .change(node.server().model().passport().id(), "ASSIST", "Ada", "planted faults");
            for (PlantedFault fault : PlantedFault.all()) {
                node.send(fault.writeTo(scratch.resolve(fault.defect().name())));
            }
            Map<String, List<CaseSummary>> byStudy = answered(node);
            String worklist = worklist(node);

            List<String> rows = new ArrayList<>();
            List<String> wrong = new ArrayList<>();
            for (PlantedFault fault : PlantedFault.all()) {
                List<CaseSummary> cases = byStudy.getOrDefault(fault.study().studyInstanceUid(), List.of());
                // Two patients under one study are two cases.
                assertThat(cases).as("%s", fault.defect()).isNotEmpty();
                String row = "";
                for (CaseSummary summary : cases) {
                    JsonNode seen = document(node, summary);
                    if (!fault.isOwed(seen)) {
                        wrong.add(fault.defect() + " owes " + fault.owedInWords() + ", got "
                                + PlantedFault.inWords(seen));
                    }
                    String said = saidOf(summary, worklist);
                    Reported reported = reported(node, summary);
                    row = "| " + fault.defect() + " | " + fault.owedInWords() + " | " + PlantedFault.inWords(seen)
                            + " | "
                            + said.replaceAll("^(No c|C)andidate above", "(No) candidate above") + " | "
                            + reported.page() + " | " + reported.report() + " |";
                    if (seen.at("/outcome").asText().equals("NOT_ELIGIBLE")) {
                        assertThat(said).as("%s", fault.defect()).startsWith("Refused: ");
                        assertThat(said).endsWith(String.valueOf(summary.explanation()));
                        assertThat(reported.page()).isEqualTo("Walnut: REFUSED");
                        assertThat(reported.codes()).containsAll(PlantedFault.codes(seen));
                    } else {
                        assertThat(said).matches("(No c|C)andidate above threshold");
                        assertThat(reported.page()).isEqualTo("Walnut result");
                    }
                }
                rows.add(row);
            }
            assertThat(wrong).isEmpty();
            String table = page(rows);
            if (Boolean.getBoolean("walnut.write-tables")) {
                Files.writeString(TABLE, table);
            }
            assertThat(TABLE).content().isEqualTo(table);
        }
    }

    private InstanceListener remembering(Path store) {
        return new InstanceListener() {
            @Override
            public void stored(StoredInstance instance) {
                received.put(instance.sopInstanceUid(), store.resolve(instance.file()));
            }
        };
    }

    /** When every case has its answer and everything of it has arrived. */
    private static Map<String, List<CaseSummary>> answered(NodeUnderTest node) throws InterruptedException {
        int studies = PlantedFault.all().size();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            Map<String, List<CaseSummary>> byStudy =
                    node.server().cases().cases(CaseFilter.newest(CaseFilter.MAX_LIMIT)).cases().stream()
                            .collect(Collectors.groupingBy(CaseSummary::studyInstanceUid));
            boolean all = byStudy.size() == studies
                    && byStudy.values().stream()
                            .flatMap(List::stream)
                            .allMatch(summary ->
                                    ANSWERED.contains(summary.state()) && isDelivered(node, summary.predictionId()));
            if (all) {
                return byStudy;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("not every case was answered and reported in " + PATIENCE);
    }

    private static boolean isDelivered(NodeUnderTest node, @Nullable String predictionId) {
        if (predictionId == null) {
            return false;
        }
        List<Delivery.OutgoingReport> objects = node.server().delivery().ofPrediction(predictionId);
        return !objects.isEmpty()
                && objects.stream().allMatch(object -> object.state().equals("DELIVERED"));
    }

    private static JsonNode document(NodeUnderTest node, CaseSummary summary) {
        return node.server()
                .cases()
                .predictionById(String.valueOf(summary.predictionId()))
                .orElseThrow()
                .document();
    }

    private static String worklist(NodeUnderTest node) throws IOException, InterruptedException {
        HttpResponse<String> page = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://127.0.0.1:" + node.server().httpPort() + "/"))
                                .timeout(Duration.ofSeconds(60))
                                .header("Authorization", "Bearer " + node.token(Role.RADIOLOGIST))
                                .header("Accept", "text/html")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        return page.body();
    }

    /** The outcome's cell in the row of a case, as a browser shows it. */
    private static String saidOf(CaseSummary summary, String worklist) {
        Matcher cell = Pattern.compile(
                        "data-case=\"" + summary.caseId() + "\".*?<td class=\"outcome\">(.*?)</td>", Pattern.DOTALL)
                .matcher(worklist);
        assertThat(cell.find()).as("a row of case %s", summary.caseId()).isTrue();
        return cell.group(1)
                .replaceAll("<[^>]*>", "")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&")
                .strip();
    }

    /**
     * What the archive has of a case.
     *
     * @param page what the first page is
     * @param report in what the report ends: candidates, or the codes of a refusal
     */
    private record Reported(String page, String report, List<String> codes) {}

    private Reported reported(NodeUnderTest node, CaseSummary summary) throws IOException {
        Map<String, List<DataSet>> byClass = new HashMap<>();
        for (Delivery.OutgoingReport object :
                node.server().delivery().ofPrediction(String.valueOf(summary.predictionId()))) {
            Path file = received.get(object.sopInstanceUid());
            assertThat(file).as("%s in the archive", object.sopInstanceUid()).isNotNull();
            DataSet dataSet = Part10Reader.read(file).dataSet();
            byClass.computeIfAbsent(dataSet.string(Tag.SOPClassUID).orElseThrow(), uid -> new ArrayList<>())
                    .add(dataSet);
        }
        List<DataSet> pages = byClass.getOrDefault(Uid.SecondaryCaptureImageStorage, List.of());
        List<DataSet> reports = byClass.getOrDefault(Uid.Comprehensive3DSRStorage, List.of());
        assertThat(pages).isNotEmpty();
        assertThat(reports).hasSize(1);
        String first = pages.stream()
                .min((a, b) -> Integer.compare(
                        a.integer(Tag.InstanceNumber).orElseThrow(),
                        b.integer(Tag.InstanceNumber).orElseThrow()))
                .flatMap(page -> page.string(Tag.ImageComments))
                .orElseThrow();
        List<String> codes = new ArrayList<>();
        collectCodes(reports.get(0), codes);
        List<String> ofCase = codes.stream().distinct().toList();
        List<String> reasons = PlantedFault.codes(document(node, summary)).stream()
                .filter(ofCase::contains)
                .toList();
        String report = reasons.isEmpty() ? "no refusal" : String.join(", ", reasons);
        return new Reported(first.split(", page ")[0], report, ofCase);
    }

    private static void collectCodes(DataSet item, List<String> codes) {
        for (int sequence : List.of(Tag.ContentSequence, Tag.ConceptCodeSequence)) {
            item.items(sequence).forEach(inner -> collectCodes(inner, codes));
        }
        // A code of more than sixteen characters has a place of its own (PS3.3 table 8.8-1a).
        item.string(Tag.CodeValue).or(() -> item.string(Tag.LongCodeValue)).ifPresent(codes::add);
    }

    private static String page(List<String> rows) {
        return "# Planted faults over the whole path\n\n"
                + "The same studies as in [phantom-faults.md](phantom-faults.md), each pushed over DICOM into a running node whose model\n"
                + "is in ASSIST, with a receiving archive. `PlantedFaultsOnNodeTest` fails when a case gets another outcome than it is\n"
                + "owed, when the worklist or the report in the archive says something else than the prediction, and writes this table.\n\n"
                + "| fault | owed | the node's answer | the worklist says | first page in the archive | codes of the refusal in the report |\n"
                + "|---|---|---|---|---|---|\n"
                + String.join("\n", rows) + "\n";
    }
}
