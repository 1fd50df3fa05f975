package walnut.server.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
        out.println("Study " + study.studyInstanceUid());
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
        for (SeriesVolume volume : series.volumes()) {
            volume.geometry().ifPresent(geometry -> out.println("│      " + words(volume, geometry)));
        }
        for (Evidence evidence : series.evidence()) {
            out.println("│      because " + evidence.read() + "  [" + evidence.rule() + "]");
        }
        series.problems().forEach(problem -> out.println("│      ! " + problem));
        if (pixels) {
            digests(InstancePixels.of(series));
        }
    }

    private void digests(InstancePixels digests) {
        digests.sha256().forEach((uid, sha256) -> out.println("│      " + sha256 + "  " + uid));
        digests.problems().values().forEach(problem -> out.println("│      ! " + problem));
    }

    private static String words(SeriesVolume volume, VolumeGeometry geometry) {
        String b = volume.bValue().isPresent()
                ? String.format(Locale.ROOT, "b %.0f: ", volume.bValue().getAsDouble())
                : "";
        return String.format(
                Locale.ROOT,
                "%s%d x %d x %d voxels of %s x %s x %s mm",
                b,
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

    private void fileProblems(List<Problem> problems) {
        if (problems.isEmpty()) {
            return;
        }
        out.println(problems.size() == 1 ? "One file was left out" : problems.size() + " files were left out");
        problems.stream().limit(MOST_FILE_PROBLEMS).forEach(problem -> out.println("  ! " + problem));
        if (problems.size() > MOST_FILE_PROBLEMS) {
            out.println("  … " + (problems.size() - MOST_FILE_PROBLEMS) + " more; --json lists all");
        }
    }
}
