package walnut.server.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.failure.WalnutException;
import walnut.models.findings.CaseFindings;
import walnut.models.inference.ModelOutput;
import walnut.models.preprocess.ModelInput;
import walnut.prostate.eligibility.EligibilityGates;
import walnut.prostate.eligibility.Gate;
import walnut.prostate.eligibility.Verdict;
import walnut.prostate.series.CaseVolumes;
import walnut.prostate.series.Channel;
import walnut.prostate.series.Reason;
import walnut.prostate.series.SelectedSeries;
import walnut.prostate.series.Selection;
import walnut.prostate.series.SeriesSelector;
import walnut.prostate.series.Study;
import walnut.server.api.PredictionDocument;

/**
 * The corridor: an assembled study goes in, findings or a refusal come out. The order of the stages is written here and
 * nowhere else; each stage takes one immutable value and returns the next.
 *
 * <p>Blocks for as long as pixels are read and the model runs; never on an event loop.
 */
public final class CasePipeline {
    /** Anything that reaches a study's result and is neither study nor model; part of the configuration digest. */
    private static final String PIPELINE_VERSION = "pipeline-1";

    static final String OUT_OF_INTENDED_USE = "OUT_OF_INTENDED_USE";

    private final ServedModel model;
    private final SeriesSelector selector;
    private final String configDigest;

    public CasePipeline(ServedModel model) {
        this.model = model;
        this.selector = SeriesPolicy.selector(model.passport());
        this.configDigest = Digests.ofTexts(
                List.of(PIPELINE_VERSION, SeriesPolicy.of(model.passport()).toString()));
    }

    public ServedModel model() {
        return model;
    }

    /** Digest of what reaches a result beside study and model: the series policy and this pipeline's version. */
    public String configDigest() {
        return configDigest;
    }

    /** Chooses series from headers alone; cheap enough to ask whether a study is whole. */
    public Selection select(Study study) {
        return selector.select(study);
    }

    public CaseOutcome run(CaseInput input) {
        return run(input, select(input.study()));
    }

    /** Takes a study with its chosen series to findings; foreseen failures of a stage become {@link CaseOutcome.Failed}. */
    public CaseOutcome run(CaseInput input, Selection selection) {
        Draft draft = new Draft(input, selection);
        try {
            List<Reason> reasons = new ArrayList<>(input.objections());
            selection.reasons().stream()
                    .filter(reason ->
                            reasons.stream().noneMatch(known -> known.code().equals(reason.code())))
                    .forEach(reasons::add);
            if (!reasons.isEmpty()) {
                return draft.refused(reasons);
            }
            DataSet t2wHeader = header(selection, Channel.T2W);
            draft.gates.addAll(EligibilityGates.ofHeaders(t2wHeader));
            if (draft.gateFailed()) {
                return draft.refusedByGates();
            }
            CaseVolumes volumes = draft.timed("volumes", () -> CaseVolumes.build(selection));
            draft.read(volumes);
            draft.gates.add(EligibilityGates.coverage(volumes.volumes()));
            if (draft.gateFailed()) {
                return draft.refusedByGates();
            }
            warnUnlessIntended(draft, selection);
            ModelInput tensors = draft.timed("preprocess", () -> model.prepare(volumes.byChannelName()));
            draft.tensors.putAll(tensors.sha256());
            ModelOutput output = draft.timed("inference", () -> model.run(tensors));
            draft.outputs.putAll(output.sha256());
            CaseFindings findings = draft.timed("findings", () -> model.findings(tensors, output));
            return draft.completed(findings);
        } catch (WalnutException e) {
            return e.code().isRefusal() ? draft.refused(List.of(refusal(e))) : draft.failed(e);
        }
    }

