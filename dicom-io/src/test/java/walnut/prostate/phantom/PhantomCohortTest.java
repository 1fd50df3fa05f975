package walnut.prostate.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Uid;
import walnut.dicom.part10.DicomFile;
import walnut.dicom.part10.Part10Reader;
import walnut.dicom.part10.ReadOptions;
import walnut.volume.Lps;
import walnut.volume.Mask;
import walnut.volume.Nifti;
import walnut.volume.Volume;
import walnut.volume.VoxelIndex;

class PhantomCohortTest {
    private static final PhantomStudy STUDY = PhantomStudy.of(
            500_002, 0, PhantomArrays.central(Dialect.SYNTH_A).withT2wMatrix(64), PhantomRecipe.STANDARD);

    @TempDir
    Path directory;

    @Test
    void a_written_study_is_read_back_as_it_was_made() throws IOException {
        List<DataSet> instances = written(directory, PhantomDefect.NONE);
        assertEquals(120, instances.size(), "20 slices of T2W, three traces, ADC and high b");
        DataSet t2w = find(instances, 2, 8);
        assertTrue(PhantomDevice.made(t2w));
        assertEquals(List.of("DERIVED", "PRIMARY", "OTHER", "SYNTHETIC"), t2w.strings(Tag.ImageType));
        assertEquals("M", t2w.string(Tag.PatientSex).orElseThrow());
        assertEquals("YES", t2w.string(Tag.PatientIdentityRemoved).orElseThrow());
        assertSlice(STUDY.t2w(), 7, t2w);
        assertSlice(STUDY.traces().get(1), 3, find(instances, 3, 24));
        assertSlice(STUDY.adc(), 19, find(instances, 4, 20));
        assertSlice(STUDY.highB(), 0, find(instances, 5, 1));
    }

    @Test
    void the_b_value_stands_in_the_standard_and_in_the_private_attribute() throws IOException {
        List<DataSet> instances = written(directory, PhantomDefect.NONE);
        List<Double> bValues = new ArrayList<>();
        for (int number : new int[] {1, 21, 41}) {
            DataSet trace = find(instances, 3, number);
            double b = trace.decimal(Tag.DiffusionBValue).orElseThrow();
            assertEquals(
                    Integer.toString((int) b),
                    trace.privateElement("SYNTH-A MR HEADER", 0x0019, 0x0c)
                            .orElseThrow()
                            .strings()
                            .get(0));
            bValues.add(b);
        }
        assertEquals(List.of(50.0, 400.0, 800.0), bValues);
        assertEquals(1400, find(instances, 5, 1).decimal(Tag.DiffusionBValue).orElseThrow());
        assertFalse(find(instances, 4, 1).contains(Tag.DiffusionBValue), "an ADC map has no b-value of its own");
    }

