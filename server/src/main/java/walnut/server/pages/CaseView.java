package walnut.server.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import walnut.server.api.CaseDetail;
import walnut.server.api.CaseState;
import walnut.server.api.CaseSummary;
import walnut.server.api.ClinicalContextRecord;
import walnut.server.api.PredictionDocument;
import walnut.server.api.PredictionRecord;
import walnut.server.api.ResultWording;
import walnut.server.api.Review;
import walnut.server.api.ReviewDraft;
import walnut.server.frames.CaseFrames;
import walnut.server.frames.Pane;

/**
 * A case, ready to lay out: the result in words, what it rests on, and what must surround it.
 *
 * @param patient whose study it is; null for whoever is not told
 * @param headline the outcome in a sentence
 * @param refusals reasons of a refusal or failure, each with what to do; empty for a completed case
 * @param viewer null where there is nothing to show
 * @param viewerAbsence why there are no pictures, when there are none
 * @param review null where there is nothing to review
 */
public record CaseView(
        String caseId,
        @Nullable String patient,
        String studyDate,
        String receivedAt,
        String receivedIso,
        int instances,
        String state,
        String tone,
        String headline,
        String banner,
        @Nullable String score,
        String scoreKind,
        List<DecisionView> decisions,
        List<ReasonView> refusals,
        List<WarningView> warnings,
        List<FindingView> findings,
        List<SeriesView> series,
        List<GateView> gates,
        @Nullable ViewerView viewer,
        @Nullable String viewerAbsence,
        ModelView.@Nullable Reference model,
        List<Fact> provenance,
        List<Fact> digests,
        @Nullable String predictionHref,
        @Nullable ReviewView review,
        ContextView context) {

    public record DecisionView(String operatingPoint, String threshold, String verdict) {}

    public record ReasonView(
            String code, String meaning, @Nullable String detail, String advice) {}

    public record WarningView(String code, @Nullable String detail, String advice) {}

    /** @param below whether it lies below the threshold of the first operating point */
    public record FindingView(
            int number,
            String side,
            String score,
            String volume,
            String length,
            String slice,
            boolean below,
            ViewerView.@Nullable Place place) {}

    public record SeriesView(String role, String name, List<String> facts, List<String> evidence, boolean used) {}

    public record GateView(String name, String verdict, String tone, String read) {}

    public record Fact(String name, String value) {}

    /**
     * What readers said of a case and are saying now.
     *
     * @param mayWrite whether the one who looks may review and enter a context
     * @param draft of the one who looks
     * @param refusedReview what that one just sent in vain; likewise {@code refusedContext}
     * @param contexts what was entered about the patient, newest first
     */
    record Reading(
            boolean mayWrite,
            List<Review> reviews,
            Optional<ReviewDraft> draft,
            Optional<RefusedForm> refusedReview,
            List<ClinicalContextRecord> contexts,
            Optional<RefusedForm> refusedContext) {}

    static CaseView of(
            CaseDetail detail,
            Optional<CaseFrames> frames,
            @Nullable String viewerAbsence,
            int askedSlice,
            Reading reading) {
        CaseSummary summary = detail.summary();
        PredictionRecord prediction = detail.prediction();
        PredictionDocument document = prediction == null ? null : PredictionDocument.read(prediction.document());
        ViewerView viewer = frames.map(drawn -> ViewerView.of(
                        summary.caseId(),
                        drawn,
                        firstSlice(drawn, document, askedSlice),
                        hbvLabel(document),
                        seriesNumber(document)))
                .orElse(null);
        List<FindingView> findings = document == null ? List.of() : findings(document, frames, viewer);
        return new CaseView(
                summary.caseId(),
                Words.patient(summary),
                Words.dicomDate(summary.studyDate()),
                Words.minute(summary.receivedAt()),
                summary.receivedAt().toString(),
                summary.instances(),
                Words.state(summary.state()),
                Tone.of(summary),
                headline(summary),
                ResultWording.banner(summary.scoreKind()),
                summary.state() == CaseState.COMPLETED ? Words.score(summary.caseScore()) : null,
                ResultWording.scoreKind(summary.scoreKind()),
                document == null ? List.of() : decisions(document),
                document == null ? List.of() : refusals(summary, document),
                document == null ? List.of() : warnings(document),
                findings,
                document == null ? List.of() : series(document),
                document == null ? List.of() : gates(document),
                viewer,
                frames.isPresent() ? null : viewerAbsence,
                document == null || document.model() == null ? null : ModelView.reference(document.model()),
                prediction == null || document == null ? List.of() : provenance(prediction, document),
                document == null ? List.of() : digests(document),
                prediction == null ? null : Hrefs.prediction(prediction.predictionId()),
                ReviewView.of(prediction, findings, reading).orElse(null),
                ContextView.of(summary.caseId(), reading));
    }

    private static String headline(CaseSummary summary) {
        if (summary.hidesResult()) {
            return Words.outcome(summary);
        }
        return switch (summary.state()) {
            case NOT_ELIGIBLE -> "The model was not run on this case";
            case FAILED -> "The case could not be finished";
            default -> Words.outcome(summary);
        };
    }

    /** The slice asked for, else the one of the first candidate, else the middle. */
    private static int firstSlice(CaseFrames frames, @Nullable PredictionDocument document, int asked) {
        if (asked >= 0) {
            return asked;
        }
        if (document != null && !document.findings().isEmpty()) {
            ViewerView.Place place = place(frames, document.findings().get(0));
            if (place != null) {
                return place.slice();
            }
        }
        return frames.grid().slices() / 2;
    }

    private static String hbvLabel(@Nullable PredictionDocument document) {
        PredictionDocument.Series hbv =
                document == null ? null : document.series().get("HBV");
        Double b = hbv == null ? null : hbv.bValue();
        return b == null ? "HBV" : "HBV b " + Words.plain(b);
    }

    private static List<DecisionView> decisions(PredictionDocument document) {
        return document.decisions().stream()
                .map(decision -> new DecisionView(
                        decision.operatingPoint(),
                        Words.score(decision.threshold()),
                        decision.positive() ? "at or above" : "below"))
                .toList();
    }

    private static List<ReasonView> refusals(CaseSummary summary, PredictionDocument document) {
        if (summary.state() == CaseState.COMPLETED) {
            return List.of();
        }
        return document.reasons().stream()
                .map(reason -> new ReasonView(
                        reason.scheme() == null ? reason.code() : reason.code() + " · " + reason.scheme(),
                        reason.meaning() == null ? reason.code() : reason.meaning(),
                        reason.detail(),
                        Advice.on(reason.code())))
                .toList();
    }

    /** A warning is a code, or a code and what was seen: {@code CODE: detail}. */
    private static List<WarningView> warnings(PredictionDocument document) {
        return document.warnings().stream()
                .map(warning -> {
                    int colon = warning.indexOf(": ");
                    String code = colon < 0 ? warning : warning.substring(0, colon);
                    String detail = colon < 0 ? null : warning.substring(colon + 2);
                    return new WarningView(code, detail, Advice.on(code));
                })
                .toList();
    }

    private static @Nullable Integer seriesNumber(@Nullable PredictionDocument document) {
        PredictionDocument.Series t2w =
                document == null ? null : document.series().get("T2W");
        return t2w == null ? null : t2w.seriesNumber();
    }

    private static List<FindingView> findings(
            PredictionDocument document, Optional<CaseFrames> frames, @Nullable ViewerView viewer) {
        List<FindingView> views = new ArrayList<>();
        double threshold =
                document.decisions().isEmpty() ? 0 : document.decisions().get(0).threshold();
        for (PredictionDocument.Finding finding : document.findings()) {
            ViewerView.Place place = frames.map(drawn -> Optional.ofNullable(place(drawn, finding)))
                    .flatMap(found -> found)
                    .orElse(null);
            views.add(new FindingView(
                    views.size() + 1,
                    ResultWording.side(finding.side()),
                    Words.score(finding.confidence()),
                    ResultWording.volume(finding.volumeMm3()),
                    ResultWording.length(finding.longAxisMm()),
                    place == null || viewer == null
                            ? "slice not shown"
                            : viewer.sliceLabel(place.slice()).toLowerCase(Locale.ROOT),
                    finding.confidence() < threshold,
                    place));
        }
        return views;
    }

    private static ViewerView.@Nullable Place place(CaseFrames frames, PredictionDocument.Finding finding) {
        return ViewerView.place(frames.grid(), finding.peakLps() == null ? finding.centroidLps() : finding.peakLps());
    }

    private static List<SeriesView> series(PredictionDocument document) {
        return List.of(Pane.T2W, Pane.ADC, Pane.HBV).stream()
                .map(pane -> series(pane.pathSegment(), document.series().get(pane.pathSegment())))
                .toList();
    }

    private static SeriesView series(String role, PredictionDocument.@Nullable Series series) {
        if (series == null) {
            return new SeriesView(role, "none found", List.of(), List.of(), false);
        }
        List<String> facts = new ArrayList<>();
        if (series.seriesNumber() != null) {
            facts.add("series " + series.seriesNumber());
        }
        if (series.bValue() != null) {
            facts.add("b " + Words.plain(series.bValue()) + " s/mm²");
        }
        if (series.source() != null) {
            facts.add(series.source().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
        return new SeriesView(role, ResultWording.orUnknown(series.description()), facts, series.evidence(), true);
    }

    private static List<GateView> gates(PredictionDocument document) {
        return document.gates().stream()
                .map(gate -> new GateView(
                        gate.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        gate.verdict().toLowerCase(Locale.ROOT),
                        gate.verdict().toLowerCase(Locale.ROOT),
                        ResultWording.orUnknown(gate.read())))
                .toList();
    }

    private static List<Fact> provenance(PredictionRecord prediction, PredictionDocument document) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Prediction", prediction.predictionId()));
        facts.add(new Fact("Kind", prediction.kind().toLowerCase(Locale.ROOT)));
        facts.add(new Fact("Made", Words.minute(prediction.createdAt()) + " UTC"));
        if (document.caseScoreRaw() != null) {
            facts.add(new Fact("Raw case score", Double.toString(document.caseScoreRaw())));
        }
        document.runtime().forEach((name, value) -> facts.add(new Fact("Runtime " + name, String.valueOf(value))));
        double total = document.timingsMs().values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        if (total > 0) {
            facts.add(new Fact("Time, all stages", String.format(Locale.ROOT, "%.0f ms", total)));
        }
        return facts;
    }

    private static List<Fact> digests(PredictionDocument document) {
        PredictionDocument.Digests digests = document.digests();
        if (digests == null) {
            return List.of();
        }
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Model", ResultWording.orUnknown(digests.model())));
        facts.add(new Fact("Passport", ResultWording.orUnknown(digests.passport())));
        facts.add(new Fact("Configuration", ResultWording.orUnknown(digests.config())));
        addAll(facts, "Volume", digests.volumes());
        addAll(facts, "Tensor", digests.tensors());
        addAll(facts, "Output", digests.outputs());
        facts.add(new Fact("Input images", Integer.toString(digests.inputs().size())));
        return facts;
    }

    private static void addAll(List<Fact> facts, String prefix, Map<String, String> digests) {
        digests.forEach((name, digest) -> facts.add(new Fact(prefix + " " + name, ResultWording.orUnknown(digest))));
    }
}
