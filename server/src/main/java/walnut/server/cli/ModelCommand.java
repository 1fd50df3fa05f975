package walnut.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import walnut.failure.WalnutException;
import walnut.models.gate.KnownAnswer;
import walnut.models.gate.KnownAnswer.CaseResult;
import walnut.models.gate.KnownAnswer.Verdict;
import walnut.models.gate.KnownAnswerRecorder;
import walnut.models.inference.LoadedModel;
import walnut.models.inference.RuntimeFingerprint;
import walnut.models.passport.ModelPackage;
import walnut.models.passport.ModelPackage.Inspection;
import walnut.models.passport.PackageProblem;
import walnut.models.passport.PackageWriter;
import walnut.models.passport.Passport;
import walnut.models.registry.ModelRegistry;
import walnut.server.natives.Natives;

/** {@code walnut model}: the packages of a node, and whether a package is fit to serve. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description = "Lists, shows, validates, tests and packs model packages.",
        subcommands = {
            ModelCommand.ListModels.class,
            ModelCommand.Show.class,
            ModelCommand.Validate.class,
            ModelCommand.Test.class,
            ModelCommand.Pack.class
        })
public final class ModelCommand implements Runnable {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        injected(spec).commandLine().usage(out(spec));
    }

    /** What every one of these commands takes. */
    static final class Options {
        @Option(
                names = "--data-dir",
                paramLabel = "DIR",
                defaultValue = "./walnut-data",
                description = "Where installed packages and native libraries lie; default ${DEFAULT-VALUE}.")
        Path dataDir = Path.of("walnut-data");

        @Option(names = "--json", description = "Print exactly one JSON document.")
        boolean json;

        ModelRegistry registry() {
            return ModelRegistry.open(dataDir.resolve("models"));
        }

        void print(PrintWriter out, Map<String, ?> document, List<String> lines) {
            if (json) {
                try {
                    out.println(JSON.writeValueAsString(document));
                } catch (JsonProcessingException e) {
                    throw new IllegalStateException(e);
                }
            } else {
                lines.forEach(out::println);
            }
            out.flush();
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Prints the packages of this node.")
    static final class ListModels implements Callable<Integer> {
        @Mixin
        Options options = new Options();

        @Spec
        @Nullable
        CommandSpec spec;

        @Override
        public Integer call() {
            ModelRegistry registry = options.registry();
            List<ModelPackage> packages = registry.list();
            List<PackageProblem> problems = registry.problems();
            options.print(
                    out(spec),
                    Map.of(
                            "models",
                            packages.stream().map(ModelCommand::summary).toList(),
                            "problems",
                            problems.stream().map(ModelCommand::problem).toList()),
                    Stream.concat(
                                    packages.stream()
                                            .map(found -> String.format(
                                                    "%-28s %-8s %-10s %s",
                                                    found.passport().id(),
                                                    found.passport().version(),
                                                    found.passport().scoreKind(),
                                                    found.digest())),
                                    problems.stream().map(PackageProblem::toString))
                            .toList());
            return problems.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Prints a package's passport.")
    static final class Show implements Callable<Integer> {
        @Mixin
        Options options = new Options();

        @Parameters(paramLabel = "MODEL", description = "Id, id@version, digest, or path of a package.")
        String model = "";

        @Spec
        @Nullable
        CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            ModelPackage found = options.registry().find(model);
            Map<String, Object> document = summary(found);
            document.put("passport", JSON.readTree(found.passportJson()));
            Passport passport = found.passport();
            options.print(
                    out(spec),
                    document,
                    List.of(
                            passport.name() + " (" + passport.id() + "@" + passport.version() + ")",
                            passport.summary(),
                            "digest      " + found.digest(),
                            "score       " + passport.scoreKind(),
                            "for         " + passport.intendedUse().primaryUse(),
                            "input       "
                                    + passport.intendedUse().intendedInput().description(),
                            "not for     "
                                    + String.join("; ", passport.intendedUse().contraindications()),
                            "channels    "
                                    + passport.channels().stream()
                                            .map(Passport.Channel::name)
                                            .toList(),
                            "known cases " + passport.knownAnswers().size(),
                            "licence     " + passport.licence()));
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "validate",
            mixinStandardHelpOptions = true,
            description = "Verifies a package: passport, files, and the ONNX graph against the passport.")
    static final class Validate implements Callable<Integer> {
        @Mixin
        Options options = new Options();

        @Parameters(paramLabel = "PACKAGE", description = "Directory or zip.")
        Path path = Path.of("");

        @Spec
        @Nullable
        CommandSpec spec;

        @Override
        public Integer call() {
            Inspection inspection = ModelPackage.inspect(path);
            List<PackageProblem> problems =
                    inspection.modelPackage().map(this::problemsOfGraph).orElse(inspection.problems());
            boolean valid = problems.isEmpty();
            Map<String, Object> document = new TreeMap<>();
            document.put("valid", valid);
            document.put(
                    "digest", valid ? inspection.modelPackage().orElseThrow().digest() : null);
            document.put(
                    "problems", problems.stream().map(ModelCommand::problem).toList());
            options.print(
                    out(spec),
                    document,
                    valid
                            ? List.of("valid: "
                                    + inspection.modelPackage().orElseThrow().digest())
                            : problems.stream().map(PackageProblem::toString).toList());
            return valid ? ExitCode.DONE : ExitCode.REFUSED;
        }

        private List<PackageProblem> problemsOfGraph(ModelPackage modelPackage) {
            Natives.unpackTo(options.dataDir);
            try {
                LoadedModel.load(modelPackage).close();
                return List.of();
            } catch (WalnutException e) {
                return List.of(new PackageProblem(e.code(), String.valueOf(e.getMessage())));
            }
        }
    }

    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            description = "Runs a package's known-answer cases on this machine.")
    static final class Test implements Callable<Integer> {
        @Mixin
        Options options = new Options();

        @Parameters(paramLabel = "MODEL", description = "Id, id@version, digest, or path of a package.")
        String model = "";

        @Spec
        @Nullable
        CommandSpec spec;

        @Override
        public Integer call() {
            Natives.unpackTo(options.dataDir);
            ModelPackage found = options.registry().find(model);
            RuntimeFingerprint runtime = RuntimeFingerprint.of(
                    injected(spec).root().version()[0].replace("walnut ", ""),
                    found.passport().runtime());
            KnownAnswer answers;
            try (LoadedModel loaded = LoadedModel.load(found)) {
                answers = KnownAnswer.run(found, loaded);
            }
            Map<String, Object> document = summary(found);
            document.put("verdict", answers.overall().map(Verdict::name).orElse(null));
            document.put(
                    "cases",
                    answers.cases().stream().map(ModelCommand::caseResult).toList());
            document.put("runtime", runtime);
            options.print(
                    out(spec),
                    document,
                    answers.cases().isEmpty()
                            ? List.of("the package has no known-answer case")
                            : answers.cases().stream()
                                    .map(one -> String.format("%-18s %s (%s)", one.verdict(), one.name(), one.detail()))
                                    .toList());
            return answers.overall()
                            .filter(verdict -> verdict != Verdict.BROKEN)
                            .isPresent()
                    ? ExitCode.DONE
                    : ExitCode.FAILED;
        }
    }

    @Command(
            name = "pack",
            mixinStandardHelpOptions = true,
            description = "Lists a directory's files in its passport and verifies the package.")
    static final class Pack implements Callable<Integer> {
        @Mixin
        Options options = new Options();

        @Parameters(paramLabel = "DIR", description = "Directory with passport.json and the model's files.")
        Path directory = Path.of("");

        @Option(
                names = "--record",
                description = "Run the known-answer cases here and write their answers into the passport.")
        boolean record;

        @Option(names = "--out", paramLabel = "ZIP", description = "Also write the package as a zip.")
        @Nullable
        Path zip;

        @Spec
        @Nullable
        CommandSpec spec;

        @Override
        public Integer call() {
            ModelPackage packed;
            if (record) {
                Natives.unpackTo(options.dataDir);
                packed = KnownAnswerRecorder.record(directory);
            } else {
                PackageWriter.seal(directory, PackageWriter.passportOf(directory));
                packed = ModelPackage.open(directory);
            }
            if (zip != null) {
                PackageWriter.zip(packed, zip);
            }
            options.print(out(spec), summary(packed), List.of("packed: " + packed.digest()));
            return ExitCode.DONE;
        }
    }

    private static PrintWriter out(@Nullable CommandSpec spec) {
        return injected(spec).commandLine().getOut();
    }

    /** Picocli sets the field before it calls the command. */
    private static CommandSpec injected(@Nullable CommandSpec spec) {
        return Objects.requireNonNull(spec, "set by picocli");
    }

    private static Map<String, Object> summary(ModelPackage found) {
        Map<String, Object> summary = new TreeMap<>();
        summary.put("id", found.passport().id());
        summary.put("version", found.passport().version());
        summary.put("name", found.passport().name());
        summary.put("scoreKind", found.passport().scoreKind().name());
        summary.put("digest", found.digest());
        summary.put("onnxSha256", found.onnxSha256());
        return summary;
    }

    private static Map<String, String> problem(PackageProblem problem) {
        return Map.of("code", problem.code().name(), "detail", problem.sentence());
    }

    private static Map<String, Object> caseResult(CaseResult result) {
        Map<String, Object> document = new TreeMap<>();
        document.put("name", result.name());
        document.put("verdict", result.verdict().name());
        document.put("largestDifference", Double.isNaN(result.largestDifference()) ? null : result.largestDifference());
        document.put("detail", result.detail());
        return document;
    }
}
