package walnut.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.prostate.series.CaseVolumes;
import walnut.prostate.series.Channel;
import walnut.prostate.series.Evidence;
import walnut.prostate.series.SelectedSeries;
import walnut.prostate.series.Selection;
import walnut.prostate.series.SelectionPolicy;
import walnut.prostate.series.SeriesSelector;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudyFolder;
import walnut.volume.Nifti;
import walnut.volume.Volume;
import walnut.volume.VolumeDigest;

/** Writes the volume that a model would be given for one channel, as NIfTI. */
@Command(
        name = "volume",
        mixinStandardHelpOptions = true,
        description = "Write the volume a model would be given as NIfTI: float32 in the modality's unit, RAS, "
                + "sform = qform, nothing flipped.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:usage", "3:refused: no such series, or it cannot make a volume"})
public final class VolumeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "folder with the DICOM files of a study")
    private Path folder = Path.of(".");

    @Option(names = "--role", required = true, description = "T2W, ADC or HBV")
    private Channel role = Channel.T2W;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "f.nii or f.nii.gz")
    private Path file = Path.of("");

    @Option(names = "--study", paramLabel = "UID", description = "StudyInstanceUID, where the folder holds several")
    private @Nullable String studyInstanceUid;

    @Option(names = "--json", description = "one JSON document on stdout (docs/schemas/volume.schema.json)")
    private boolean json;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        String name = file.toString();
        if (!name.endsWith(".nii") && !name.endsWith(".nii.gz")) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "--out ends in .nii or .nii.gz, got " + name);
        }
        Study study = study(StudyFolder.read(folder, TerminalProgress.of("headers")));
        Selection selection = new SeriesSelector(SelectionPolicy.DEFAULT, Set.of(role)).select(study);
        Optional<SelectedSeries> selected = selection.of(role);
        if (selected.isEmpty()) {
            return refuse(selection);
        }
        Volume volume = CaseVolumes.read(selected.get());
        write(volume);
        report(selected.get(), selection, volume);
        return ExitCode.DONE;
    }

    private Study study(StudyFolder read) {
        if (studyInstanceUid == null && read.studies().size() > 1) {
            throw new WalnutException(
                    FailureCode.INVALID_ARGUMENT,
                    read.studies().size() + " studies below the folder; name one with --study");
        }
        return read.studies().stream()
                .filter(study ->
                        studyInstanceUid == null || study.studyInstanceUid().equals(studyInstanceUid))
                .findFirst()
                .orElseThrow(() -> new WalnutException(
                        FailureCode.NOT_FOUND,
                        read.studies().isEmpty()
                                ? "no DICOM instance below " + folder
                                        + read.problems().stream()
                                                .findFirst()
                                                .map(problem -> "; " + problem)
                                                .orElse("")
                                : "no study with that StudyInstanceUID below " + folder));
    }

    private int refuse(Selection selection) throws IOException {
        PrintWriter err = command.commandLine().getErr();
        selection
                .reasons()
                .forEach(reason -> err.println(
                        reason.scheme() + " " + reason.code() + " " + reason.meaning() + ": " + reason.detail()));
        if (json) {
            ObjectNode document = document();
            InspectDocument.putReasons(document, selection);
            print(document);
        }
        return ExitCode.REFUSED;
    }

    /** The whole file or none: a reader must not find half a volume. */
    private void write(Volume volume) throws IOException {
        Path target = file.toAbsolutePath();
        String suffix = target.toString().endsWith(".gz") ? ".nii.gz" : ".nii";
        Path partial = target.resolveSibling("." + target.getFileName() + ".partial" + suffix);
        try {
            Nifti.write(volume, partial);
            Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new WalnutException(FailureCode.STORAGE_FAILED, "cannot write " + file + ": " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private void report(SelectedSeries selected, Selection selection, Volume volume) throws IOException {
        PrintWriter err = command.commandLine().getErr();
        selection.warnings().forEach(err::println);
        if (json) {
            ObjectNode document = document();
            document.put("file", file.toString());
            document.setAll(InspectDocument.selected(selected));
            VolumeDocument.putGeometry(document, volume.geometry());
            document.put("volumeSha256", VolumeDigest.sha256(volume));
            InspectDocument.putReasons(document, selection);
            print(document);
        } else {
            command.commandLine()
                    .getOut()
                    .println(file + ": " + selected.series().name() + "\n"
                            + selected.evidence().stream()
                                    .map(Evidence::toString)
                                    .collect(Collectors.joining("\n  ", "  ", "")));
        }
    }

    private ObjectNode document() {
        return new ObjectMapper().createObjectNode().put("role", role.name());
    }

    private void print(ObjectNode document) throws IOException {
        PrintWriter out = command.commandLine().getOut();
        out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(document));
        out.flush();
    }
}
