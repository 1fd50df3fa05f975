package walnut.prostate.phantom;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Uid;
import walnut.dicom.part10.Part10Writer;
import walnut.volume.Nifti;

/**
 * Writes phantom studies and the truth about them, one study at a time.
 *
 * <p>{@code DIR/<patientId>/<study>/*.dcm}, {@code DIR/truth.csv} with one row per study, and
 * {@code DIR/truth/<patientId>/{gland,zones,lesions}.nii.gz} on the T2W grid. In the column {@code lesions} each lesion
 * is {@code label|isup|zone|volumeMl|x|y|z|side}, position in patient LPS mm; lesions are separated by semicolons.
 * Stromal nodules are so common that the column {@code mimics} leaves them out.
 */
public final class PhantomCohort {
    static final String HEADER =
            "patientId,studyInstanceUid,seed,csPCa,isup,glandMl,lesions,mimics,defect,dialect,position";

    private final Path directory;

    public PhantomCohort(Path directory) {
        this.directory = directory;
    }

    /** Starts the table of truth anew. */
    public void begin() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("truth.csv"), HEADER + "\n");
    }

    /** Writes one study with its truth and adds its row to the table; returns the number of DICOM files. */
    public int write(PhantomStudy study, PhantomDefect defect) throws IOException {
        Path folder = directory.resolve(study.patientId()).resolve("study-" + (study.visit() + 1));
        Files.createDirectories(folder);
        int[] files = {0};
        try {
            PhantomObjects.forEach(study, defect, instance -> {
                writeInstance(folder, instance);
                files[0]++;
            });
        } catch (UncheckedIOException e) {
            throw new IOException("cannot write a phantom to " + folder, e.getCause());
        }
        Path truth = directory.resolve("truth").resolve(study.patientId());
        Files.createDirectories(truth);
        String suffix = (study.visit() == 0 ? "" : "-" + (study.visit() + 1)) + ".nii.gz";
        Nifti.write(study.gland(), truth.resolve("gland" + suffix));
        Nifti.write(study.zones(), truth.resolve("zones" + suffix));
        Nifti.write(study.lesionMask(), truth.resolve("lesions" + suffix));
        Files.write(
                directory.resolve("truth.csv"),
                (row(study, defect) + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.APPEND);
        return files[0];
    }

    private static void writeInstance(Path folder, DataSet instance) {
        String name = String.format(
                Locale.ROOT,
                "%02d-%03d.dcm",
                instance.integer(Tag.SeriesNumber).orElseThrow(),
                instance.integer(Tag.InstanceNumber).orElseThrow());
        try (BufferedOutputStream out =
                new BufferedOutputStream(Files.newOutputStream(folder.resolve(name)), 1 << 16)) {
            Part10Writer.write(out, instance, Uid.ExplicitVRLittleEndian);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String row(PhantomStudy study, PhantomDefect defect) {
        int isup = study.lesions().stream().mapToInt(PhantomLesion::isup).max().orElse(0);
        return String.join(
                ",",
                study.patientId(),
                study.studyInstanceUid(),
                Long.toString(study.seed()),
                study.clinicallySignificant() ? "1" : "0",
                Integer.toString(isup),
                decimal("%.2f", study.glandMl()),
                study.lesions().stream().map(PhantomCohort::lesion).collect(Collectors.joining(";")),
                study.mimics().stream()
                        .map(PhantomMimic::kind)
                        .filter(kind -> !kind.equals(Tissue.STROMAL_NODULE.name()))
                        .distinct()
                        .collect(Collectors.joining(";")),
                defect.name(),
                study.dialect().manufacturer(),
                study.pose().position().name());
    }

    private static String lesion(PhantomLesion lesion) {
        return String.join(
                "|",
                List.of(
                        Integer.toString(lesion.label()),
                        Integer.toString(lesion.isup()),
                        lesion.zone().name(),
                        decimal("%.3f", lesion.volumeMl()),
                        decimal("%.2f", lesion.centroid().x()),
                        decimal("%.2f", lesion.centroid().y()),
                        decimal("%.2f", lesion.centroid().z()),
                        lesion.side().name()));
    }

    private static String decimal(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
