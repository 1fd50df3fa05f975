package walnut.server.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import walnut.failure.FailureCode;
import walnut.prostate.series.Channel;
import walnut.prostate.series.Evidence;
import walnut.prostate.series.HighBSource;
import walnut.prostate.series.InstancePixels;
import walnut.prostate.series.Problem;
import walnut.prostate.series.Reason;
import walnut.prostate.series.SelectedSeries;
import walnut.prostate.series.Selection;
import walnut.prostate.series.SeriesSelector;
import walnut.prostate.series.SeriesVolume;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudyFolder;
import walnut.prostate.series.StudySeries;
import walnut.volume.VolumeGeometry;

/** {@code inspect} for a person: a tree of studies and series, and which of them a model would be given. */
final class InspectTree {
    private static final int MOST_FILE_PROBLEMS = 20;
    private static final int MOST_SERIES_PROBLEMS = 4;

    private final PrintWriter out;
    private final boolean pixels;

    private InspectTree(PrintWriter out, boolean pixels) {
        this.out = out;
        this.pixels = pixels;
    }

    static void print(StudyFolder folder, boolean pixels, PrintWriter out) {
        InspectTree tree = new InspectTree(out, pixels);
        folder.studies().forEach(tree::study);
        if (folder.studies().isEmpty()) {
            out.println("No DICOM instance found.");
        }
        tree.fileProblems(folder.problems());
    }

    private void study(Study study) {
        int images = study.series().stream()
                .mapToInt(series -> series.sopInstanceUids().size())
                .sum();
        out.printf(
                "Study %s: %s, %s%n",
                study.studyInstanceUid(),
                count(study.series().size(), "series", "series"),
                count(images, "image", "images"));
        study.problems().forEach(problem -> out.println("│  ! " + problem));
        for (StudySeries series : study.series()) {
            series(series);
        }
        selection(new SeriesSelector().select(study));
        out.println();
    }

    private void series(StudySeries series) {
        String number = series.seriesNumber().isPresent()
                ? Integer.toString(series.seriesNumber().getAsInt())
                : "-";
        out.printf(
                "├─ %-3s %-13s %-8s %s%n",
                number,
                series.role(),
                series.plane()
                        .map(plane -> plane.name().toLowerCase(Locale.ROOT))
                        .orElse("-"),
                series.description());
        byGeometry(series.volumes()).forEach((geometry, bValues) -> out.println("│      " + bValues + geometry));
        for (Evidence evidence : series.evidence()) {
            out.println("│      because " + evidence.read() + "  [" + evidence.rule() + "]");
        }
        series.problems().stream().limit(MOST_SERIES_PROBLEMS).forEach(problem -> out.println("│      ! " + problem));
        if (series.problems().size() > MOST_SERIES_PROBLEMS) {
            out.println("│      … " + (series.problems().size() - MOST_SERIES_PROBLEMS) + " more; --json lists all");
        }
        if (pixels) {
            digests(InstancePixels.of(series));
        }
    }

    private void digests(InstancePixels digests) {
        digests.sha256().forEach((uid, sha256) -> out.println("│      " + sha256 + "  " + uid));
        digests.problems().values().forEach(problem -> out.println("│      ! " + problem));
    }

    /** Volumes of one size in one line, under the b-values they have: "b 50, 400, 800: ", "3 volumes: " or nothing. */
    private static Map<String, String> byGeometry(List<SeriesVolume> volumes) {
        Map<String, List<SeriesVolume>> alike = new LinkedHashMap<>();
        for (SeriesVolume volume : volumes) {
            volume.geometry().ifPresent(geometry -> alike.computeIfAbsent(words(geometry), unused -> new ArrayList<>())
                    .add(volume));
        }
        Map<String, String> lines = new LinkedHashMap<>();
        alike.forEach((geometry, same) -> {
            List<String> bValues = same.stream()
                    .filter(volume -> volume.bValue().isPresent())
                    .map(volume ->
                            String.format(Locale.ROOT, "%.0f", volume.bValue().getAsDouble()))
                    .distinct()
                    .toList();
            String b = bValues.isEmpty() ? "" : "b " + String.join(", ", bValues);
            String repeats = same.size() > Math.max(1, bValues.size()) ? count(same.size(), "volume", "volumes") : "";
            String both = b + (b.isEmpty() || repeats.isEmpty() ? "" : ", ") + repeats;
            lines.put(geometry, both.isEmpty() ? "" : both + ": ");
        });
        return lines;
    }

    private static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    private static String words(VolumeGeometry geometry) {
        return String.format(
                Locale.ROOT,
                "%d x %d x %d voxels of %s x %s x %s mm",
                geometry.columns(),
                geometry.rows(),
                geometry.slices(),
                millimetres(geometry.spacingI()),
                millimetres(geometry.spacingJ()),
                millimetres(geometry.spacingK()));
    }

    /** Four digits, without the zeros that say nothing. */
    private static String millimetres(double length) {
        return new BigDecimal(length, new MathContext(4)).stripTrailingZeros().toPlainString();
    }

    private void selection(Selection selection) {
        List<String> lines = new ArrayList<>();
        for (Channel channel : Channel.values()) {
            selection.of(channel).ifPresent(selected -> lines.add(channel + ": " + words(selected)));
        }
        for (Reason reason : selection.reasons()) {
            lines.add("✗ " + reason.meaning() + " (" + reason.scheme() + " " + reason.code() + "): " + reason.detail());
        }
        selection.warnings().forEach(warning -> lines.add("! " + warning));
        out.println("└─ a model would be given");
        lines.forEach(line -> out.println("       " + line));
    }

    private static String words(SelectedSeries selected) {
        Optional<HighBSource> source = selected.source();
        if (source.isEmpty()) {
            return selected.series().name();
        }
        String how = Map.of(
                        HighBSource.ACQUIRED, "acquired at",
                        HighBSource.SCANNER_COMPUTED, "computed by the scanner at",
                        HighBSource.COMPUTED, "computed by us at")
                .get(source.get());
        return String.format(
                Locale.ROOT,
                "%s, %s b %.0f",
                selected.series().name(),
                how,
                selected.bValue().orElseThrow());
    }

    /** What is no DICOM at all is counted; what is broken is named. */
    private void fileProblems(List<Problem> problems) {
        List<Problem> broken = problems.stream()
                .filter(problem -> problem.code() != FailureCode.NOT_DICOM)
                .toList();
        int others = problems.size() - broken.size();
        if (others > 0) {
            out.println(
                    count(others, "file is", "files are") + " no DICOM; --json lists " + (others == 1 ? "it" : "them"));
        }
        if (!broken.isEmpty()) {
            out.println(count(broken.size(), "file was", "files were") + " left out");
        }
        broken.stream().limit(MOST_FILE_PROBLEMS).forEach(problem -> out.println("  ! " + problem));
        if (broken.size() > MOST_FILE_PROBLEMS) {
            out.println("  … " + (broken.size() - MOST_FILE_PROBLEMS) + " more; --json lists all");
        }
    }
}
