package walnut.server.results;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import walnut.server.api.PredictionDocument;
import walnut.server.api.ResultWording;
import walnut.server.frames.CaseFrames;
import walnut.server.frames.Orientation;
import walnut.server.frames.Pane;
import walnut.volume.Lps;
import walnut.volume.VolumeGeometry;

/**
 * The pages of a result: first what was used and what was said of it, or why nothing was said; then the key slice of each
 * candidate. The disclaimer stands on each, since a page may be read without the others.
 */
final class ResultPages {
    private static final int SIZE = 1024;
    private static final int MARGIN = 28;
    private static final int WIDTH = SIZE - 2 * MARGIN;
    private static final int LARGE_PANE = 640;
    private static final int SMALL_PANE = 312;
    private static final int FOOTER = 96;

    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm xxx", Locale.ROOT);

    private final StoredResult result;
    private final PredictionDocument document;
    private final String banner;

    ResultPages(StoredResult result) {
        this.result = result;
        this.document = result.document();
        this.banner = ResultWording.banner(document.scoreKind());
    }

    /** @param what one line that says what the page shows */
    record Page(Canvas canvas, String what) {}

    /** A line of the first page; {@code indent} in characters. */
    private record Line(String text, int colour, int indent) {}

    List<Page> summary() {
        List<Page> pages = new ArrayList<>();
        Canvas canvas = null;
        int top = 0;
        for (Line line : lines()) {
            int indent = line.indent() * BitmapFont.FIXED.width();
            for (String text : line.text().isEmpty() ? List.of("") : Canvas.wrapped(line.text(), WIDTH - indent, 1)) {
                if (canvas == null || top + Canvas.lineHeight(1) > SIZE - FOOTER) {
                    canvas = framed(headline());
                    pages.add(new Page(canvas, headline() + ", page " + (pages.size() + 1)));
                    top = MARGIN + Canvas.lineHeight(2) + 14;
                }
                canvas.text(MARGIN + indent, top, text, 1, line.colour());
                top += Canvas.lineHeight(1);
            }
        }
        return pages;
    }

