package walnut.server.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import walnut.models.findings.CaseFindings;
import walnut.models.findings.Finding;
import walnut.models.inference.RuntimeFingerprint;
import walnut.models.passport.Passport;
import walnut.prostate.eligibility.Gate;
import walnut.prostate.quality.TechnicalParameter;
import walnut.prostate.series.Channel;
import walnut.prostate.series.Evidence;
import walnut.prostate.series.Frame;
import walnut.prostate.series.Reason;
import walnut.prostate.series.SelectedSeries;
import walnut.prostate.series.Selection;
import walnut.server.api.ClinicalContextRecord;
import walnut.server.api.PredictionDocument;
import walnut.volume.Lps;

/** Writes what the corridor found in the form of {@code predict --json}: keys always there, unknown is null. */
final class PredictionDocuments {
    private PredictionDocuments() {}

    static PredictionDocument of(
            String outcome,
            CaseInput input,
            Selection selection,
            List<Gate> gates,
            List<TechnicalParameter> technical,
            ServedModel model,
            @Nullable Boolean intendedUse,
            @Nullable CaseFindings findings,
            List<PredictionDocument.PointScore> points,
            List<Reason> reasons,
            List<String> warnings,
            PredictionDocument.Digests digests,
            Map<String, Double> timingsMs) {
        Passport passport = model.passport();
        return new PredictionDocument(
                outcome,
                new PredictionDocument.Study(input.study().studyInstanceUid(), input.caseId()),
                context(input.context()),
                series(selection),
                gates.stream()
                        .map(gate -> new PredictionDocument.Gate(
                                gate.name(), gate.verdict().name(), gate.read()))
                        .toList(),
                technical.stream()
                        .map(parameter -> new PredictionDocument.TechnicalParameter(
                                parameter.sequence(),
                                parameter.name(),
                                parameter.verdict().name(),
                                parameter.read(),
                                parameter.limit()))
                        .toList(),
                new PredictionDocument.Model(passport.id(), passport.version(), model.digest()),
                passport.scoreKind().name(),
                intendedUse,
                findings == null ? null : findings.caseScore(),
                findings == null ? null : findings.caseScoreRaw(),
                findings == null ? List.of() : decisions(findings),
                findings == null
                        ? List.of()
                        : findings.findings().stream()
                                .map(finding -> finding(finding, selection))
                                .toList(),
                points,
                reasons.stream()
                        .map(reason -> new PredictionDocument.Reason(
                                reason.code(), reason.scheme(), reason.meaning(), reason.detail()))
                        .toList(),
                warnings,
                digests,
                runtime(model.runtime()),
                timingsMs);
    }

    private static PredictionDocument.@Nullable Context context(@Nullable ClinicalContextRecord entered) {
        return entered == null
                ? null
                : new PredictionDocument.Context(
                        entered.version(), entered.context().sha256());
    }

    private static Map<String, PredictionDocument.@Nullable Series> series(Selection selection) {
        Map<String, PredictionDocument.@Nullable Series> byRole = new LinkedHashMap<>();
        for (Channel channel : Channel.values()) {
            byRole.put(
                    channel.name(),
                    selection.of(channel).map(PredictionDocuments::series).orElse(null));
        }
        return byRole;
    }

    private static PredictionDocument.Series series(SelectedSeries chosen) {
        OptionalDouble bValue = chosen.bValue();
        return new PredictionDocument.Series(
                chosen.series().seriesInstanceUid(),
                chosen.series().seriesNumber().isPresent()
                        ? chosen.series().seriesNumber().getAsInt()
                        : null,
                chosen.series().description(),
                chosen.evidence().stream().map(Evidence::toString).toList(),
                bValue.isPresent() ? bValue.getAsDouble() : null,
                chosen.source().map(Enum::name).orElse(null));
    }

    private static List<PredictionDocument.Decision> decisions(CaseFindings findings) {
        return findings.decisions().stream()
                .map(decision -> new PredictionDocument.Decision(
                        decision.operatingPoint(), decision.threshold(), decision.positive()))
                .toList();
    }

    static PredictionDocument.PointScore point(Lps point, OptionalDouble score) {
        return new PredictionDocument.PointScore(array(point), score.isPresent() ? score.getAsDouble() : null);
    }

    private static PredictionDocument.Finding finding(Finding finding, Selection selection) {
        return new PredictionDocument.Finding(
                finding.confidence(),
                finding.side().name(),
                slice(finding, selection).orElse(null),
                finding.volumeMm3(),
                finding.longAxisMm(),
                array(finding.centroidLps()),
                array(finding.peakLps()));
    }

    /** The T2W image that shows the finding best, by the slice index that findings carry. */
    private static Optional<PredictionDocument.Slice> slice(Finding finding, Selection selection) {
        return selection.of(Channel.T2W).map(t2w -> {
            List<Frame> frames = t2w.volumes().get(0).frames();
            Frame frame = frames.get(Math.max(0, Math.min(frames.size() - 1, finding.t2wSlice())));
            return new PredictionDocument.Slice(
                    t2w.series().seriesNumber().isPresent()
                            ? t2w.series().seriesNumber().getAsInt()
                            : null,
                    frame.sopInstanceUid());
        });
    }

    private static Map<String, Object> runtime(RuntimeFingerprint runtime) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("walnut", runtime.walnut());
        values.put("ort", runtime.ort());
        values.put("provider", runtime.provider());
        values.put("optimizationLevel", runtime.optimizationLevel());
        values.put("intraOpThreads", runtime.intraOpThreads());
        values.put("jdk", runtime.jdk());
        values.put("os", runtime.os());
        values.put("arch", runtime.arch());
        values.put("cpu", runtime.cpu());
        return values;
    }

    private static double[] array(Lps point) {
        return new double[] {point.x(), point.y(), point.z()};
    }
}
