package walnut.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.monitoring.lesion.CaseDetections;
import walnut.monitoring.lesion.CaseDetections.Detection;
import walnut.monitoring.lesion.Grid;
import walnut.monitoring.lesion.LesionDetection;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Statistic;
import walnut.monitoring.verify.Verification;
import walnut.volume.MalformedNiftiException;
import walnut.volume.Nifti;
import walnut.volume.Volume;

/** Checks the statistics against golden vectors, and scores detection maps as the PI-CAI challenge does. */
@Command(
        name = "metrics",
        mixinStandardHelpOptions = true,
        description = "Checks the statistics, and scores detection maps.",
        subcommands = {MetricsCommand.Verify.class, MetricsCommand.Picai.class})
public final class MetricsCommand implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** {@code walnut metrics verify DIR}. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Runs golden vectors, one JSON file per statistic: passed and failed per file, the worst "
                    + "difference, a last line with totals. Exit 1 when a case fails.")
    static final class Verify implements Callable<Integer> {
        @Spec
        CommandSpec spec;

        @Parameters(paramLabel = "DIR", description = "Directory of golden files.")
        Path directory;

        @Option(names = "--json", description = "Print one JSON document.")
        boolean json;

        @Override
        public Integer call() throws IOException {
            requireDirectory(directory);
            Verification.Report report = Verification.run(directory);
            if (report.files().isEmpty()) {
                throw new WalnutException(FailureCode.INVALID_ARGUMENT, "no golden files (*.json) in " + directory);
            }
            if (json) {
                print(spec, document(report));
            } else {
                report.lines().forEach(spec.commandLine().getOut()::println);
            }
            return report.failed() == 0 ? 0 : 1;
        }

        private static ObjectNode document(Verification.Report report) {
            ObjectNode document = JSON.createObjectNode();
            ArrayNode files = document.putArray("files");
            for (Verification.FileReport file : report.files()) {
                ObjectNode entry = files.addObject()
                        .put("file", file.file())
                        .put("statistic", file.statistic())
                        .put("passed", file.passed())
                        .put("failed", file.failed())
                        .put("worstDifference", file.worst());
                ArrayNode failures = entry.putArray("failures");
                file.cases().stream().filter(one -> !one.passed()).forEach(one -> {
                    ArrayNode differences =
                            failures.addObject().put("case", one.id()).putArray("differences");
                    one.differences().forEach(differences::add);
                });
            }
            return document.put("passed", report.passed()).put("failed", report.failed());
        }
    }

    /** {@code walnut metrics picai DIR}. */
    @Command(
            name = "picai",
            mixinStandardHelpOptions = true,
            description = "Scores detection maps (NAME_detection_map.nii.gz) against lesion labels "
                    + "(NAME_label.nii.gz) of one directory with the definitions of picai_eval.")
    static final class Picai implements Callable<Integer> {
        private static final String MAP_SUFFIX = "_detection_map.nii.gz";
        private static final String LABEL_SUFFIX = "_label.nii.gz";

        @Spec
        CommandSpec spec;

        @Parameters(paramLabel = "DIR", description = "Directory of maps and labels, or one that holds it.")
        Path directory;

        @Option(
                names = "--min-overlap",
                defaultValue = "0.1",
                description = "Least IoU of a hit (default: ${DEFAULT-VALUE}).")
        double minOverlap;

        @Option(names = "--json", description = "Print one JSON document.")
        boolean json;

        @Override
        public Integer call() throws IOException {
            requireDirectory(directory);
            Path maps = directoryOfMaps();
            if (!(minOverlap > 0 && minOverlap <= 1)) {
                throw new WalnutException(
                        FailureCode.INVALID_ARGUMENT, "--min-overlap must be above 0 and at most 1, not " + minOverlap);
            }
            List<CaseDetections> cases = new ArrayList<>();
            for (String name : caseNames(maps)) {
                cases.add(readCase(maps, name));
            }
            LesionDetection detection = LesionDetection.of(cases);
            if (json) {
                print(spec, document(cases, detection));
            } else {
                lines(cases, detection).forEach(spec.commandLine().getOut()::println);
            }
            return 0;
        }

        /** The directory itself when it has maps, else the only one directly below it that has some. */
        private Path directoryOfMaps() throws IOException {
            if (!caseNames(directory).isEmpty()) {
                return directory;
            }
            List<Path> below = new ArrayList<>();
            try (Stream<Path> entries = Files.list(directory)) {
                for (Path entry : entries.filter(Files::isDirectory).sorted().toList()) {
                    if (!caseNames(entry).isEmpty()) {
                        below.add(entry);
                    }
                }
            }
            if (below.isEmpty()) {
                throw new WalnutException(
                        FailureCode.INVALID_ARGUMENT,
                        "no files named *" + MAP_SUFFIX + " in " + directory + " nor directly below it");
            }
            if (below.size() > 1) {
                throw new WalnutException(
                        FailureCode.INVALID_ARGUMENT,
                        "several directories hold detection maps, name one of them: "
                                + below.stream().map(Path::toString).collect(Collectors.joining(", ")));
            }
            return below.get(0);
        }

        private static List<String> caseNames(Path directory) throws IOException {
            try (Stream<Path> files = Files.list(directory)) {
                return files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(MAP_SUFFIX))
                        .map(name -> name.substring(0, name.length() - MAP_SUFFIX.length()))
                        .sorted()
                        .toList();
            }
        }

        private CaseDetections readCase(Path directory, String name) throws IOException {
            Volume map = read(directory.resolve(name + MAP_SUFFIX));
            Path labelFile = directory.resolve(name + LABEL_SUFFIX);
            if (!Files.exists(labelFile)) {
                throw new WalnutException(
                        FailureCode.INVALID_ARGUMENT, name + MAP_SUFFIX + " has no " + labelFile.getFileName());
            }
            Volume label = read(labelFile);
            if (!grid(map).equals(grid(label))) {
                throw new WalnutException(
                        FailureCode.INVALID_ARGUMENT,
                        name + ": the map is " + grid(map) + ", the label " + grid(label));
            }
            Answer<CaseDetections> detections =
                    CaseDetections.of(name, grid(map), doubles(map), doubles(label), minOverlap);
            return detections
                    .result()
                    .orElseThrow(() -> new WalnutException(
                            FailureCode.INVALID_ARGUMENT,
                            name + ": not a detection map (components of one confidence each, not negative): "
                                    + detections.reason().orElseThrow()));
        }

        private static Volume read(Path file) throws IOException {
            try {
                return Nifti.read(file);
            } catch (MalformedNiftiException e) {
                throw new WalnutException(FailureCode.INVALID_ARGUMENT, file.getFileName() + ": " + e.getMessage(), e);
            }
        }

        /** Volume values are column-fastest, then rows, then slices: the order monitoring expects. */
        private static Grid grid(Volume volume) {
            return new Grid(
                    volume.geometry().slices(),
                    volume.geometry().rows(),
                    volume.geometry().columns());
        }

        private static double[] doubles(Volume volume) {
            double[] values = new double[volume.values().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = volume.values()[i];
            }
            return values;
        }

        private static List<String> lines(List<CaseDetections> cases, LesionDetection detection) {
            List<String> lines = new ArrayList<>();
            lines.add("cases " + detection.cases() + ", lesions " + detection.lesions());
            lines.add("AUROC              " + text(detection.auroc()));
            lines.add("average precision  " + text(detection.averagePrecision()));
            lines.add("PI-CAI score       " + text(detection.picaiScore()));
            lines.add(String.format(
                    Locale.ROOT,
                    "true positives %d, false positives %d, false negatives %d (any confidence)",
                    count(cases, true, true),
                    count(cases, false, true),
                    count(cases, true, false)));
            lines.add("FROC: confidence, false positives per case, sensitivity");
            LesionDetection.Froc froc = detection.froc();
            for (int i = 0; i < froc.thresholds().length; i++) {
                int point = i;
                lines.add(String.format(
                        Locale.ROOT,
                        "  %-10.6g %-10.6g %s",
                        froc.thresholds()[i],
                        froc.falsePositivesPerCase()[i],
                        froc.sensitivity()
                                .result()
                                .map(found -> String.format(Locale.ROOT, "%.6g", found[point]))
                                .orElse("not defined: there are no lesions")));
            }
            return lines;
        }

        private static String text(Statistic statistic) {
            return statistic
                    .reason()
                    .map(reason -> "not defined: " + reason.sentence())
                    .orElseGet(() -> Double.toString(statistic.orThrow()));
        }

        private static long count(List<CaseDetections> cases, boolean lesion, boolean found) {
            return cases.stream()
                    .flatMap(one -> one.detections().stream())
                    .filter(one -> one.lesion() == lesion && (one.confidence() > 0) == found)
                    .count();
        }

        private static ObjectNode document(List<CaseDetections> cases, LesionDetection detection) {
            ObjectNode document = JSON.createObjectNode();
            document.put("cases", detection.cases()).put("lesions", detection.lesions());
            put(document, "auroc", detection.auroc());
            put(document, "averagePrecision", detection.averagePrecision());
            put(document, "picaiScore", detection.picaiScore());
            document.put("truePositives", count(cases, true, true))
                    .put("falsePositives", count(cases, false, true))
                    .put("falseNegatives", count(cases, true, false));
            ArrayNode curve = document.putArray("froc");
            LesionDetection.Froc froc = detection.froc();
            for (int i = 0; i < froc.thresholds().length; i++) {
                ObjectNode point = curve.addObject()
                        .put("confidence", froc.thresholds()[i])
                        .put("falsePositivesPerCase", froc.falsePositivesPerCase()[i]);
                if (froc.sensitivity() instanceof Answer.Given<double[]> given) {
                    point.put("sensitivity", given.content()[i]);
                } else {
                    point.putNull("sensitivity");
                }
            }
            ObjectNode results = document.putObject("lesionResults");
            for (CaseDetections one : cases) {
                ArrayNode list = results.putArray(one.id());
                for (Detection found : one.detections()) {
                    list.addObject()
                            .put("lesion", found.lesion())
                            .put("confidence", found.confidence())
                            .put("overlap", found.overlap());
                }
            }
            return document;
        }

        private static void put(ObjectNode document, String name, Statistic statistic) {
            if (statistic.reason().isPresent()) {
                document.putObject(name)
                        .put("undefined", statistic.reason().get().name());
            } else {
                document.put(name, statistic.orThrow());
            }
        }
    }

    private static void requireDirectory(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "not a directory: " + directory);
        }
    }

    private static void print(CommandSpec spec, ObjectNode document) throws IOException {
        spec.commandLine()
                .getOut()
                .println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document));
    }
}
