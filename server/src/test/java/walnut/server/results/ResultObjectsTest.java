package walnut.server.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Uid;
import walnut.dicom.data.Vr;
import walnut.dicom.object.ImageReference;
import walnut.dicom.part10.Part10Writer;
import walnut.server.api.PredictionDocument;
import walnut.server.frames.CaseFrames;
import walnut.server.frames.CasePanes;
import walnut.server.frames.Pane;
import walnut.server.http.PelvisVolumes;
import walnut.testing.Peers;
import walnut.volume.Volume;

class ResultObjectsTest {
    private static final List<ImageReference> T2W = IntStream.range(0, 20)
            .mapToObj(k -> new ImageReference("2.25.11", Uid.MRImageStorage, "2.25.1100" + k))
            .toList();

    @TempDir
    Path folder;

    @Test
    void a_result_is_pages_then_key_slices_then_a_report() throws IOException {
        List<DataSet> objects = ResultObjects.of(completed());

        assertThat(objects.stream().map(object -> object.string(Tag.SOPClassUID).orElseThrow()))
                .containsExactly(
                        Uid.SecondaryCaptureImageStorage,
                        Uid.SecondaryCaptureImageStorage,
                        Uid.Comprehensive3DSRStorage);
        assertThat(objects.get(1).string(Tag.ImageComments)).contains("Candidate 1 of 1");
        assertThat(objects).allSatisfy(object -> {
            assertThat(object.string(Tag.PatientName)).contains("Müller^Jürgen");
            assertThat(object.string(Tag.StudyInstanceUID)).contains("2.25.1");
            assertThat(object.string(Tag.DeviceUID)).contains(ResultObjects.DEVICE_UID);
            assertThat(object.contains(0x00191010)).isFalse();
            assertThat(object.string(Tag.SeriesDescription).orElseThrow()).contains("not for diagnosis");
        });
    }

    @Test
    void the_same_prediction_gives_the_same_bytes_and_another_one_other_uids() throws Exception {
        assertThat(sha256(ResultObjects.of(completed()))).isEqualTo(sha256(ResultObjects.of(completed())));
        assertThat(uids(ResultObjects.of(completed("0190-b"))))
                .doesNotContainAnyElementsOf(uids(ResultObjects.of(completed("0190-a"))));
    }

    @Test
    void the_report_says_number_side_place_and_what_the_number_is() {
        DataSet report = ResultObjects.of(completed()).get(2);
        String tree = textOf(report);

        assertThat(tree)
                .contains("SYNTHETIC_SCORE/99WALNUT")
                .doesNotContain("Probability")
                .contains("7771000/SCT")
                .contains("has never seen a patient")
                .contains("model-sha256=abc");
        DataSet group = groups(report).get(1);
        DataSet outline = child(group, "SCOORD");
        assertThat(outline.strings(Tag.GraphicType)).containsExactly("POLYLINE");
        double[] corners = outline.decimals(Tag.GraphicData);
        var peak = PelvisVolumes.T2W.toIndex(PelvisVolumes.LESION);
        assertThat(corners[0]).isBetween(peak.i() - 12, peak.i() + 12);
        assertThat(corners[1]).isBetween(peak.j() - 12, peak.j() + 12);
        assertThat(outline.item(Tag.ContentSequence)
                        .orElseThrow()
                        .item(Tag.ReferencedSOPSequence)
                        .orElseThrow()
                        .string(Tag.ReferencedSOPInstanceUID))
                .contains("2.25.11009");
    }

    @Test
    void a_warning_stands_on_the_first_page_however_many_checks_there_are() {
        String gate = "{\"name\": \"COVERAGE\", \"verdict\": \"PASS\", \"read\": \"all of it\"}";
        String document = "{\"outcome\": \"COMPLETED\", \"scoreKind\": \"SYNTHETIC\", \"gates\": ["
                + String.join(", ", Collections.nCopies(80, gate)) + "], \"warnings\": [%s]}";
        String warning = "\"T2W_TWIN_NOT_USED: series 22 was not used, series 2 was\"";

        List<DataSet> warned =
                ResultObjects.of(result("0190-w", document.formatted(warning), Optional.empty(), Optional.empty()));
        List<DataSet> unwarned =
                ResultObjects.of(result("0190-w", document.formatted(""), Optional.empty(), Optional.empty()));

        assertThat(warned.get(1).string(Tag.SOPClassUID))
                .as("the checks fill a second page")
                .contains(Uid.SecondaryCaptureImageStorage);
        assertThat(warned.get(0).bytes(Tag.PixelData).orElseThrow())
                .isNotEqualTo(unwarned.get(0).bytes(Tag.PixelData).orElseThrow());
    }

