package walnut.server.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.findings.CaseFindings;
import walnut.models.findings.Finding;
import walnut.models.inference.ModelOutput;
import walnut.models.passport.Passport;
import walnut.models.preprocess.ModelInput;
import walnut.models.preprocess.Preprocessor;
import walnut.prostate.eligibility.ClinicalContext;
import walnut.prostate.eligibility.EligibilityGates;
import walnut.prostate.eligibility.Gate;
import walnut.prostate.quality.AcquiredTraces;
import walnut.prostate.quality.AdcMap;
import walnut.prostate.quality.TechnicalCheck;
import walnut.prostate.quality.TechnicalParameter;
import walnut.prostate.series.CaseVolumes;
import walnut.prostate.series.Channel;
import walnut.prostate.series.Frame;
import walnut.prostate.series.Reason;
import walnut.prostate.series.SelectedSeries;
import walnut.prostate.series.Selection;
import walnut.prostate.series.SeriesSelector;
import walnut.prostate.series.SeriesVolume;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudySeries;
import walnut.prostate.series.VolumeBuilder;
import walnut.prostate.series.Warning;
import walnut.server.api.ClinicalContextRecord;
import walnut.server.api.DicomDate;
import walnut.server.api.PredictionDocument;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeDigest;
import walnut.volume.VolumeGeometry;
import walnut.volume.VoxelIndex;

/**
 * The corridor: an assembled study goes in, findings or a refusal come out. The order of the stages is written here and
 * nowhere else; each stage takes one immutable value and returns the next.
 *
 * <p>Blocks for as long as pixels are read and the model runs; never on an event loop.
 */
public final class CasePipeline {
    /** Anything that reaches a study's result and is neither study nor model; part of the configuration digest. */
    private static final String PIPELINE_VERSION = "pipeline-2";

    private static final String OUT_OF_INTENDED_USE = "OUT_OF_INTENDED_USE";

    private final ServedModel model;
    private final SeriesSelector selector;
    private final String configDigest;
    private final long memoryBytes;

    public CasePipeline(ServedModel model) {
        this(model, Runtime.getRuntime().maxMemory());
    }

    /** @param memoryBytes of which one study may take half */
    CasePipeline(ServedModel model, long memoryBytes) {
        this.model = model;
        this.selector = SeriesPolicy.selector(model.passport(), model.channelNames());
        this.memoryBytes = memoryBytes;
        this.configDigest = Digests.ofTexts(List.of(
                PIPELINE_VERSION,
                SeriesPolicy.of(model.passport()).toString(),
                model.finder().map(ServedModel::digest).orElse("")));
    }

    public ServedModel model() {
        return model;
    }

