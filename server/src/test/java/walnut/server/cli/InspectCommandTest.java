package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.testing.SharedData;

class InspectCommandTest {
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
                .contains("384 x 384 x 19 voxels of 0.5 x 0.5 x 3 mm")
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
        assertThat(run.json().at("/error/code").asText()).isEqualTo("NOT_FOUND");
    }
}