    @Test
    void every_uid_is_its_own_and_the_same_seed_writes_the_same_bytes() throws IOException {
        List<DataSet> instances = written(directory.resolve("one"), PhantomDefect.NONE);
        Set<String> uids = new HashSet<>();
        for (DataSet instance : instances) {
            String uid = instance.string(Tag.SOPInstanceUID).orElseThrow();
            assertTrue(uid.length() <= 64 && uid.matches("2\\.25\\.[1-9][0-9]*"), uid);
            uids.add(uid);
            assertEquals(Uid.MRImageStorage, instance.string(Tag.SOPClassUID).orElseThrow());
        }
        assertEquals(instances.size(), uids.size());
        written(directory.resolve("two"), PhantomDefect.NONE);
        for (Path file : files(directory.resolve("one"))) {
            Path twin =
                    directory.resolve("two").resolve(directory.resolve("one").relativize(file));
            assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(twin), file.toString());
        }
    }

    @Test
    void the_truth_lies_on_the_t2w_grid_and_in_the_table() throws IOException {
        written(directory, PhantomDefect.NONE);
        Path truth = directory.resolve("truth").resolve(STUDY.patientId());
        Mask zones = Nifti.readMask(truth.resolve("zones.nii.gz"));
        assertArrayEquals(STUDY.zones().labels(), zones.labels());
        Lps expected = STUDY.t2w().geometry().origin();
        assertEquals(0, zones.geometry().origin().minus(expected).length(), 1e-3);
        assertArrayEquals(
                STUDY.gland().labels(),
                Nifti.readMask(truth.resolve("gland.nii.gz")).labels());
        List<String> lines = Files.readAllLines(directory.resolve("truth.csv"));
        assertEquals(PhantomCohort.HEADER, lines.get(0));
        String[] row = lines.get(1).split(",", -1);
        assertEquals(11, row.length);
        assertEquals(STUDY.studyInstanceUid(), row[1]);
        assertEquals(STUDY.clinicallySignificant() ? "1" : "0", row[3]);
        assertEquals(STUDY.lesions().size(), row[6].isEmpty() ? 0 : row[6].split(";").length);
    }

    @Test
    void a_defect_leaves_series_out() throws IOException {
        assertEquals(
                100, written(directory.resolve("adc"), PhantomDefect.NO_ADC).size());
        assertEquals(
                40, written(directory.resolve("highb"), PhantomDefect.NO_HIGH_B).size());
        assertEquals(PhantomDefect.NO_ADC, PhantomDefect.ofPatient(4));
        assertEquals(PhantomDefect.NO_HIGH_B, PhantomDefect.ofPatient(11));
        assertEquals(PhantomDefect.NONE, PhantomDefect.ofPatient(0));
    }

    @Test
    void a_voxel_is_where_its_header_says_in_every_pose_and_order() {
        Dialect tiny = PhantomArrays.central(Dialect.SYNTH_A).withT2wMatrix(32);
        Set<String> seen = new HashSet<>();
        for (long seed = 500_000; seed < 501_000 && seen.size() < 5; seed++) {
            PhantomPose pose = PhantomPose.of(seed, 0);
            boolean newPosition = seen.add(pose.position().name());
            if (!newPosition && (pose.order() != PhantomPose.Order.SHUFFLED || !seen.add("SHUFFLED"))) {
                continue;
            }
            PhantomStudy study = PhantomStudy.of(seed, 0, tiny, PhantomRecipe.STANDARD);
            List<DataSet> instances = new ArrayList<>();
            PhantomObjects.forEach(study, PhantomDefect.NO_DWI, instances::add);
            assertEquals(20, instances.size());
            List<Double> heights = new ArrayList<>();
            for (DataSet instance : instances) {
                assertEquals(
                        pose.position().name(),
                        instance.string(Tag.PatientPosition).orElseThrow());
                heights.add(instance.decimal(Tag.SliceLocation).orElseThrow());
                assertVoxelsLieWhereTheHeaderSays(study.t2w(), instance);
            }
            List<Double> rising = heights.stream().sorted().toList();
            assertEquals(pose.order() == PhantomPose.Order.FORWARD, heights.equals(rising), pose.toString());
        }
        assertEquals(Set.of("HFS", "FFS", "HFP", "FFP", "SHUFFLED"), seen);
    }

    private static void assertVoxelsLieWhereTheHeaderSays(Volume volume, DataSet instance) {
        double[] corner = instance.decimals(Tag.ImagePositionPatient);
        double[] cosines = instance.decimals(Tag.ImageOrientationPatient);
        Lps row = new Lps(cosines[0], cosines[1], cosines[2]);
        Lps column = new Lps(cosines[3], cosines[4], cosines[5]);
        double[] spacing = instance.decimals(Tag.PixelSpacing);
        byte[] pixels = instance.bytes(Tag.PixelData).orElseThrow();
        int columns = volume.geometry().columns();
        for (int[] pixel : new int[][] {{0, 0}, {5, 11}, {columns - 1, 3}, {17, columns - 1}}) {
            Lps place = new Lps(corner[0], corner[1], corner[2])
                    .plus(row.times(pixel[0] * spacing[1]))
                    .plus(column.times(pixel[1] * spacing[0]));
            VoxelIndex voxel = volume.geometry().toIndex(place);
            int at = 2 * (pixel[1] * columns + pixel[0]);
            assertEquals(
                    volume.at((int) Math.round(voxel.i()), (int) Math.round(voxel.j()), (int) Math.round(voxel.k())),
                    (float) (pixels[at] & 0xff | (pixels[at + 1] & 0xff) << 8));
        }
    }

    @Test
    void makers_lay_out_their_series_each_in_their_own_way() {
        for (Dialect dialect : List.of(Dialect.SYNTH_A, Dialect.SYNTH_B, Dialect.SYNTH_C, Dialect.SYNTH_D)) {
            PhantomStudy study = PhantomStudy.of(
                    500_002, 0, PhantomArrays.central(dialect).withT2wMatrix(32), PhantomRecipe.STANDARD);
            List<DataSet> instances = new ArrayList<>();
            PhantomObjects.forEach(study, PhantomDefect.NONE, instances::add);
            long series = instances.stream()
                    .map(instance -> instance.string(Tag.SeriesInstanceUID).orElseThrow())
                    .distinct()
                    .count();
            long standard = instances.stream()
                    .filter(instance -> instance.contains(Tag.DiffusionBValue))
                    .count();
            long sloped = instances.stream()
                    .filter(instance -> instance.decimal(Tag.RescaleSlope).orElse(1) != 1)
                    .count();
            switch (dialect.habit()) {
                case TRACES_TOGETHER -> assertEquals(4, series);
                case SERIES_PER_B -> {
                    assertEquals(5, series);
                    assertEquals(0, standard, "b-values stand in names and private attributes only");
                }
                case INTERLEAVED -> {
                    assertEquals(3, series);
                    assertEquals(instances.size(), sloped);
                    DataSet second = find(instances, 501, 2);
                    assertEquals(800, second.decimal(Tag.DiffusionBValue).orElseThrow(), "b runs fastest");
                }
            }
            for (DataSet instance : instances) {
                assertTrue(PhantomDevice.made(instance));
                assertEquals(
                        dialect.manufacturer(),
                        instance.string(Tag.Manufacturer).orElseThrow());
            }
        }
    }

    @Test
    void training_arrays_are_numpy_archives_with_the_truth_inside() throws IOException {
        Path file = PhantomArrays.write(STUDY, directory);
        try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(file.toFile())) {
            byte[] t2w = zip.getInputStream(zip.getEntry("t2w.npy")).readAllBytes();
            assertEquals(0, (t2w.length - 2 * 64 * 64 * 20) % 64, "the values begin at a multiple of 64");
            int offset = t2w.length - 2 * 64 * 64 * 20;
            assertEquals((int) STUDY.t2w().values()[0], t2w[offset] & 0xff | (t2w[offset + 1] & 0xff) << 8);
            String truth = new String(
                    zip.getInputStream(zip.getEntry("truth.npy")).readAllBytes(),
                    java.nio.charset.StandardCharsets.ISO_8859_1);
            assertTrue(truth.contains("\"seed\":500002"), truth);
        }
    }

    // ----------------------------------------------------------------

    private static List<DataSet> written(Path directory, PhantomDefect defect) throws IOException {
        PhantomCohort cohort = new PhantomCohort(directory);
        cohort.begin();
        int count = cohort.write(STUDY, defect);
        List<DataSet> instances = new ArrayList<>();
        for (Path file : files(directory)) {
            DicomFile read = Part10Reader.read(file, ReadOptions.all());
            instances.add(read.dataSet());
        }
        assertEquals(count, instances.size());
        return instances;
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith(".dcm")).sorted().toList();
        }
    }

    private static DataSet find(List<DataSet> instances, int series, int number) {
        return instances.stream()
                .filter(instance -> instance.integer(Tag.SeriesNumber).orElseThrow() == series
                        && instance.integer(Tag.InstanceNumber).orElseThrow() == number)
                .findFirst()
                .orElseThrow();
    }

    private static void assertSlice(Volume volume, int k, DataSet instance) {
        double[] position = instance.decimals(Tag.ImagePositionPatient);
        Lps expected = volume.geometry().toPatient(0, 0, k);
        assertEquals(
                0,
                new Lps(position[0], position[1], position[2]).minus(expected).length(),
                1e-6);
        byte[] pixels = instance.bytes(Tag.PixelData).orElseThrow();
        int voxels = volume.geometry().columns() * volume.geometry().rows();
        assertEquals(2 * voxels, pixels.length);
        for (int index = 0; index < voxels; index++) {
            int stored = pixels[2 * index] & 0xff | (pixels[2 * index + 1] & 0xff) << 8;
            assertEquals((int) volume.values()[k * voxels + index], stored);
        }
    }
}
