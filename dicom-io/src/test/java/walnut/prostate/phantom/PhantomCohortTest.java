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

class PhantomCohortTest {
    private static final PhantomStudy STUDY =
            PhantomStudy.of(500_002, 0, PhantomArrays.dialect().withT2wMatrix(64), PhantomRecipe.STANDARD);

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
                    trace.privateElement(PhantomObjects.PRIVATE_CREATOR, 0x0019, 0x0c)
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
        assertEquals(9, row.length);
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
