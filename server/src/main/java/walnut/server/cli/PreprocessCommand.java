package walnut.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.passport.ModelPackage;
import walnut.models.passport.Passport;
import walnut.models.preprocess.ModelInput;
import walnut.models.preprocess.Preprocessor;
import walnut.models.registry.ModelRegistry;
import walnut.models.tensor.Npy;
import walnut.models.tensor.Tensor;
import walnut.models.tensor.TensorDigest;
import walnut.prostate.series.CaseVolumes;
import walnut.prostate.series.Selection;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudyFolder;
import walnut.server.pipeline.CasePipeline;
import walnut.server.pipeline.SeriesPolicy;
import walnut.volume.Lps;
import walnut.volume.Volume;

/**
 * {@code walnut preprocess}: writes the exact tensors that a model would be fed.
 *
 * <p>Headers of all studies are read first; pixels of one study are in memory at a time.
 */
@Command(
        name = "preprocess",
        mixinStandardHelpOptions = true,
        description = "Writes the exact tensors that a model is fed, as NumPy files.",
        footer = {
            "",
            "Of a model that scores points: OUT/<input name>.npy for one --at, OUT/at-<n>/<input name>.npy for several.",
            "One study in DIR: OUT/<input name>.npy. Several: OUT/<StudyInstanceUID>/<input name>.npy.",
            "A study that does not hold what the model needs is named with its reasons; the others are written.",
            "Exit 0 when every study was written, 3 when one was refused, 1 when one could not be read."
        })
public final class PreprocessCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Folder with the DICOM files of one or more studies.")
    Path directory = Path.of("");

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            required = true,
            description = "Id, id@version, digest, or path of a package; of a path only the passport is read.")
    String model = "";

    @Option(
            names = "--at",
            paramLabel = "X,Y,Z",
            converter = LpsConverter.class,
            description = "LPS position in mm, of a model that scores points; may be given several times.")
    List<Lps> points = new ArrayList<>();

    @Option(names = "--out", paramLabel = "OUT", required = true, description = "Where to write; made if need be.")
    Path out = Path.of("");

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "./walnut-data",
            description = "Where installed packages lie; default ${DEFAULT-VALUE}.")
    Path dataDir = Path.of("walnut-data");

    @Option(names = "--json", description = "Print exactly one JSON document.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        Passport passport = passport();
        if (passport.scoresPoints() == points.isEmpty()) {
            throw new WalnutException(
                    FailureCode.INVALID_ARGUMENT,
                    points.isEmpty()
                            ? passport.id() + " scores points; give at least one --at X,Y,Z"
                            : passport.id() + " looks at the whole case; leave out --at");
        }
        StudyFolder folder = StudyFolder.read(directory);
        if (folder.studies().isEmpty()) {
            throw new WalnutException(FailureCode.NOT_FOUND, "there is no DICOM study in " + directory.getFileName());
        }
        ObjectNode document = JSON.createObjectNode().put("model", passport.id());
        ArrayNode studies = document.putArray("studies");
        int exit = ExitCode.DONE;
        for (Study study : folder.studies()) {
            ObjectNode entry = studies.addObject().put("studyInstanceUid", study.studyInstanceUid());
            Path target = folder.studies().size() == 1 ? out : out.resolve(study.studyInstanceUid());
            exit = worst(exit, write(study, passport, target, entry));
        }
        if (json) {
            PrintWriter stdout = commandLine().getOut();
            stdout.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document));
            stdout.flush();
        }
        return exit;
    }

    /** A failure outweighs a refusal, a refusal outweighs success. */
    private static int worst(int one, int other) {
        return one == ExitCode.FAILED || other == ExitCode.FAILED ? ExitCode.FAILED : Math.max(one, other);
    }

    /** A model still in training has a passport and no graph: from a path, the passport is enough. */
    private Passport passport() {
        Path path = Path.of(model);
        return Files.exists(path)
                ? ModelPackage.readPassport(path)
                : ModelRegistry.open(dataDir.resolve("models")).find(model).passport();
    }

    /** @param folder below the target, with a slash at its end; "" for the target itself */
    private static void write(ModelInput input, Path target, String folder, ObjectNode digests) throws IOException {
        Files.createDirectories(target.resolve(folder));
        for (Tensor tensor : input.tensors()) {
            Npy.write(target.resolve(folder + tensor.name() + ".npy"), tensor);
            digests.put(folder + tensor.name(), TensorDigest.sha256(tensor));
        }
    }

    private int write(Study study, Passport passport, Path target, ObjectNode entry) throws IOException {
        ObjectNode tensors = entry.putObject("tensors");
        ArrayNode reasons = entry.putArray("reasons");
        try {
            Selection selection = SeriesPolicy.selector(passport).select(study);
            if (!selection.complete()) {
                selection
                        .reasons()
                        .forEach(reason -> refuse(reasons, reason.code(), reason.scheme(), reason.meaning()));
                say(study, "refused: " + reasonsOf(selection));
                return ExitCode.REFUSED;
            }
            Map<String, Volume> volumes = CasePipeline.modelVolumes(study, selection, CaseVolumes.build(selection));
            if (!passport.scoresPoints()) {
                write(Preprocessor.prepare(passport, volumes), target, "", tensors);
            } else {
                Preprocessor preprocessor = Preprocessor.of(passport, volumes);
                for (int n = 1; n <= points.size(); n++) {
                    String folder = points.size() == 1 ? "" : "at-" + n + "/";
                    write(preprocessor.around(points.get(n - 1)), target, folder, tensors);
                }
            }
            say(study, "written");
            return ExitCode.DONE;
        } catch (WalnutException e) {
            refuse(reasons, e.code().name(), "99WALNUT", String.valueOf(e.getMessage()));
            say(study, e.code() + ": " + e.getMessage());
            return ExitCode.of(e.code()) == ExitCode.REFUSED ? ExitCode.REFUSED : ExitCode.FAILED;
        }
    }

    private static void refuse(ArrayNode reasons, String code, String scheme, String meaning) {
        reasons.addObject().put("code", code).put("scheme", scheme).put("meaning", meaning);
    }

    private static List<String> reasonsOf(Selection selection) {
        return selection.reasons().stream()
                .map(reason -> reason.meaning() + " (" + reason.detail() + ")")
                .toList();
    }

    private void say(Study study, String what) {
        PrintWriter stderr = commandLine().getErr();
        stderr.println(study.studyInstanceUid() + " " + what);
        stderr.flush();
    }

    /** Picocli sets the field before it calls the command. */
    private CommandLine commandLine() {
        return Objects.requireNonNull(spec, "set by picocli").commandLine();
    }
}
