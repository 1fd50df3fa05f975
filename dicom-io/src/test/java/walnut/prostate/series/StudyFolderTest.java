package walnut.prostate.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.Tag;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.testing.MrSeries;
import walnut.volume.Volume;

class StudyFolderTest {
    @TempDir
    Path folder;

    @Test
    void slices_stack_along_the_normal_whatever_their_numbers_say() throws IOException {
        MrSeries.t2w(2).writeTo(folder);
        StudySeries series = only(study());
        Volume volume = VolumeBuilder.build(series.volumes().get(0));
        assertThat(volume.geometry().spacingI()).isEqualTo(0.5);
        assertThat(volume.geometry().spacingJ()).isEqualTo(0.75);
        assertThat(volume.geometry().spacingK()).isEqualTo(3.3, within(1e-9));
        assertThat(volume.geometry().directionK().z()).isPositive();
        for (int k = 0; k < 5; k++) {
            assertThat(volume.at(0, 0, k)).isEqualTo(1000 * k);
            assertThat(volume.at(5, 3, k)).isEqualTo(1000 * k + 35);
        }
    }

    @Test
    void the_order_and_the_names_of_files_change_nothing() throws IOException {
        MrSeries.t2w(2).writeTo(folder);
        MrSeries.trace(3, "diff", 800).writeTo(folder);
        MrSeries.trace(3, "diff", 50).startingAt(0, 50).writeTo(folder);
        Study expected = Study.of(files());
        Random random = new Random(20260102);
        for (int round = 0; round < 10; round++) {
            List<Path> shuffled = new ArrayList<>(files());
            Collections.shuffle(shuffled, random);
            assertThat(Study.of(shuffled)).isEqualTo(expected);
        }
    }

    @Test
    void rescale_gives_modality_values() throws IOException {
        MrSeries.adc(7)
                .with(builder -> builder.putDecimal(Tag.RescaleSlope, 0.5).putDecimal(Tag.RescaleIntercept, -3))
                .writeTo(folder);
        Volume volume = VolumeBuilder.build(only(study()).volumes().get(0));
        assertThat(volume.at(4, 2, 1)).isEqualTo(0.5f * 1024 - 3);
    }

    @Test
    void interleaved_b_values_in_odd_private_bytes_are_told_apart() throws IOException {
        MrSeries.trace(6, "ep2d_diff", 50).writeTo(folder);
        MrSeries.trace(6, "ep2d_diff", 400).startingAt(0, 100).writeTo(folder);
        MrSeries.trace(6, "ep2d_diff", 1400).startingAt(0, 200).writeTo(folder);
        StudySeries series = only(study());
        assertThat(series.role()).isEqualTo(SeriesRole.DWI);
        assertThat(series.volumes())
                .extracting(SeriesVolume::bValue)
                .containsExactly(OptionalDouble.of(50), OptionalDouble.of(400), OptionalDouble.of(1400));
    }

    @Test
    void a_repeat_inside_one_series_becomes_a_second_volume() throws IOException {
        MrSeries.t2w(2).writeTo(folder);
        MrSeries.t2w(2)
                .startingAt(0, 100)
                .with(builder -> builder.putString(Tag.AcquisitionTime, "235900"))
                .writeTo(folder);
        assertThat(only(study()).volumes()).hasSize(2).allMatch(volume -> volume.geometry()
                .isPresent());
    }

    @Test
    void what_does_not_stack_is_refused_with_its_code() throws IOException {
        assertRefused(FailureCode.MISSING_SLICE, to -> {
            MrSeries.t2w(2).slices(3).writeTo(to);
            MrSeries.t2w(2).startingAt(4 * MrSeries.STEP_MM, 50).writeTo(to);
        });
        assertRefused(FailureCode.DUPLICATE_SLICE, to -> {
            MrSeries.t2w(2).writeTo(to);
            MrSeries.t2w(2).slices(1).startingAt(0, 50).writeTo(to);
        });
        assertRefused(FailureCode.UNEVEN_SLICES, to -> {
            MrSeries.t2w(2).slices(4).writeTo(to);
            MrSeries.t2w(2).slices(1).startingAt(14.2, 50).writeTo(to);
        });
        assertRefused(FailureCode.MIXED_ORIENTATION, to -> {
            MrSeries.t2w(2).writeTo(to);
            MrSeries.t2w(2)
                    .slices(1)
                    .startingAt(100, 50)
                    .with(builder -> builder.putDecimal(Tag.ImageOrientationPatient, 1, 0, 0, 0, 0, -1))
                    .writeTo(to);
        });
        assertRefused(FailureCode.MIXED_GRID, to -> {
            MrSeries.t2w(2).writeTo(to);
            MrSeries.t2w(2)
                    .slices(1)
                    .startingAt(5 * MrSeries.STEP_MM, 50)
                    .with(builder -> builder.putDecimal(Tag.PixelSpacing, 0.8, 0.5))
                    .writeTo(to);
        });
        assertRefused(FailureCode.GEOMETRY_MISSING, to -> MrSeries.t2w(2)
                .with(builder -> builder.remove(Tag.ImagePositionPatient))
                .writeTo(to));
    }