    /**
     * Digest of what reaches a result beside study and model: the series policy, this pipeline's version, and the model
     * whose candidates are scored.
     */
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
            judgeIntendedUse(draft);
            gatesOfHeaders(draft);
            List<Reason> reasons = reasons(input, selection);
            if (!reasons.isEmpty() || draft.gateFailed()) {
                return draft.refused(reasons);
            }
            requireMemory(selection);
            CaseVolumes volumes = draft.timed("volumes", () -> CaseVolumes.build(selection));
            draft.read(volumes);
            draft.gates.add(EligibilityGates.coverage(volumes.volumes()));
            Map<String, Volume> byChannel = draft.timed("quality", () -> withAdcHeldAgainstTraces(draft, volumes));
            if (draft.gateFailed()) {
                return draft.refused(List.of());
            }
            ServedModel caseModel = model.caseModel();
            ModelInput tensors = draft.timed("preprocess", () -> caseModel.prepare(byChannel));
            draft.beginDigests();
            draft.tensors.add(DigestPool.begin(() -> draft.named(caseModel, tensors.sha256())));
            ModelOutput output = draft.timed("inference", () -> caseModel.run(tensors));
            draft.outputs.add(DigestPool.begin(() -> draft.named(caseModel, output.sha256())));
            CaseFindings found = draft.timed("findings", () -> caseModel.findings(tensors, output));
            draft.gates.addAll(GlandGates.of(caseModel.passport(), found, byChannel));
            if (draft.gateFailed()) {
                return draft.refused(List.of());
            }
            return draft.completed(draft.timed("points", () -> scorePoints(draft, found, byChannel)));
        } catch (WalnutException e) {
            return e.code().isRefusal() ? draft.refused(List.of(refusal(e))) : draft.failed(e);
        }
    }

    /** What speaks against the study before it is looked at, each once. */
    private static List<Reason> reasons(CaseInput input, Selection selection) {
        List<Reason> reasons = new ArrayList<>(input.objections());
        selection.reasons().stream()
                .filter(reason ->
                        reasons.stream().noneMatch(known -> known.code().equals(reason.code())))
                .forEach(reasons::add);
        return reasons;
    }

    /** What one header of the T2W and one of the diffusion images decide, also of a study that is not whole. */
    private void gatesOfHeaders(Draft draft) {
        Optional<SelectedSeries> t2w = draft.selection.of(Channel.T2W);
        if (t2w.isEmpty()) {
            return;
        }
        Study study = draft.input.study();
        DataSet t2wHeader = draft.header(t2w.get());
        draft.gates.addAll(EligibilityGates.ofHeaders(t2wHeader));
        draft.gates.add(EligibilityGates.frameOfReference(t2w.get().series(), study));
        draft.gates.addAll(context(draft.input, t2wHeader).gates(contraindicated()));
        draft.selection.of(Channel.HBV).ifPresent(highB -> {
            SeriesVolume measured = measuredDiffusion(study, highB);
            draft.technical.addAll(
                    TechnicalCheck.of(study, t2w.get().volumes().get(0), t2wHeader, measured, draft.header(measured)));
        });
    }

    /** What the images say, and over it what people entered. */
    private static ClinicalContext context(CaseInput input, DataSet header) {
        ClinicalContext read = ClinicalContext.of(header);
        ClinicalContextRecord entered = input.context();
        return entered == null
                ? read
                : read.with(
                        entered.context(),
                        DicomDate.day(header.string(Tag.StudyDate).orElse(null)).orElse(null));
    }

    /** The images that were acquired rather than computed, as far as the study holds them. */
    private static SeriesVolume measuredDiffusion(Study study, SelectedSeries highB) {
        if (highB.series().computedByScanner().isEmpty()) {
            return highB.volumes().get(0);
        }
        return AcquiredTraces.of(
                        study, highB.series(), highB.volumes().get(0).geometry().orElseThrow())
                .volumes()
                .stream()
                .findFirst()
                .orElse(highB.volumes().get(0));
    }

    private Set<ClinicalContext.Condition> contraindicated() {
        List<Passport.Context> contexts = model.passport().intendedUse().contraindicatedContexts();
        return contexts == null
                ? EnumSet.allOf(ClinicalContext.Condition.class)
                : contexts.stream()
                        .map(context -> ClinicalContext.Condition.valueOf(context.name()))
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** The heap of which one study may take half. */
    long memoryBytes() {
        return memoryBytes;
    }

    /** What the chosen series take on the heap while the study is in the corridor. */
    static long memoryFor(Selection selection) {
        long bytes = 0;
        for (SelectedSeries chosen : selection.chosen().values()) {
            for (SeriesVolume volume : chosen.volumes()) {
                // As float, and once more while a copy is converted, computed or drawn.
                bytes += volume.geometry().map(VolumeGeometry::voxelCount).orElse(0L) * 2 * Float.BYTES;
            }
        }
        return bytes;
    }

    /** Half of the heap for one study: what the others and the model need stays free. */
    private void requireMemory(Selection selection) {
        long bytes = memoryFor(selection);
        if (bytes > memoryBytes / 2) {
            throw new WalnutException(
                    FailureCode.STUDY_TOO_LARGE,
                    "the chosen series need " + (bytes >> 20) + " MiB, one study may take " + (memoryBytes >> 21)
                            + " MiB; give the node more memory (-Xmx)");
        }
    }

    /**
     * The volumes for a model: as read, the ADC map in 1e-6 mm²/s.
     *
     * @throws WalnutException ADC_INCONSISTENT when the map is no ADC of the study's own traces
     */
    public static Map<String, Volume> modelVolumes(Study study, Selection selection, CaseVolumes volumes) {
        Map<String, Volume> byChannel = new HashMap<>(volumes.byChannelName());
        adcMap(study, selection, volumes).ifPresent(map -> {
            if (map.gate().failed()) {
                throw new WalnutException(
                        FailureCode.ADC_INCONSISTENT, map.gate().read());
            }
            byChannel.put(Channel.ADC.name(), map.adc());
        });
        return byChannel;
    }

    /** The study's ADC map held against the study's own traces; empty where the model needs none. */
    private static Optional<AdcMap> adcMap(Study study, Selection selection, CaseVolumes volumes) {
        Volume stored = volumes.volumes().get(Channel.ADC);
        Volume t2w = volumes.volumes().get(Channel.T2W);
        if (stored == null || t2w == null) {
            return Optional.empty();
        }
        StudySeries series = selection.of(Channel.ADC).orElseThrow().series();
        AcquiredTraces traces = AcquiredTraces.of(study, series, stored.geometry());
        List<Volume> read = traces.volumes().size() < 2
                ? List.of()
                : traces.volumes().stream().map(VolumeBuilder::build).toList();
        return Optional.of(
                AdcMap.of(stored, read, traces.bValues(), t2w.geometry().centre()));
    }

    private static Map<String, Volume> withAdcHeldAgainstTraces(Draft draft, CaseVolumes volumes) {
        Map<String, Volume> byChannel = new HashMap<>(volumes.byChannelName());
        adcMap(draft.input.study(), draft.selection, volumes).ifPresent(map -> {
            draft.gates.add(map.gate());
            map.inconsistency().ifPresent(read -> draft.warn(Warning.Code.ADC_INCONSISTENT, read));
            if (map.adc() != volumes.volumes().get(Channel.ADC)) {
                draft.warn(Warning.Code.ADC_UNIT_CONVERTED, "stored in " + map.unit() + ", used in 1e-6 mm2/s");
            }
            byChannel.put(Channel.ADC.name(), map.adc());
        });
        return byChannel;
    }

    /** Scores the points asked for; and, with a model that scores points, the candidates that its finder found. */
    private CaseFindings scorePoints(Draft draft, CaseFindings found, Map<String, Volume> byChannel) {
        if (!model.passport().scoresPoints()) {
            draft.input.points().forEach(point -> draft.score(point, found.scoreAt(point)));
            return found;
        }
        Preprocessor preprocessor = Preprocessor.of(model.passport(), byChannel);
        for (Lps point : draft.input.points()) {
            draft.score(
                    point,
                    isInside(found.t2wGeometry(), point)
                            ? OptionalDouble.of(scoreAround(draft, preprocessor, point))
                            : OptionalDouble.empty());
        }
        List<Double> scores = new ArrayList<>();
        for (Finding finding : found.findings()) {
            scores.add(scoreAround(draft, preprocessor, finding.centroidLps()));
        }
        return found.rescored(model.passport(), scores);
    }

    private double scoreAround(Draft draft, Preprocessor preprocessor, Lps point) {
        ModelInput patch = preprocessor.around(point);
        ModelOutput answer = model.run(patch);
        draft.points++;
        String number = "-" + draft.points;
        draft.tensors.add(DigestPool.begin(() -> numbered(patch.sha256(), number)));
        draft.outputs.add(DigestPool.begin(() -> numbered(answer.sha256(), number)));
        return model.pointScore(answer);
    }

    private static Map<String, String> numbered(Map<String, String> digests, String number) {
        Map<String, String> numbered = new TreeMap<>();
        digests.forEach((name, digest) -> numbered.put(name + number, digest));
        return numbered;
    }

    private static boolean isInside(VolumeGeometry geometry, Lps point) {
        VoxelIndex index = geometry.toIndex(point);
        return index.i() >= -0.5
                && index.j() >= -0.5
                && index.k() >= -0.5
                && index.i() <= geometry.columns() - 0.5
                && index.j() <= geometry.rows() - 0.5
                && index.k() <= geometry.slices() - 0.5;
    }

    /** The outcome of a study that could not even be read. */
    CaseOutcome failed(
            @Nullable String caseId, String studyInstanceUid, List<String> inputDigests, WalnutException failure) {
        Study unread = new Study(studyInstanceUid, List.of(), List.of());
        CaseInput input = new CaseInput(caseId, unread, List.of(), List.of(), List.of());
        Draft draft = new Draft(input, new Selection(Map.of(), List.of(), List.of()));
        draft.inputDigests = () -> inputDigests;
        return failure.code().isRefusal() ? draft.refused(List.of(refusal(failure))) : draft.failed(failure);
    }

    private static Reason refusal(WalnutException e) {
        return Reasons.of(e.code().name(), messageOf(e));
    }

    private static String messageOf(WalnutException e) {
        String message = e.getMessage();
        return message == null ? e.code().name() : message;
    }

    /**
     * Shipped models are made for phantoms: on anything else the result says so, and nothing leaves the node. Of a study
     * of which nothing was chosen every series counts.
     */
    private void judgeIntendedUse(Draft draft) {
        List<Frame> shown = draft.selection.chosen().isEmpty()
                ? draft.input.study().series().stream()
                        .flatMap(series -> series.frames().stream().limit(1))
                        .toList()
                : draft.selection.chosen().values().stream()
                        .map(chosen -> chosen.volumes().get(0).frames().get(0))
                        .toList();
        boolean intended = shown.stream()
                .allMatch(frame -> model.isIntendedInput(
                        draft.header(frame).string(Tag.DeviceUID).orElse(null)));
        draft.intendedUse = intended;
        if (!intended) {
            draft.warnings.add(OUT_OF_INTENDED_USE);
        }
    }

    /** A document in the making: each stage adds what it knows, so that a refusal shows how far the study came. */
    private final class Draft {
        private final CaseInput input;
        private final Selection selection;
        private final List<Gate> gates = new ArrayList<>();
        private final List<TechnicalParameter> technical = new ArrayList<>();
        private final List<PredictionDocument.PointScore> scores = new ArrayList<>();
        private final Map<Path, DataSet> headers = new HashMap<>();
        private int points;
        private @Nullable Boolean intendedUse;
        private final List<String> warnings = new ArrayList<>();
        private final Map<String, String> geometries = new TreeMap<>();
        private final Map<String, Volume> volumes = new TreeMap<>();
        private final List<Supplier<Map<String, String>>> volumeDigests = new ArrayList<>();
        private final List<Supplier<Map<String, String>>> tensors = new ArrayList<>();
        private final List<Supplier<Map<String, String>>> outputs = new ArrayList<>();
        private final Map<String, Double> timingsMs = new LinkedHashMap<>();
        private Supplier<List<String>> inputDigests;

        Draft(CaseInput input, Selection selection) {
            this.input = input;
            this.selection = selection;
            this.inputDigests = input::instanceDigests;
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

        /** The header of the first image, read once. */
        DataSet header(SelectedSeries chosen) {
            return header(chosen.volumes().get(0));
        }

        DataSet header(SeriesVolume volume) {
            return header(volume.frames().get(0));
        }

        DataSet header(Frame frame) {
            return headers.computeIfAbsent(frame.pixels().file(), file -> Headers.of(frame));
        }

        /** Digests by tensor; those of a finder carry its id, so that two models may use one name. */
        Map<String, String> named(ServedModel by, Map<String, String> digests) {
            if (by == model) {
                return digests;
            }
            Map<String, String> named = new TreeMap<>();
            digests.forEach((name, digest) -> named.put(by.passport().id() + "/" + name, digest));
            return named;
        }

        void warn(Warning.Code code, String detail) {
            warnings.add(new Warning(code, detail).toString());
        }

        void score(Lps point, OptionalDouble score) {
            scores.add(PredictionDocuments.point(point, score));
        }

        void read(CaseVolumes read) {
            read.byChannelName().forEach((channel, volume) -> {
                geometries.put(channel, VolumeDigest.sha256(volume.geometry()));
                volumes.put(channel, volume);
            });
        }

        boolean gateFailed() {
            return gates.stream().anyMatch(Gate::failed);
        }

        /** Refused by the gates that failed, and for these reasons. */
        CaseOutcome refused(List<Reason> reasons) {
            List<Reason> all = gates.stream()
                    .filter(Gate::failed)
                    .map(gate -> Reasons.of(gate.refusalCode(), gate.read()))
                    .collect(Collectors.toCollection(ArrayList::new));
            all.addAll(reasons);
            return new CaseOutcome.NotEligible(document("NOT_ELIGIBLE", all, null));
        }

        CaseOutcome failed(WalnutException e) {
            Reason reason = Reasons.of(e.code().name(), messageOf(e));
            return new CaseOutcome.Failed(document("FAILED", List.of(reason), null), e.code());
        }

        CaseOutcome completed(CaseFindings findings) {
            return new CaseOutcome.Completed(document("COMPLETED", List.of(), findings), findings);
        }

        private Map<String, String> all(List<Supplier<Map<String, String>>> digests) {
            Map<String, String> all = new TreeMap<>();
            digests.forEach(some -> all.putAll(some.get()));
            return all;
        }

        /**
         * Begins to digest what was read. Not earlier than when the network runs: until then reading and decoding can use
         * every core, and a network seldom does.
         */
        void beginDigests() {
            input.digested().begin();
            if (volumeDigests.isEmpty()) {
                volumes.forEach((channel, volume) ->
                        volumeDigests.add(DigestPool.begin(() -> Map.of(channel, VolumeDigest.sha256(volume)))));
            }
        }

        /** Waits for digests still under way. */
        private PredictionDocument.Digests digests() {
            beginDigests();
            return timed(
                    "digests",
                    () -> new PredictionDocument.Digests(
                            inputDigests.get(),
                            geometries,
                            all(volumeDigests),
                            all(tensors),
                            model.onnxSha256(),
                            model.digest(),
                            configDigest,
                            all(outputs)));
        }

        private PredictionDocument document(String outcome, List<Reason> reasons, @Nullable CaseFindings findings) {
            return PredictionDocuments.of(
                    outcome,
                    input,
                    selection,
                    gates,
                    technical,
                    model,
                    intendedUse,
                    findings,
                    scores,
                    reasons,
                    warnings,
                    digests(),
                    timingsMs);
        }
    }
}
