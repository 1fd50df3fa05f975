package walnut.prostate.phantom;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import walnut.volume.Lps;
import walnut.volume.Mask;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;
import walnut.volume.VoxelIndex;

/**
 * Writes a phantom for the training of models: {@code <seed>.npz} with the stored values of T2W, ADC and high b
 * (uint16) and the truth masks (uint8) as {@code [slices][rows][columns]}, and the truth as JSON text.
 *
 * <p>Source: NumPy's NPY format 1.0 in a zip archive, as {@code numpy.savez} writes it; the time stamps are fixed.
 */
public final class PhantomArrays {
    /** All that the detector looks at, in plane; reading out more would only cost time. */
    private static final double FIELD_MM = 99;

    /** Zip's own epoch: any other would have to be invented. */
    private static final LocalDateTime STAMP = LocalDateTime.of(1980, 1, 1, 0, 0);

    private PhantomArrays() {}

    /** A dialect as training uses it: the same physics over the middle of the field. */
    public static Dialect central(Dialect dialect) {
        return dialect.withCentralField(FIELD_MM);
    }

    /** Writes {@code <seed>.npz}, for a second visit {@code <seed>-2.npz}. */
    public static Path write(PhantomStudy study, Path directory) throws IOException {
        String visit = study.visit() == 0 ? "" : "-" + (study.visit() + 1);
        Path file = directory.resolve(study.seed() + visit + ".npz");
        // Under its own name it is whole: training may be waiting for it.
        Path unfinished = directory.resolve(file.getFileName() + ".part");
        try (ZipOutputStream zip =
                new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(unfinished), 1 << 16))) {
            zip.setLevel(1);
            array(zip, "t2w", study.t2w());
            array(zip, "adc", study.adc());
            array(zip, "hbv", study.highB());
            array(zip, "zones", study.zones());
            array(zip, "lesions", study.lesionMask());
            byte[] truth = truth(study).getBytes(StandardCharsets.UTF_8);
            array(zip, "truth", "|u1", "(" + truth.length + ",)", truth);
        }
        return Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void array(ZipOutputStream zip, String name, Volume volume) throws IOException {
        byte[] bytes = new byte[2 * volume.values().length];
        for (int index = 0; index < volume.values().length; index++) {
            int stored = (int) volume.values()[index];
            bytes[2 * index] = (byte) stored;
            bytes[2 * index + 1] = (byte) (stored >> 8);
        }
        array(zip, name, "<u2", shape(volume.geometry()), bytes);
    }

    private static void array(ZipOutputStream zip, String name, Mask mask) throws IOException {
        array(zip, name, "|u1", shape(mask.geometry()), mask.labels());
    }

    private static void array(ZipOutputStream zip, String name, String type, String shape, byte[] values)
            throws IOException {
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
        // Magic, version and header length take 10 bytes; the values begin at a multiple of 64.
        int padding = 63 - (10 + header.length()) % 64;
        byte[] text = (header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        ZipEntry entry = new ZipEntry(name + ".npy");
        entry.setTimeLocal(STAMP);
        zip.putNextEntry(entry);
        zip.write(
                new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, (byte) (text.length >> 8)});
        zip.write(text);
        zip.write(values);
        zip.closeEntry();
    }

    private static String shape(VolumeGeometry grid) {
        return "(" + grid.slices() + ", " + grid.rows() + ", " + grid.columns() + ")";
    }

    private static String truth(PhantomStudy study) {
        return String.format(
                Locale.ROOT,
                "{\"seed\":%d,\"visit\":%d,\"dialect\":\"%s\",\"pelvis\":\"%s\",\"csPCa\":%b,\"glandMl\":%.3f,"
                        + "\"t2wSpacingMm\":%s,\"dwiSpacingMm\":%s,\"mimics\":[%s],\"lesions\":[%s]}",
                study.seed(),
                study.visit(),
                study.dialect().manufacturer(),
                study.recipe().pelvis(),
                study.clinicallySignificant(),
                study.glandMl(),
                spacing(study.t2w()),
                spacing(study.adc()),
                study.mimics().stream()
                        .map(mimic -> String.format(
                                "{\"kind\":\"%s\",\"atMm\":%s}", mimic.kind(), place(study, mimic.centre())))
                        .collect(Collectors.joining(",")),
                study.lesions().stream().map(lesion -> lesion(study, lesion)).collect(Collectors.joining(",")));
    }

    private static String spacing(Volume volume) {
        VolumeGeometry grid = volume.geometry();
        return "[" + grid.spacingK() + "," + grid.spacingJ() + "," + grid.spacingI() + "]";
    }

    /** A place along slices, rows and columns from the middle of the volume, mm: what the arrays' axes know. */
    private static String place(PhantomStudy study, Lps patient) {
        VolumeGeometry grid = study.t2w().geometry();
        VoxelIndex index = grid.toIndex(patient);
        return String.format(
                Locale.ROOT,
                "[%.3f,%.3f,%.3f]",
                (index.k() - (grid.slices() - 1) / 2.0) * grid.spacingK(),
                (index.j() - (grid.rows() - 1) / 2.0) * grid.spacingJ(),
                (index.i() - (grid.columns() - 1) / 2.0) * grid.spacingI());
    }

    private static String lesion(PhantomStudy study, PhantomLesion lesion) {
        return String.format(
                Locale.ROOT,
                "{\"isup\":%d,\"zone\":\"%s\",\"volumeMl\":%.4f,\"conspicuity\":%.4f,\"atMm\":%s}",
                lesion.isup(),
                lesion.zone(),
                lesion.volumeMl(),
                lesion.conspicuity(),
                place(study, lesion.centroid()));
    }
}