    private String headline() {
        return switch (document.outcome()) {
            case "COMPLETED" -> "Walnut result";
            case "NOT_ELIGIBLE" -> "Walnut: REFUSED";
            default -> "Walnut: FAILED";
        };
    }

    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        ZoneId zone = result.zone();
        lines.add(new Line("Made " + MINUTE.format(result.createdAt().atZone(zone)), Canvas.GRAY, 0));
        PredictionDocument.Model model = document.model();
        if (model != null) {
            lines.add(new Line(
                    "Model " + model.id() + " " + ResultWording.orUnknown(model.version()) + ", digest "
                            + ResultWording.orUnknown(model.digest()),
                    Canvas.GRAY,
                    0));
        }
        lines.add(new Line("", Canvas.GRAY, 0));
        if (document.outcome().equals("COMPLETED")) {
            addScore(lines);
            addCandidates(lines);
        } else {
            addReasons(lines);
        }
        addWarnings(lines);
        addSeries(lines);
        addGates(lines);
        return lines;
    }

    private void addScore(List<Line> lines) {
        Double score = document.caseScore();
        lines.add(new Line(
                capitalised(ResultWording.scoreKind(document.scoreKind())) + " of the case: "
                        + (score == null ? "none" : String.format(Locale.ROOT, "%.3f", score)),
                Canvas.WHITE,
                0));
        for (PredictionDocument.Decision decision : document.decisions()) {
            lines.add(new Line(
                    ResultWording.decision(decision.positive()) + " (operating point " + decision.operatingPoint()
                            + ", " + String.format(Locale.ROOT, "%.3f", decision.threshold()) + ")",
                    Canvas.WHITE,
                    2));
        }
        lines.add(new Line("", Canvas.GRAY, 0));
    }

    private void addCandidates(List<Line> lines) {
        lines.add(new Line(
                document.findings().isEmpty() ? "No candidate. This does not rule out disease." : "Candidates",
                Canvas.AMBER,
                0));
        for (int index = 0; index < document.findings().size(); index++) {
            lines.add(new Line((index + 1) + "  " + inWords(document.findings().get(index)), Canvas.WHITE, 2));
        }
        lines.add(new Line("", Canvas.GRAY, 0));
    }

    private String inWords(PredictionDocument.Finding finding) {
        return String.format(
                Locale.ROOT,
                "%.3f  %s, %s, %s, %s",
                finding.confidence(),
                ResultWording.side(finding.side()),
                place(finding),
                ResultWording.volume(finding.volumeMm3()),
                ResultWording.length(finding.longAxisMm()));
    }

    /** The image as the reader finds it: by series and instance number, which viewers show. */
    private String place(PredictionDocument.Finding finding) {
        PredictionDocument.Slice slice = finding.slice();
        if (slice == null || slice.sopInstanceUid() == null) {
            return "image unknown";
        }
        return "series " + (slice.seriesNumber() == null ? "without number" : slice.seriesNumber())
                + result.instanceNumber(slice.sopInstanceUid())
                        .map(number -> " image " + number)
                        .orElse("");
    }

    private void addReasons(List<Line> lines) {
        lines.add(new Line("No number was computed for this study, because:", Canvas.AMBER, 0));
        for (PredictionDocument.Reason reason : document.reasons()) {
            lines.add(new Line(
                    ResultWording.orUnknown(reason.meaning()) + " (" + ResultWording.orUnknown(reason.scheme()) + " "
                            + reason.code() + ")",
                    Canvas.WHITE,
                    2));
            if (reason.detail() != null && !reason.detail().isBlank()) {
                lines.add(new Line(reason.detail(), Canvas.GRAY, 4));
            }
        }
        lines.add(new Line("", Canvas.GRAY, 0));
    }

    /** Before what may fill pages, so that nobody has to leaf for them. */
    private void addWarnings(List<Line> lines) {
        if (!document.warnings().isEmpty()) {
            lines.add(new Line("Warnings", Canvas.AMBER, 0));
            document.warnings().forEach(warning -> lines.add(new Line(warning, Canvas.WHITE, 2)));
            lines.add(new Line("", Canvas.GRAY, 0));
        }
    }

    private void addSeries(List<Line> lines) {
        lines.add(new Line("Series used", Canvas.AMBER, 0));
        document.series()
                .forEach((role, series) -> lines.add(
                        new Line(series == null ? role + "  none" : role + "  " + inWords(series), Canvas.WHITE, 2)));
        lines.add(new Line("", Canvas.GRAY, 0));
    }

    private static String inWords(PredictionDocument.Series series) {
        String number = series.seriesNumber() == null
                ? "without number"
                : series.seriesNumber().toString();
        String name = "series " + number + " \"" + ResultWording.orUnknown(series.description()) + "\"";
        Double bValue = series.bValue();
        return bValue == null
                ? name
                : name + ", b " + Math.round(bValue) + " s/mm², " + ResultWording.highBSource(series.source());
    }

    private void addGates(List<Line> lines) {
        lines.add(new Line("Checks", Canvas.AMBER, 0));
        for (PredictionDocument.Gate gate : document.gates()) {
            lines.add(new Line(
                    gate.verdict() + "  " + gate.name() + ": " + ResultWording.orUnknown(gate.read()),
                    gate.verdict().equals("PASS") ? Canvas.WHITE : Canvas.AMBER,
                    2));
        }
    }

    /** The slices of the candidates, as far as there are pictures to draw. */
    List<Page> keySlices() {
        Optional<CaseFrames> frames = result.frames();
        if (frames.isEmpty()) {
            return List.of();
        }
        List<Page> pages = new ArrayList<>();
        for (int index = 0; index < document.findings().size(); index++) {
            PredictionDocument.Finding finding = document.findings().get(index);
            double[] peak = finding.peakLps();
            if (peak != null) {
                pages.add(keySlice(frames.get(), index, finding, new Lps(peak[0], peak[1], peak[2])));
            }
        }
        return pages;
    }

    private Page keySlice(CaseFrames frames, int index, PredictionDocument.Finding finding, Lps peak) {
        VolumeGeometry grid = frames.grid();
        int k = (int) Math.max(
                0, Math.min(grid.slices() - 1, Math.rint(grid.toIndex(peak).k())));
        String what = "Candidate " + (index + 1) + " of " + document.findings().size();
        Canvas canvas = framed(what);
        int top = MARGIN + Canvas.lineHeight(2) + 8;
        canvas.text(MARGIN, top, inWords(finding), 1, Canvas.WHITE);
        top += Canvas.lineHeight(1) + 12;
        double[] outline = result.heatmap()
                .map(heatmap -> Outline.around(heatmap, peak, result.outlinedFraction()))
                .orElse(new double[0]);
        pane(canvas, frames, Pane.T2W, k, MARGIN, top, LARGE_PANE, outline);
        int right = MARGIN + LARGE_PANE + 16;
        pane(canvas, frames, Pane.ADC, k, right, top, SMALL_PANE, outline);
        pane(canvas, frames, Pane.HBV, k, right, top + SMALL_PANE + 16, SMALL_PANE, outline);
        canvas.text(
                MARGIN,
                top + LARGE_PANE + 10,
                String.format(
                        Locale.ROOT,
                        "Outline: where the model's score reaches %.1f of this candidate's highest.",
                        result.outlinedFraction()),
                1,
                Canvas.AMBER);
        return new Page(canvas, what);
    }

    private static void pane(
            Canvas canvas, CaseFrames frames, Pane pane, int k, int left, int top, int size, double[] outline) {
        canvas.rectangle(left - 1, top - 1, size + 2, size + 2, 0x2A3036);
        if (!frames.has(pane)) {
            canvas.text(left + 8, top + 8, "no " + pane.pathSegment(), 1, Canvas.GRAY);
            return;
        }
        VolumeGeometry grid = frames.grid();
        Canvas.Placed placed = canvas.image(left, top, size, frames.grays(pane, k), grid);
        canvas.outline(placed, outline, grid, Canvas.AMBER);
        Orientation letters = Orientation.of(grid);
        int width = BitmapFont.FIXED.width();
        int height = BitmapFont.FIXED.height();
        int middle = top + (size - height) / 2;
        canvas.text(left + 4, middle, letters.left(), 1, Canvas.CYAN);
        canvas.text(left + size - 4 - width * letters.right().length(), middle, letters.right(), 1, Canvas.CYAN);
        int centre = left + (size - width * letters.top().length()) / 2;
        canvas.text(centre, top + 2, letters.top(), 1, Canvas.CYAN);
        canvas.text(centre, top + size - height - 2, letters.bottom(), 1, Canvas.CYAN);
        canvas.text(left + 6, top + 4, pane.pathSegment(), 1, Canvas.CYAN);
    }

    private Canvas framed(String headline) {
        Canvas canvas = new Canvas(SIZE, SIZE);
        canvas.text(MARGIN, MARGIN, headline, 2, Canvas.WHITE);
        int top = SIZE - FOOTER + 8;
        canvas.rectangle(0, top - 6, SIZE, FOOTER, 0x4A3200);
        for (String line : Canvas.wrapped(banner, WIDTH, 1)) {
            canvas.text(MARGIN, top, line, 1, Canvas.AMBER);
            top += Canvas.lineHeight(1);
        }
        return canvas;
    }

    private static String capitalised(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
