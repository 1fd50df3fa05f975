package walnut.prostate.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walnut.failure.FailureCode;
import walnut.testing.Peers;
import walnut.testing.SharedData;
import walnut.volume.Lps;
import walnut.volume.MalformedNiftiException;
import walnut.volume.Nifti;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

/**
 * Real excerpts of six makers against an independent converter, dcm2niix: the same b-values, the same voxel values at the
 * same places in the patient.
 *
 * <p>dcm2niix turns in-plane rows upside down and may reverse slices, so volumes are compared voxel by voxel at equal patient
 * positions, and not by index. {@code -p n}: Philips values by the standard's slope, as ours.
 *
 * <p>Left out of the comparison, and why: {@code siemens/dti} is a mosaic of which dcm2niix says that it cannot tell the
 * number of slices; it is held against its own protocol below. {@code siemens_multiframe}, {@code siemens_xa30} ADC and FA
 * have no b-value.
 */
class VendorVolumesTest {
    private static final double CORNER_MM = 1e-3;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ge/dti/001",
                "hitachi/anatomical/001",
                "philips/dti/002",
                "philips_enhanced/dti/001",
                "siemens/dti_classic/001",
                "siemens_multiframe/anatomical/001",
                "siemens_xa30_enhanced/11_DWI_dir80_PA",
                "siemens_xa30_enhanced/12_DWI_dir80_PA",
                "siemens_xa30_enhanced/13_DWI_dir80_PA",
            })
    void gives_the_b_values_and_the_volumes_of_dcm2niix(String excerpt) throws Exception {
        Path data = SharedData.require("data/vendor-mr").resolve(excerpt);
        List<Converted> converted = convert(data);
        StudySeries series = only(data);

        assertThat(series.problems()).isEmpty();
        List<Volume> ours = new ArrayList<>();
        List<OptionalDouble> bValues = new ArrayList<>();
        for (SeriesVolume volume : series.volumes()) {
            ours.add(VolumeBuilder.build(volume));
            bValues.add(volume.bValue());
        }
        assertThat(ours).hasSameSizeAs(converted);
        for (Converted theirs : converted) {
            long equal = 0;
            for (int at = 0; at < ours.size(); at++) {
                boolean sameB = theirs.bValue().isEmpty() || bValues.get(at).equals(theirs.bValue());
                if (sameB && sameCorners(ours.get(at).geometry(), theirs) && sameValues(ours.get(at), theirs)) {
                    equal++;
                }
            }
            assertThat(equal)
                    .as("volumes equal to dcm2niix's of b %s", theirs.bValue())
                    .isEqualTo(1);
        }
    }

    @Test
    void a_mosaic_without_a_count_lies_where_its_protocol_says() {
        StudySeries series = only(SharedData.require("data/vendor-mr").resolve("siemens/dti/001"));
        assertThat(series.problems()).isEmpty();
        assertThat(series.bValues()).containsExactly(0.0, 1000.0);
        assertThat(series.volumes()).hasSize(2).allSatisfy(volume -> {
            VolumeGeometry grid = volume.geometry().orElseThrow();
            assertThat(new int[] {grid.columns(), grid.rows(), grid.slices()}).containsExactly(192, 192, 40);
            assertThat(grid.spacingK()).isBetween(2.4999, 2.5001);
            // Slices 0 and 39 of its protocol: the middle of the field of view, half a voxel before the middle index.
            assertNear(grid.toPatient(96, 96, 0), new Lps(-1.506210385, -20.97952748, -34.29549191));
            assertNear(grid.toPatient(96, 96, 1), new Lps(-1.505108143, -20.51108663, -31.83977166));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"compressed", "compressed_jpeg", "compressed_jpegls", "compressed_rle"})
    void compressed_pixels_are_listed_and_refused_with_a_code(String excerpt) {
        StudySeries series = only(SharedData.require("data/vendor-mr")
                .resolve("generic")
                .resolve(excerpt)
                .resolve("001"));
        InstancePixels pixels = InstancePixels.of(series);
        assertThat(series.volumes()).hasSize(1);
        assertThat(series.volumes().get(0).geometry()).isPresent();
        assertThat(pixels.sha256()).isEmpty();
        assertThat(pixels.problems()).hasSize(4).allSatisfy((uid, problem) -> assertThat(problem.code())
                .isIn(FailureCode.PIXELS_NOT_DECODABLE, FailureCode.UNSUPPORTED_TRANSFER_SYNTAX));
    }

    /** JPEG 2000, JPEG lossless, JPEG-LS and RLE: headers that say the same place. */
    @Test
    void one_series_in_four_encodings_lies_at_one_place() {
        Path data = SharedData.require("data/vendor-mr/generic");
        List<VolumeGeometry> grids = Stream.of("compressed", "compressed_jpeg", "compressed_jpegls", "compressed_rle")
                .map(encoding -> only(data.resolve(encoding).resolve("001")))
                .map(series -> series.volumes().get(0).geometry().orElseThrow())
                .toList();
        assertThat(grids.get(0).slices()).isEqualTo(4);
        assertThat(grids).containsOnly(grids.get(0));
    }

    /** What {@code walnut volume --role} writes, read back by this class and not by {@code Nifti}. */
    @Test
    void written_volumes_of_a_prostate_study_agree_with_dcm2niix() throws Exception {
        Path data = SharedData.prostateX0000();
        Selection selection =
                new SeriesSelector().select(StudyFolder.read(data).studies().get(0));
        Path out = converted(data);
        for (Channel channel : List.of(Channel.T2W, Channel.ADC, Channel.HBV)) {
            SelectedSeries selected = selection.of(channel).orElseThrow();
            Path written = folder.resolve(channel + ".nii");
            Nifti.write(CaseVolumes.read(selected), written);
            Converted ours = read(written).get(0);
            String number = Integer.toString(selected.series().seriesNumber().orElseThrow());
            Path theirs = out.resolve(number + ".nii");
            Volume readBack = Nifti.read(theirs);
            assertThat(sameCorners(readBack.geometry(), ours))
                    .as("corners of %s", channel)
                    .isTrue();
            assertThat(sameValues(readBack, ours)).as("values of %s", channel).isTrue();
            assertThat(sameCorners(readBack.geometry(), read(theirs).get(0)))
                    .as("our reader against this one, %s", channel)
                    .isTrue();
            assertThat(sameValues(readBack, read(theirs).get(0))).isTrue();
        }
        assertThatThrownBy(() -> Nifti.read(out.resolve("6.nii")))
                .isInstanceOf(MalformedNiftiException.class)
                .hasMessageContaining("dim[4] is 3");
    }

    private static void assertNear(Lps found, Lps expected) {
        assertThat(found.minus(expected).length())
                .as("%s to %s", found, expected)
                .isLessThan(0.5);
    }

    private static StudySeries only(Path data) {
        List<Study> studies = StudyFolder.read(data).studies();
        assertThat(studies).hasSize(1);
        assertThat(studies.get(0).series()).hasSize(1);
        return studies.get(0).series().get(0);
    }

    /**
     * One volume that dcm2niix wrote, as the bytes of its NIfTI say: read here on its own, so that a mistake in our reader
     * cannot hide one in our volumes.
     *
     * @param srow rows of the affine from index to RAS mm
     */
    private record Converted(int[] size, float[][] srow, double[] values, OptionalDouble bValue) {
        Lps toPatient(double i, double j, double k) {
            double[] ras = new double[3];
            for (int axis = 0; axis < 3; axis++) {
                ras[axis] = srow[axis][0] * i + srow[axis][1] * j + srow[axis][2] * k + srow[axis][3];
            }
            return new Lps(-ras[0], -ras[1], ras[2]);
        }
    }

    private List<Converted> convert(Path data) throws Exception {
        List<Converted> converted = new ArrayList<>();
        try (Stream<Path> files = Files.list(converted(data))) {
            for (Path nifti : files.filter(file -> file.toString().endsWith(".nii"))
                    .sorted()
                    .toList()) {
                converted.addAll(read(nifti));
            }
        }
        return converted;
    }

    /** The folder into which dcm2niix wrote a file for each series, named by its number. */
    private Path converted(Path data) throws Exception {
        Path dcm2niix = Peers.require("dcm2niix", "dcm2niix");
        Path out = Files.createDirectories(folder.resolve("out"));
        Process process = new ProcessBuilder(
                        dcm2niix.toString(),
                        "-p",
                        "n",
                        "-b",
                        "y",
                        "-z",
                        "n",
                        "-f",
                        "%s",
                        "-o",
                        out.toString(),
                        data.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("dcm2niix.log").toFile())
                .start();
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("dcm2niix.log")))
                .isZero();
        return out;
    }

    private static List<Converted> read(Path nifti) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(nifti)).order(ByteOrder.LITTLE_ENDIAN);
        int[] size = {bytes.getShort(42), bytes.getShort(44), bytes.getShort(46)};
        int count = Math.max(1, bytes.getShort(48));
        short type = bytes.getShort(70);
        int from = (int) bytes.getFloat(108);
        float slope = bytes.getFloat(112) == 0 ? 1 : bytes.getFloat(112);
        float intercept = bytes.getFloat(116);
        float[][] srow = new float[3][4];
        for (int at = 0; at < 12; at++) {
            srow[at / 4][at % 4] = bytes.getFloat(280 + 4 * at);
        }
        Path bvals = nifti.resolveSibling(nifti.getFileName().toString().replace(".nii", ".bval"));
        String[] b = Files.exists(bvals)
                ? Files.readString(bvals, StandardCharsets.US_ASCII).strip().split("\\s+")
                : new String[0];
        int voxels = size[0] * size[1] * size[2];
        List<Converted> volumes = new ArrayList<>();
        for (int volume = 0; volume < count; volume++) {
            double[] values = new double[voxels];
            for (int voxel = 0; voxel < voxels; voxel++) {
                int at = volume * voxels + voxel;
                double stored =
                        switch (type) {
                            case 4 -> bytes.getShort(from + 2 * at);
                            case 512 -> bytes.getShort(from + 2 * at) & 0xffff;
                            case 16 -> bytes.getFloat(from + 4 * at);
                            default -> throw new AssertionError("data type " + type + " of " + nifti);
                        };
                values[voxel] = stored * slope + intercept;
            }
            OptionalDouble bValue =
                    b.length > volume ? OptionalDouble.of(Double.parseDouble(b[volume])) : OptionalDouble.empty();
            volumes.add(new Converted(size, srow, values, bValue));
        }
        return volumes;
    }

    /** Every corner of theirs is a corner of ours. */
    private static boolean sameCorners(VolumeGeometry ours, Converted theirs) {
        int[] size = theirs.size();
        for (int corner = 0; corner < 8; corner++) {
            Lps place = theirs.toPatient(
                    (corner & 1) * (size[0] - 1), (corner >> 1 & 1) * (size[1] - 1), (corner >> 2) * (size[2] - 1));
            boolean found = false;
            for (int other = 0; other < 8; other++) {
                Lps candidate = ours.toPatient(
                        (other & 1) * (ours.columns() - 1),
                        (other >> 1 & 1) * (ours.rows() - 1),
                        (other >> 2) * (ours.slices() - 1));
                found |= candidate.minus(place).length() <= CORNER_MM;
            }
            if (!found) {
                return false;
            }
        }
        return Arrays.equals(
                Arrays.stream(size).sorted().toArray(),
                Stream.of(ours.columns(), ours.rows(), ours.slices())
                        .mapToInt(Integer::intValue)
                        .sorted()
                        .toArray());
    }

    private static boolean sameValues(Volume ours, Converted theirs) {
        VolumeGeometry grid = ours.geometry();
        int[] size = theirs.size();
        for (int k = 0; k < size[2]; k++) {
            for (int j = 0; j < size[1]; j++) {
                for (int i = 0; i < size[0]; i++) {
                    var index = grid.toIndex(theirs.toPatient(i, j, k));
                    double value =
                            ours.at((int) Math.rint(index.i()), (int) Math.rint(index.j()), (int) Math.rint(index.k()));
                    double expected = theirs.values()[(k * size[1] + j) * size[0] + i];
                    if (Math.abs(value - expected) > 1e-4 * Math.max(1, Math.abs(expected))) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