    @Test
    void a_refusal_is_sent_with_its_codes_and_in_words() {
        List<DataSet> objects = ResultObjects.of(refused());

        assertThat(objects).hasSize(2);
        assertThat(textOf(objects.get(1)))
                .contains("130585/DCM")
                .contains("EXPECTED_T2W_MISSING/99WALNUT")
                .contains("no series of this study is an ADC map")
                .doesNotContain("SYNTHETIC_SCORE");
    }

    @Test
    void an_independent_validator_finds_no_error_of_ours() throws Exception {
        Path dciodvfy = Peers.require("dicom3tools", "dciodvfy");
        List<DataSet> objects = new ArrayList<>(ResultObjects.of(completed()));
        objects.addAll(ResultObjects.of(refused()));
        for (int index = 0; index < objects.size(); index++) {
            Path file = folder.resolve(index + ".dcm");
            Part10Writer.write(file, objects.get(index), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
            Process process = new ProcessBuilder(dciodvfy.toString(), file.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            process.waitFor();

            assertThat(said.lines().filter(line -> line.startsWith("Error")).toList())
                    .as(objects.get(index).string(Tag.SOPClassUID).orElseThrow())
                    .isEmpty();
        }
    }

    private static StoredResult completed() {
        return completed("0190-a");
    }

    private static StoredResult completed(String predictionId) {
        Map<Pane, Volume> volumes = PelvisVolumes.all();
        double[] peak = {PelvisVolumes.LESION.x(), PelvisVolumes.LESION.y(), PelvisVolumes.LESION.z()};
        return result(
                predictionId,
                """
                {"outcome": "COMPLETED", "scoreKind": "SYNTHETIC", "caseScore": 0.92, "caseScoreRaw": 0.92,
                 "model": {"id": "phantom-detector", "version": "1.2", "digest": "0123456789abcdef"},
                 "series": {
                   "T2W": {"seriesInstanceUid": "2.25.11", "seriesNumber": 4, "description": "t2_tse_tra", "evidence": []},
                   "ADC": {"seriesInstanceUid": "2.25.12", "seriesNumber": 7, "description": "ep2d_ADC", "evidence": []},
                   "HBV": {"seriesInstanceUid": "2.25.13", "seriesNumber": 8, "description": "ep2d_CALC_BVAL",
                           "bValue": 1400, "source": "SCANNER_COMPUTED", "evidence": []}},
                 "gates": [{"name": "SEX", "verdict": "PASS", "read": "PatientSex M"},
                           {"name": "TREATMENT", "verdict": "UNKNOWN", "read": "nobody said"}],
                 "decisions": [{"operatingPoint": "sensitive", "threshold": 0.8, "positive": true}],
                 "findings": [{"confidence": 0.92, "side": "LEFT", "volumeMm3": 905, "longAxisMm": 12.4,
                               "slice": {"seriesNumber": 4, "sopInstanceUid": "2.25.11009"},
                               "centroidLps": %1$s, "peakLps": %1$s}],
                 "warnings": ["OUT_OF_INTENDED_USE: not a phantom"],
                 "digests": {"inputs": ["d1"], "volumes": {}, "tensors": {}, "model": "abc", "passport": "def",
                             "config": "ghi", "outputs": {}},
                 "runtime": {"walnut": "0.1", "ort": "1.29.0"}}
                """.formatted(Arrays.toString(peak)),
                Optional.of(new CasePanes(predictionId, volumes)).flatMap(CaseFrames::of),
                Optional.of(volumes.get(Pane.HEATMAP)));
    }

    private static StoredResult refused() {
        return result("0190-c", """
                {"outcome": "NOT_ELIGIBLE", "scoreKind": "SYNTHETIC",
                 "model": {"id": "phantom-detector", "version": "1.2", "digest": "0123456789abcdef"},
                 "series": {"T2W": null, "ADC": null, "HBV": null},
                 "reasons": [
                   {"code": "130585", "scheme": "DCM", "meaning": "Expected ADC map is missing",
                    "detail": "no series of this study is an ADC map"},
                   {"code": "EXPECTED_T2W_MISSING", "scheme": "99WALNUT",
                    "meaning": "Expected axial T2-weighted series is missing", "detail": null}]}
                """, Optional.empty(), Optional.empty());
    }

    private static StoredResult result(
            String predictionId, String json, Optional<CaseFrames> frames, Optional<Volume> heatmap) {
        Map<String, Integer> instanceNumbers = new HashMap<>();
        for (int k = 0; k < T2W.size(); k++) {
            instanceNumbers.put(T2W.get(k).sopInstanceUid(), 20 - k);
        }
        try {
            PredictionDocument document = PredictionDocument.read(new ObjectMapper().readTree(json));
            return new StoredResult(
                    predictionId,
                    Instant.parse("2026-11-20T10:11:12.123456Z"),
                    ZoneId.of("Europe/Lisbon"),
                    document,
                    source(),
                    heatmap.isPresent() ? Map.of("T2W", T2W) : Map.of(),
                    instanceNumbers,
                    "2.25.99",
                    frames,
                    heatmap,
                    0.4);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static DataSet source() {
        return DataSet.builder()
                .putString(Tag.SpecificCharacterSet, "ISO_IR 100")
                .putString(Tag.PatientName, "Müller^Jürgen")
                .putString(Tag.PatientID, "4711")
                .putString(Tag.PatientBirthDate, "19580401")
                .putString(Tag.PatientSex, "M")
                .putString(Tag.StudyInstanceUID, "2.25.1")
                .putString(Tag.StudyDate, "20261119")
                .putString(Tag.StudyTime, "101500")
                .putString(Tag.AccessionNumber, "A1")
                .putString(Tag.StudyID, "1")
                .putString(0x00190010, Vr.LO, "SOMEBODY")
                .putString(0x00191010, Vr.LO, "private")
                .build();
    }

    private static List<String> uids(List<DataSet> objects) {
        return objects.stream()
                .map(object -> object.string(Tag.SOPInstanceUID).orElseThrow())
                .collect(Collectors.toList());
    }

    private static List<String> sha256(List<DataSet> objects) throws IOException, NoSuchAlgorithmException {
        List<String> all = new ArrayList<>();
        for (DataSet object : objects) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Part10Writer.write(out, object, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
            all.add(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(out.toByteArray())));
        }
        return all;
    }

    private static List<DataSet> groups(DataSet report) {
        return report.items(Tag.ContentSequence).stream()
                .filter(item -> named(item, "126010"))
                .flatMap(item -> item.items(Tag.ContentSequence).stream())
                .toList();
    }

    private static boolean named(DataSet item, String code) {
        return item.item(Tag.ConceptNameCodeSequence)
                .flatMap(name -> name.string(Tag.CodeValue))
                .filter(code::equals)
                .isPresent();
    }

    private static DataSet child(DataSet item, String valueType) {
        return item.items(Tag.ContentSequence).stream()
                .filter(child -> child.string(Tag.ValueType).orElse("").equals(valueType))
                .findFirst()
                .orElseThrow();
    }

    /** Codes as value/scheme and texts of the whole tree, a line each. */
    private static String textOf(DataSet item) {
        StringBuilder text = new StringBuilder();
        for (int tag : new int[] {Tag.ConceptNameCodeSequence, Tag.ConceptCodeSequence}) {
            item.item(tag).ifPresent(code -> text.append(code.string(Tag.CodeValue)
                            .or(() -> code.string(Tag.LongCodeValue))
                            .orElse(""))
                    .append('/')
                    .append(code.string(Tag.CodingSchemeDesignator).orElse(""))
                    .append(' ')
                    .append(code.string(Tag.CodeMeaning).orElse(""))
                    .append('\n'));
        }
        item.string(Tag.TextValue).ifPresent(value -> text.append(value).append('\n'));
        item.items(Tag.ContentSequence).forEach(child -> text.append(textOf(child)));
        return text.toString();
    }
}