    /** The outcome of a study that could not even be read. */
    CaseOutcome failed(
            @Nullable String caseId, String studyInstanceUid, List<String> inputDigests, WalnutException failure) {
        Study unread = new Study(studyInstanceUid, List.of(), List.of());
        CaseInput input = new CaseInput(caseId, unread, List.of(), List.of(), List.of());
        Draft draft = new Draft(input, new Selection(Map.of(), List.of(), List.of()));
        draft.inputDigests = inputDigests;
        return failure.code().isRefusal() ? draft.refused(List.of(refusal(failure))) : draft.failed(failure);
    }

    private static Reason refusal(WalnutException e) {
        return Reasons.of(e.code().name(), messageOf(e));
    }

    private static String messageOf(WalnutException e) {
        String message = e.getMessage();
        return message == null ? e.code().name() : message;
    }

    /** Shipped models are made for phantoms: on anything else the result says so, and nothing leaves the node. */
    private void warnUnlessIntended(Draft draft, Selection selection) {
        for (Channel channel : Channel.values()) {
            String deviceUid = header(selection, channel).string(Tag.DeviceUID).orElse(null);
            if (!model.passport().isIntendedInput(deviceUid)) {
                draft.warnings.add(OUT_OF_INTENDED_USE);
                return;
            }
        }
    }

    private static DataSet header(Selection selection, Channel channel) {
        SelectedSeries series = selection
                .of(channel)
                .orElseThrow(() -> new IllegalArgumentException("a complete selection holds " + channel));
        return Headers.of(series.volumes().get(0).frames().get(0));
    }

    /** A document in the making: each stage adds what it knows, so that a refusal shows how far the study came. */
    private final class Draft {
        private final CaseInput input;
        private final Selection selection;
        private final List<Gate> gates = new ArrayList<>();
        private final List<String> warnings = new ArrayList<>();
        private final Map<String, String> volumes = new TreeMap<>();
        private final Map<String, String> tensors = new TreeMap<>();
        private final Map<String, String> outputs = new TreeMap<>();
        private final Map<String, Double> timingsMs = new LinkedHashMap<>();
        private List<String> inputDigests;

        Draft(CaseInput input, Selection selection) {
            this.input = input;
            this.selection = selection;
            this.inputDigests = input.instanceDigests();
            selection.warnings().forEach(warning -> warnings.add(warning.toString()));
        }

        <T> T timed(String stage, Supplier<T> work) {
            long start = System.nanoTime();
            try {
                return work.get();
            } finally {
                timingsMs.put(stage, (System.nanoTime() - start) / 1e6);
            }
        }

        void read(CaseVolumes read) {
            read.volumeSha256().forEach((channel, digest) -> volumes.put(channel.name(), digest));
            read.warnings().forEach(warning -> warnings.add(warning.toString()));
        }

        boolean gateFailed() {
            return gates.stream().anyMatch(gate -> gate.verdict() == Verdict.FAIL);
        }

        CaseOutcome refusedByGates() {
            return refused(gates.stream()
                    .filter(gate -> gate.verdict() == Verdict.FAIL)
                    .map(gate -> Reasons.of("GATE_" + gate.name(), gate.read()))
                    .toList());
        }

        CaseOutcome refused(List<Reason> reasons) {
            return new CaseOutcome.NotEligible(document("NOT_ELIGIBLE", reasons, null));
        }

        CaseOutcome failed(WalnutException e) {
            Reason reason = Reasons.of(e.code().name(), messageOf(e));
            return new CaseOutcome.Failed(document("FAILED", List.of(reason), null), e.code());
        }

        CaseOutcome completed(CaseFindings findings) {
            return new CaseOutcome.Completed(document("COMPLETED", List.of(), findings), findings.heatmap());
        }

        private PredictionDocument document(String outcome, List<Reason> reasons, @Nullable CaseFindings findings) {
            return PredictionDocuments.of(
                    outcome,
                    input,
                    selection,
                    gates,
                    model,
                    findings,
                    reasons,
                    warnings,
                    new PredictionDocument.Digests(
                            inputDigests, volumes, tensors, model.onnxSha256(), model.digest(), configDigest, outputs),
                    timingsMs);
        }
    }
}
