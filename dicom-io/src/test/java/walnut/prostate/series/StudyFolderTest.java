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
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Vr;
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

    @Test
    void values_that_are_no_quantity_are_refused() throws IOException {
        assertPixelsRefused("palette", builder -> builder.putString(Tag.PhotometricInterpretation, "PALETTE COLOR"));
        assertPixelsRefused("Modality LUT", builder -> builder.putItems(Tag.ModalityLUTSequence, DataSet.EMPTY));
        assertPixelsRefused("RescaleSlope is 0", builder -> builder.putDecimal(Tag.RescaleSlope, 0));
        assertPixelsRefused("BitsAllocated is 32", builder -> builder.putInteger(Tag.BitsAllocated, 32));
        assertPixelsRefused("more than a volume or its files can hold", builder -> builder.putInteger(Tag.Rows, 65_535)
                .putInteger(Tag.Columns, 65_535));
        assertPixelsRefused("more than a volume or its files can hold", builder -> builder.putInteger(Tag.Rows, 10_000)
                .putInteger(Tag.Columns, 10_000));
        assertPixelsRefused("PixelData has", builder -> builder.putInteger(Tag.Rows, 5000));
    }

    @Test
    void a_slope_of_its_own_for_each_slice_is_applied_to_that_slice() throws IOException {
        MrSeries.adc(7)
                .slices(2)
                .with(builder -> builder.putDecimal(Tag.RescaleSlope, 2))
                .writeTo(folder);
        MrSeries.adc(7)
                .slices(2)
                .startingAt(2 * MrSeries.STEP_MM, 50)
                .with(builder -> builder.putDecimal(Tag.RescaleSlope, 3))
                .writeTo(folder);
        Volume volume = VolumeBuilder.build(only(study()).volumes().get(0));
        assertThat(volume.at(4, 2, 1)).isEqualTo(2f * 1024);
        assertThat(volume.at(4, 2, 3)).isEqualTo(3f * 1024);
    }

    @Test
    void signed_values_with_an_overlay_above_them_are_read_without_it() throws IOException {
        byte[] pixels = new byte[2 * MrSeries.ROWS * MrSeries.COLUMNS];
        // 12 bits of -3 with the four bits above them set to 0101.
        pixels[0] = (byte) 0xFD;
        pixels[1] = 0x5F;
        MrSeries.t2w(2)
                .slices(2)
                .with(builder -> builder.putInteger(Tag.BitsStored, 12)
                        .putInteger(Tag.HighBit, 11)
                        .putInteger(Tag.PixelRepresentation, 1)
                        .putBytes(Tag.PixelData, Vr.OW, pixels))
                .writeTo(folder);
        assertThat(VolumeBuilder.build(only(study()).volumes().get(0)).at(0, 0, 0))
                .isEqualTo(-3);
    }

    @Test
    void a_position_that_no_magnet_has_is_no_position() throws IOException {
        assertRefused(FailureCode.GEOMETRY_MISSING, to -> MrSeries.t2w(2)
                .with(builder -> builder.putDecimal(Tag.ImagePositionPatient, 1e200, 0, 0))
                .writeTo(to));
    }

    private void assertPixelsRefused(String reason, Consumer<DataSet.Builder> change) throws IOException {
        Path own = Files.createTempDirectory(folder, "pixels");
        MrSeries.t2w(2).with(change).writeTo(own);
        StudySeries series = only(StudyFolder.read(own).studies().get(0));
        assertThat(series.volumes().get(0).geometry())
                .as("listed with its place")
                .isPresent();
        assertThatThrownBy(() -> VolumeBuilder.build(series.volumes().get(0)))
                .isInstanceOfSatisfying(WalnutException.class, thrown -> assertThat(thrown.code())
                        .isEqualTo(FailureCode.PIXELS_NOT_DECODABLE))
                .hasMessageContaining(reason);
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
