package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.Tag;
import walnut.testing.MrSeries;
import walnut.testing.SharedData;

class InspectCommandTest {
    private static final Path SCHEMAS = Path.of("../docs/schemas");

    @TempDir
    Path folder;

    @Test
    void a_real_study_as_json_follows_the_schema_and_the_plan() throws IOException {
        CommandRun run = CommandRun.of("inspect", SharedData.prostateX0000(), "--json", "--pixels");
        assertThat(run.exit()).isZero();
        assertThat(run.violationsOf("inspect")).isEmpty();
        JsonNode document = run.json();
        assertThat(document.at("/series")).hasSize(7);
        JsonNode diffusion = document.at("/series/3");
        assertThat(diffusion.get("role").asText()).isEqualTo("DWI");
        assertThat(diffusion.get("bValues").toString()).isEqualTo("[50,400,800]");
        assertThat(diffusion.get("volumes")).hasSize(3);
        assertThat(diffusion.at("/volumes/0/size").toString()).isEqualTo("[84,128,19]");
        assertThat(diffusion.get("instances")).hasSize(57);
        assertThat(diffusion.at("/instances/0/pixelSha256").asText()).hasSize(64);
        JsonNode selection = document.at("/studies/0/selection");
        assertThat(selection.at("/T2W/seriesNumber").asInt()).isEqualTo(4);
        assertThat(selection.at("/ADC/seriesNumber").asInt()).isEqualTo(7);
        assertThat(selection.at("/HBV/seriesNumber").asInt()).isEqualTo(8);
        assertThat(selection.at("/HBV/source").asText()).isEqualTo("SCANNER_COMPUTED");
    }

