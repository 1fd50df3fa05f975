package walnut.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import walnut.prostate.phantom.PhantomArrays;
import walnut.prostate.phantom.PhantomCohort;
import walnut.prostate.phantom.PhantomDefect;
import walnut.prostate.phantom.PhantomRecipe;
import walnut.prostate.phantom.PhantomStudy;

/** {@code walnut phantom}: writes synthetic patients and the truth about them. One study is in memory at a time. */
@Command(
        name = "phantom",
        mixinStandardHelpOptions = true,
        description = "Writes synthetic prostate MRI studies (no person) as DICOM, with the truth about them.",
        footer = {
            "",
            "Writes DIR/<patientId>/<study>/*.dcm, DIR/truth.csv and",
            "DIR/truth/<patientId>/{gland,zones,lesions}.nii.gz. Patient i has seed S + i;",
            "the same seed gives the same bytes on every machine."
        })
public final class PhantomCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--patients", paramLabel = "N", required = true, description = "How many patients.")
    int patients;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "910000", description = "Seed of the first patient.")
    long seed;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where to write; made if need be.")
    Path out = Path.of("");

    @Option(
            names = "--rescan",
            description = "Every patient comes twice: the second study is positioned and acquired anew.")
    boolean rescan;

    @Option(
            names = "--defects",
            description = "Of every six patients the fifth lacks its ADC map and the sixth its high b-value.")
    boolean defects;

    @Option(
            names = "--training-arrays",
            description = "Instead of DICOM, write DIR/<seed>.npz as models/training reads them.")
    boolean trainingArrays;

    @Option(names = "--json", description = "Say on stdout what was written, as one JSON document.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        if (patients < 1) {
            throw new ParameterException(
                    commandLine(), "--patients is the number of patients, at least 1, got " + patients);
        }
        if (trainingArrays && (rescan || defects)) {
            throw new ParameterException(
                    commandLine(), "--training-arrays goes neither with --rescan nor with --defects");
        }
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode document = mapper.createObjectNode().put("directory", out.toString());
        ArrayNode studies = document.putArray("studies");
        if (trainingArrays) {
            Files.createDirectories(out);
        } else {
            new PhantomCohort(out).begin();
        }
        for (int index = 0; index < patients; index++) {
            if (trainingArrays) {
                PhantomStudy study = PhantomStudy.of(seed + index, 0, PhantomArrays.dialect(), PhantomRecipe.STANDARD);
                PhantomArrays.write(study, out);
                say(studies, index, study, PhantomDefect.NONE, 1);
            } else {
                PhantomDefect defect = defects ? PhantomDefect.ofPatient(index) : PhantomDefect.NONE;
                writeStudy(studies, index, PhantomStudy.of(seed + index), defect);
                if (rescan) {
                    writeStudy(studies, index, PhantomStudy.rescanOf(seed + index), defect);
                }
            }
        }
        if (json) {
            PrintWriter stdout = commandLine().getOut();
            stdout.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document));
            stdout.flush();
        }
        return 0;
    }

    private void writeStudy(ArrayNode studies, int index, PhantomStudy study, PhantomDefect defect) throws IOException {
        say(studies, index, study, defect, new PhantomCohort(out).write(study, defect));
    }

    private void say(ArrayNode studies, int index, PhantomStudy study, PhantomDefect defect, int files) {
        PrintWriter stderr = commandLine().getErr();
        stderr.println(index + 1 + "/" + patients + " " + study.patientId()
                + (defect == PhantomDefect.NONE ? "" : " " + defect) + ", " + files
                + (files == 1 ? " file" : " files"));
        stderr.flush();
        if (json) {
            studies.addObject()
                    .put("patientId", study.patientId())
                    .put("studyInstanceUid", study.studyInstanceUid())
                    .put("seed", study.seed())
                    .put("defect", defect.name())
                    .put("files", files);
        }
    }

    /** Picocli sets the field before it calls the command. */
    private CommandLine commandLine() {
        return Objects.requireNonNull(spec, "set by picocli").commandLine();
    }
}
