package walnut.monitoring.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs golden files. {@code walnut metrics verify DIR} prints what this returns. */
public final class Verification {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double DEFAULT_ABS = 1e-9;
    private static final double DEFAULT_REL = 1e-9;

    private Verification() {}

    /** One case: passed when {@code differences} is empty. */
    public record CaseReport(String id, double worst, double worstShareOfTolerance, List<String> differences) {
        public boolean passed() {
            return differences.isEmpty();
        }
    }

    /** One file: the statistic it is about and its cases. */
    public record FileReport(String file, String statistic, List<CaseReport> cases) {
        public long passed() {
            return cases.stream().filter(CaseReport::passed).count();
        }

        public long failed() {
            return cases.size() - passed();
        }

        /** Largest |got − want| over all real numbers compared in the file. */
        public double worst() {
            return cases.stream().mapToDouble(CaseReport::worst).max().orElse(0);
        }

        public double worstShareOfTolerance() {
            return cases.stream()
                    .mapToDouble(CaseReport::worstShareOfTolerance)
                    .max()
                    .orElse(0);
        }
    }

    public record Report(List<FileReport> files) {
        public long passed() {
            return files.stream().mapToLong(FileReport::passed).sum();
        }

        public long failed() {
            return files.stream().mapToLong(FileReport::failed).sum();
        }

        /** One line per file, the differences of failed cases beneath it, and a last line with totals. */
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            for (FileReport file : files) {
                lines.add(String.format(
                        Locale.ROOT,
                        "%-34s passed %3d  failed %3d  worst |difference| %.3g (%.3g of its tolerance)",
                        file.file(),
                        file.passed(),
                        file.failed(),
                        file.worst(),
                        file.worstShareOfTolerance()));
                for (CaseReport failed : file.cases()) {
                    failed.differences().forEach(difference -> lines.add("    " + failed.id() + " " + difference));
                }
            }
            lines.add(String.format(
                    Locale.ROOT,
                    "total: %d files, %d cases, %d passed, %d failed",
                    files.size(),
                    passed() + failed(),
                    passed(),
                    failed()));
            return lines;
        }
    }

    /** Runs every {@code *.json} of the directory, in name order; names starting with {@code _} are not vectors. */
    public static Report run(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.filter(file -> file.getFileName().toString().endsWith(".json"))
                    .filter(file -> !file.getFileName().toString().startsWith("_"))
                    .sorted()
                    .toList();
        }
        List<FileReport> reports = new ArrayList<>();
        for (Path file : files) {
            reports.add(runFile(file.getFileName().toString(), JSON.readTree(file.toFile())));
        }
        return new Report(reports);
    }

    /** Runs one golden file that has been read already. A file that is no golden file has one failed case. */
    public static FileReport runFile(String name, JsonNode file) {
        String statistic = file.path("stat").asText(name.replace(".json", ""));
        if (!file.path("cases").isArray()) {
            return new FileReport(name, statistic, List.of(failure("-", "the file has no list of cases")));
        }
        @Nullable Family family = Families.BY_STATISTIC.get(statistic);
        List<CaseReport> cases = new ArrayList<>();
        for (JsonNode vector : file.get("cases")) {
            String id = vector.path("id").asText();
            cases.add(
                    family == null
                            ? failure(id, "there is no statistic named '" + statistic + "'")
                            : runCase(id, family, vector, file.path("default_tolerance")));
        }
        return new FileReport(name, statistic, cases);
    }

    private static CaseReport runCase(String id, Family family, JsonNode vector, JsonNode defaultTolerance) {
        JsonNode tolerance = vector.has("tolerance") ? vector.get("tolerance") : defaultTolerance;
        Comparison comparison = new Comparison(
                tolerance.path("abs").asDouble(DEFAULT_ABS),
                tolerance.path("rel").asDouble(DEFAULT_REL));
        JsonNode expected = vector.path("expected");
        JsonNode got;
        try {
            got = ResultTree.of(family.compute(new Inputs(vector.path("inputs"), vector.path("params"), expected)));
        } catch (RuntimeException e) {
            // An exception out of a formula is a failed case, not the end of the run.
            return failure(id, "threw " + e);
        }
        expected.fields()
                .forEachRemaining(
                        field -> comparison.compare(field.getKey(), field.getValue(), got.get(field.getKey())));
        return new CaseReport(
                id, comparison.worst(), comparison.worstShareOfTolerance(), List.copyOf(comparison.differences()));
    }

    private static CaseReport failure(String id, String difference) {
        return new CaseReport(id, 0, 0, List.of(difference));
    }
}
