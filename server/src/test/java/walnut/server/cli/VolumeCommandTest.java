package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.testing.SharedData;
import walnut.volume.Lps;
import walnut.volume.Nifti;
import walnut.volume.Volume;
import walnut.volume.VoxelIndex;

class VolumeCommandTest {
    @TempDir
    Path folder;

    @Test
    void the_adc_map_lands_in_a_file_where_the_finding_has_its_index() throws IOException {
        Path file = folder.resolve("adc.nii.gz");
        CommandRun run = CommandRun.of("volume", SharedData.prostateX0000(), "--role", "adc", "--out", file, "--json");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.violationsOf("volume")).isEmpty();
        assertThat(run.json().get("seriesNumber").asInt()).isEqualTo(7);
        Volume volume = Nifti.read(file);
        VoxelIndex index = volume.geometry().toIndex(new Lps(25.7457, 31.8707, -38.511));
        assertThat(index.i()).isCloseTo(35.70, within(0.01));
        assertThat(index.j()).isCloseTo(71.98, within(0.01));
        assertThat(index.k()).isCloseTo(8.50, within(0.01));
        assertThat(folder.toFile().list()).containsExactly("adc.nii.gz");
    }

    @Test
    void a_series_with_a_gap_is_refused_with_exit_3_and_its_reasons() throws IOException {
        Path broken = SharedData.require("data/prostate-dicom/ProstateX-missing-slice");
        CommandRun run =
                CommandRun.of("volume", broken, "--role", "HBV", "--out", folder.resolve("hbv.nii.gz"), "--json");
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.violationsOf("volume")).isEmpty();
        assertThat(run.json().get("reasons").findValuesAsText("code")).containsExactly("130583", "MISSING_SLICE");
        assertThat(folder.toFile().list()).isEmpty();
    }

    @Test
    void another_file_type_is_a_usage_error() {
        CommandRun run = CommandRun.of("volume", folder, "--role", "T2W", "--out", folder.resolve("t2w.png"));
        assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("INVALID_ARGUMENT: --out ends in .nii or .nii.gz");
    }
}
