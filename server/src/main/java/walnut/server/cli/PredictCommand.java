package walnut.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
import walnut.prostate.series.Study;
import walnut.prostate.series.StudyFolder;
import walnut.server.api.PredictionDocument;
import walnut.server.pipeline.CaseInput;
import walnut.server.pipeline.CaseOutcome;
import walnut.server.pipeline.CasePipeline;
import walnut.server.pipeline.FolderInput;
import walnut.server.pipeline.ServedModel;
import walnut.volume.Lps;
import walnut.volume.Nifti;
import walnut.volume.Volume;

/** {@code walnut predict}: one study from a folder through the whole corridor, without a server. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description = "Runs a model on a study in a folder and prints what it found, or why it refused. "
                + "Research use only, not a medical device.")
public final class PredictCommand implements Callable<Integer> {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", description = "folder with the study's DICOM files")
    private Path folder = Path.of("");

    @Option(
            names = "--model",
            paramLabel = "ID|PKG",
            description = "shipped model, or a package (folder or zip); default: ${DEFAULT-VALUE}",
            defaultValue = ModelChoice.DEFAULT_MODEL)
    private String modelName = ModelChoice.DEFAULT_MODEL;

    @Option(names = "--study", paramLabel = "UID", description = "which study, where the folder holds several")
    private @Nullable String studyInstanceUid;

    @Option(
            names = "--at",
            paramLabel = "X,Y,Z",
            converter = LpsConverter.class,
            description = "also give the score at this LPS position in mm")
    private List<Lps> points = new ArrayList<>();

    @Option(names = "--json", description = "print exactly one JSON document")
    private boolean json;

    @Option(names = "--out", paramLabel = "DIR", description = "write prediction.json and heatmap.nii.gz there")
    private @Nullable Path out;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "./walnut-data",
            description = "where native libraries and shipped models are unpacked, once (default: ${DEFAULT-VALUE})")
    private Path dataDir = Path.of("walnut-data");

    @Override
    public Integer call() {
        try (ServedModel model = ModelChoice.load(modelName, dataDir)) {
            Study study = study();
            CaseInput input = FolderInput.of(study, points);
            CaseOutcome outcome = new CasePipeline(model).run(input);
            if (out != null) {
                write(out, outcome);
            }
            if (json) {
                CommandOutput.of(spec).println(toJson(outcome.document()));
            } else {
                describe(outcome.document(), CommandOutput.of(spec));
            }
            return exitCode(outcome);
        }
    }

    private static int exitCode(CaseOutcome outcome) {
        if (outcome instanceof CaseOutcome.Completed) {
            return ExitCode.DONE;
        }
        return outcome instanceof CaseOutcome.NotEligible ? ExitCode.REFUSED : ExitCode.FAILED;
    }

    private Study study() {
        List<Study> studies = StudyFolder.read(folder).studies();
        if (studies.isEmpty()) {
            throw new WalnutException(FailureCode.NOT_FOUND, "no DICOM images below " + folder);
        }
        if (studyInstanceUid == null && studies.size() > 1) {
            throw new WalnutException(
                    FailureCode.INVALID_ARGUMENT,
                    "the folder holds " + studies.size() + " studies; choose one with --study: "
                            + studies.stream().map(Study::studyInstanceUid).collect(Collectors.joining(", ")));
        }
        return studies.stream()
                .filter(study ->
                        studyInstanceUid == null || study.studyInstanceUid().equals(studyInstanceUid))
                .findFirst()
                .orElseThrow(() ->
                        new WalnutException(FailureCode.NOT_FOUND, "the folder holds no study " + studyInstanceUid));
    }

    private static void write(Path folder, CaseOutcome outcome) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("prediction.json"), toJson(outcome.document()) + "\n");
            Optional<Volume> heatmap = outcome.heatmapIfAny();
            if (heatmap.isPresent()) {
                Nifti.write(heatmap.get(), folder.resolve("heatmap.nii.gz"));
            }
        } catch (IOException e) {
            throw new WalnutException(FailureCode.STORAGE_FAILED, "cannot write to " + folder, e);
        }
    }

    private static String toJson(PredictionDocument document) {
        try {
            return JSON.writeValueAsString(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void describe(PredictionDocument document, PrintWriter to) {
        to.println(document.outcome());
        document.series()
                .forEach((role, series) -> to.println(
                        series == null
                                ? String.format("  %-4s none", role)
                                : String.format(
                                        Locale.ROOT,
                                        "  %-4s series %s %s%s",
                                        role,
                                        series.seriesNumber() == null ? "?" : series.seriesNumber(),
                                        series.description() == null ? "" : series.description(),
                                        series.bValue() == null
                                                ? ""
                                                : String.format(
                                                        Locale.ROOT,
                                                        " (b %.0f, %s)",
                                                        series.bValue(),
                                                        series.source()))));
        document.gates()
                .forEach(gate ->
                        to.println(String.format("  gate %-24s %-7s %s", gate.name(), gate.verdict(), gate.read())));
        document.technical().stream()
                .filter(parameter -> !parameter.verdict().equals("PASS"))
                .forEach(parameter -> to.println(String.format(
                        "  PI-RADS %s %s %s: %s, asked for %s",
                        parameter.sequence(),
                        parameter.name(),
                        parameter.verdict(),
                        parameter.read(),
                        parameter.limit())));
        Optional.ofNullable(document.caseScore())
                .ifPresent(score ->
                        to.println(String.format(Locale.ROOT, "  case score %.3f (%s)", score, document.scoreKind())));
        document.findings()
                .forEach(finding -> to.println(String.format(
                        Locale.ROOT,
                        "  candidate %.3f %s, %.0f mm³, LPS %s",
                        finding.confidence(),
                        finding.side(),
                        finding.volumeMm3(),
                        position(finding.centroidLps()))));
        if (document.outcome().equals("COMPLETED") && document.findings().isEmpty()) {
            to.println("  no candidate above threshold");
        }
        document.points()
                .forEach(point -> to.println(
                        String.format(Locale.ROOT, "  score at %s: %s", position(point.lps()), point.score())));
        document.reasons()
                .forEach(reason -> to.println("  " + reason.code() + " " + reason.meaning() + ": " + reason.detail()));
        document.warnings().forEach(warning -> to.println("  warning " + warning));
        to.println("Synthetic models: research use only, not a medical device.");
    }

    private static String position(double @Nullable [] lps) {
        return lps == null ? "?" : String.format(Locale.ROOT, "(%.1f, %.1f, %.1f)", lps[0], lps[1], lps[2]);
    }
}