    @Test
    void two_patients_under_one_study_are_named_without_their_names_and_nothing_is_chosen() throws IOException {
        MrSeries.t2w(2).writeTo(folder);
        MrSeries.adc(3)
                .with(builder -> builder.putString(Tag.PatientID, "TEST-2").putString(Tag.PatientSex, "F"))
                .writeTo(folder);
        Study study = study();
        assertThat(study.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "PATIENT_CONFLICT: 2 different PatientIDs under one StudyInstanceUID",
                        "PATIENT_CONFLICT: 2 different values of PatientSex under one StudyInstanceUID");
        Selection selection = new SeriesSelector().select(study);
        assertThat(selection.chosen()).isEmpty();
        assertThat(selection.reasons()).extracting(Reason::code).containsOnly("PATIENT_CONFLICT");
    }

    @Test
    void the_same_object_twice_is_one_and_another_under_its_uid_is_a_conflict() throws IOException {
        MrSeries.t2w(2).writeTo(folder).writeTo(folder.resolve("again"));
        assertThat(only(study()).problems()).isEmpty();
        MrSeries.t2w(2)
                .slices(5)
                .with(builder -> builder.putString(Tag.SeriesDescription, "other"))
                .writeTo(folder.resolve("other"));
        assertThat(only(study()).problems()).extracting(Problem::code).containsOnly(FailureCode.SOP_INSTANCE_CONFLICT);
        assertThat(new SeriesSelector().select(study()).of(Channel.T2W)).isEmpty();
    }

    @Test
    void rubbish_and_loops_are_problems_and_the_rest_is_read() throws IOException {
        MrSeries.t2w(2).writeTo(folder);
        Files.createFile(folder.resolve("empty.dcm"));
        Files.write(folder.resolve("picture.dcm"), new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 0, 1, 2, 3, 4});
        Files.createSymbolicLink(folder.resolve("loop"), folder);
        byte[] whole = Files.readAllBytes(files().get(0));
        Files.write(folder.resolve("cut.dcm"), Arrays.copyOf(whole, 400));
        StudyFolder read = StudyFolder.read(folder);
        assertThat(read.studies()).hasSize(1);
        assertThat(read.problems())
                .extracting(Problem::code)
                .containsExactlyInAnyOrder(
                        FailureCode.DIRECTORY_LOOP,
                        FailureCode.NOT_DICOM,
                        FailureCode.NOT_DICOM,
                        FailureCode.TRUNCATED);
    }

    @Test
    void a_list_without_an_instance_is_refused() throws IOException {
        Path text = Files.writeString(folder.resolve("a.txt"), "text");
        assertThatThrownBy(() -> Study.of(List.of(text)))
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining("no DICOM instance among 1 files");
    }

    @Test
    void a_mosaic_is_refused_and_not_read_as_one_slice() throws IOException {
        MrSeries.trace(6, "ep2d_diff", 1000)
                .slices(1)
                .with(builder -> builder.putString(Tag.ImageType, "ORIGINAL", "PRIMARY", "DIFFUSION", "MOSAIC"))
                .writeTo(folder);
        assertThat(only(study()).problems()).extracting(Problem::code).containsExactly(FailureCode.GEOMETRY_MISSING);
    }

    /** Writes a series that must be refused. */
    private interface Writing {
        void into(Path folder) throws IOException;
    }

    private void assertRefused(FailureCode code, Writing writing) throws IOException {
        Path own = Files.createDirectory(folder.resolve(code.name()));
        writing.into(own);
        StudySeries series = only(StudyFolder.read(own).studies().get(0));
        SeriesVolume volume = series.volumes().get(0);
        assertThat(volume.problems()).extracting(Problem::code).containsExactly(code);
        assertThatThrownBy(() -> VolumeBuilder.build(volume))
                .isInstanceOfSatisfying(WalnutException.class, thrown -> assertThat(thrown.code())
                        .isEqualTo(code));
    }

    private Study study() {
        return StudyFolder.read(folder).studies().get(0);
    }

    private static StudySeries only(Study study) {
        assertThat(study.series()).hasSize(1);
        return study.series().get(0);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