    @Test
    void a_person_sees_a_tree_with_roles_reasons_and_geometry() {
        CommandRun run = CommandRun.of("inspect", SharedData.prostateX0000());
        assertThat(run.out())
                .contains("├─ 4   T2W           axial    t2_tse_tra")
                .contains(": 7 series, 164 images")
                .contains("384 x 384 x 19 voxels of 0.5 x 0.5 x 3 mm")
                .contains("b 50, 400, 800: 84 x 128 x 19 voxels of 2 x 2 x 3 mm")
                .contains("because spin echo, TE 104 ms  [t2w.spin-echo]")
                .contains("HBV: series 8 (ep2d_diff_tra_DYNDISTCALC_BVAL), computed by the scanner at b 1000");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void the_gap_in_a_series_is_told_to_programs_and_people() throws IOException {
        Path broken = SharedData.require("data/prostate-dicom/ProstateX-missing-slice");
        CommandRun json = CommandRun.of("inspect", broken, "--json");
        assertThat(json.violationsOf("inspect")).isEmpty();
        assertThat(json.json().at("/series/0/problems/0").asText())
                .startsWith("MISSING_SLICE: b 1000: 1 slice is missing");
        assertThat(json.json().at("/series/0/volumes")).isEmpty();
        assertThat(CommandRun.of("inspect", broken).out())
                .contains("! MISSING_SLICE")
                .contains("130583");
    }

    @Test
    void rubbish_is_listed_with_its_codes_and_loops_end() throws IOException {
        Files.createFile(folder.resolve("empty.dcm"));
        Files.writeString(folder.resolve("notes.txt"), "no DICOM at all, but long enough to have been some".repeat(20));
        Files.createDirectory(folder.resolve("inner"));
        Files.createSymbolicLink(folder.resolve("inner/up"), folder);
        CommandRun run = CommandRun.of("inspect", folder, "--json");
        assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(run.violationsOf("inspect")).isEmpty();
        assertThat(run.json().get("problems").toString())
                .contains("DIRECTORY_LOOP: inner/up")
                .contains("NOT_DICOM: empty.dcm: the file is empty")
                .contains("notes.txt");
    }

    @Test
    void a_folder_that_is_not_there_is_named_and_still_one_json_document() throws IOException {
        CommandRun run = CommandRun.of("inspect", folder.resolve("gone"), "--json");
        assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(run.violationsOf("inspect")).isEmpty();
        assertThat(run.violationsOf("error")).isEmpty();
        assertThat(run.json().at("/error/code").asText()).isEqualTo("NOT_FOUND");
    }

    @Test
    void a_mistake_in_the_command_line_is_one_sentence_and_still_one_json_document() throws IOException {
        CommandRun run = CommandRun.of("inspect", folder, "--pixel", "--json");
        assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(run.violationsOf("inspect")).isEmpty();
        assertThat(run.json().at("/error/code").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(run.err())
                .startsWith("INVALID_ARGUMENT: Unknown option: '--pixel'")
                .contains("--help");
        assertThat(CommandRun.of("inspekt").exit()).isEqualTo(ExitCode.USAGE);
    }

    /** One definition of what every command says when it cannot answer. */
    @Test
    void the_schemas_agree_on_what_an_error_is() throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode error =
                json.readTree(SCHEMAS.resolve("error.schema.json").toFile()).at("/properties/error");
        assertThat(error.isObject()).isTrue();
        for (String name : List.of("inspect", "volume", "send")) {
            assertThat(json.readTree(SCHEMAS.resolve(name + ".schema.json").toFile())
                            .at("/properties/error"))
                    .as(name)
                    .isEqualTo(error);
        }
    }

    /** Every kind of bad file at once, beside a whole series. */
    @Test
    void bad_files_are_named_with_their_codes_and_the_rest_is_read() throws IOException {
        MrSeries.t2w(2).writeTo(folder.resolve("good"));
        byte[] whole = Files.readAllBytes(
                folder.resolve("good").toFile().listFiles()[0].toPath());
        Path bad = Files.createDirectory(folder.resolve("bad"));
        Files.createFile(bad.resolve("empty.dcm"));
        Files.write(bad.resolve("photo.dcm"), Arrays.copyOf(HexFormat.of().parseHex("ffd8ffe000104a464946"), 4000));
        Files.write(bad.resolve("cut.dcm"), Arrays.copyOf(whole, whole.length / 2));
        Files.write(bad.resolve("length.dcm"), withValueOfFourGigabytes(whole));
        Files.createSymbolicLink(bad.resolve("loop"), folder);
        Files.createSymbolicLink(bad.resolve("nowhere.dcm"), bad.resolve("gone"));
        Files.createSymbolicLink(bad.resolve("unreadable.dcm"), Path.of("/proc/self/mem"));
        CommandRun run = CommandRun.of("inspect", folder, "--json");
        assertThat(run.exit()).isZero();
        assertThat(run.violationsOf("inspect")).isEmpty();
        assertThat(run.json().at("/series")).hasSize(1);
        assertThat(run.json().at("/series/0/problems")).isEmpty();
        List<String> problems = new ArrayList<>();
        run.json().get("problems").forEach(problem -> problems.add(problem.asText()));
        assertThat(problems)
                .hasSize(7)
                .anyMatch(problem -> problem.startsWith("NOT_DICOM: bad/empty.dcm"))
                .anyMatch(problem -> problem.startsWith("NOT_DICOM: bad/photo.dcm"))
                .anyMatch(problem -> problem.startsWith("TRUNCATED: bad/cut.dcm"))
                .anyMatch(problem -> problem.startsWith("TRUNCATED: bad/length.dcm"))
                .anyMatch(problem -> problem.startsWith("DIRECTORY_LOOP: bad/loop"))
                .anyMatch(problem -> problem.startsWith("FILE_UNREADABLE: bad/nowhere.dcm"))
                .anyMatch(problem -> problem.startsWith("FILE_UNREADABLE: bad/unreadable.dcm"));
        assertThat(CommandRun.of("inspect", folder).out())
                .contains("2 files are no DICOM")
                .contains("5 files were left out");
    }

    /** The same file up to Rows, and there a private value that says it has 4 GB. */
    private static byte[] withValueOfFourGigabytes(byte[] whole) {
        String hex = HexFormat.of().formatHex(whole);
        int rows = hex.indexOf("280010005553") / 2;
        byte[] huge = Arrays.copyOf(whole, rows + 12);
        System.arraycopy(HexFormat.of().parseHex("270011104f420000fcffffff"), 0, huge, rows, 12);
        return huge;
    }

    @Test
    void two_patients_in_one_folder_are_two_studies_or_a_conflict() throws IOException {
        MrSeries.t2w(2).writeTo(folder.resolve("a"));
        MrSeries.adc(3)
                .with(builder -> builder.putString(Tag.PatientID, "TEST-2"))
                .writeTo(folder.resolve("b"));
        CommandRun run = CommandRun.of("inspect", folder, "--json");
        assertThat(run.violationsOf("inspect")).isEmpty();
        assertThat(run.json().at("/studies/0/problems/0").asText()).startsWith("PATIENT_CONFLICT: ");
        assertThat(run.json().at("/studies/0/selection/T2W").isNull()).isTrue();
        assertThat(run.out()).doesNotContain("TEST-2");
        MrSeries.adc(3)
                .with(builder -> builder.putString(Tag.PatientID, "TEST-3")
                        .putString(Tag.StudyInstanceUID, "2.25.77")
                        .putString(Tag.SeriesInstanceUID, "2.25.77.1")
                        .putString(
                                Tag.SOPInstanceUID,
                                "2.25.77.1."
                                        + builder.build()
                                                .string(Tag.InstanceNumber)
                                                .orElseThrow()))
                .writeTo(folder.resolve("c"));
        CommandRun three = CommandRun.of("inspect", folder, "--json");
        assertThat(three.json().at("/studies")).hasSize(2);
        assertThat(three.json().at("/studies/1/problems")).isEmpty();
    }
}
