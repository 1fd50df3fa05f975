package walnut.server.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import walnut.dicom.data.Tag;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.prostate.series.Channel;
import walnut.prostate.series.SelectedSeries;
import walnut.prostate.series.Selection;
import walnut.prostate.series.Study;
import walnut.prostate.series.VolumeBuilder;
import walnut.server.api.CaseDetail;
import walnut.server.api.CaseFilter;
import walnut.server.api.CasePage;
import walnut.server.api.CaseQueries;
import walnut.server.api.CaseState;
import walnut.server.api.CaseSummary;
import walnut.server.api.PredictionRecord;
import walnut.server.database.CaseTable;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.PredictionLine;
import walnut.server.database.PredictionTable;
import walnut.server.database.StoredCase;
import walnut.server.database.StoredPrediction;
import walnut.server.frames.CasePanes;
import walnut.server.frames.Pane;
import walnut.server.frames.PaneSource;
import walnut.store.StoredInstance;
import walnut.volume.Volume;

/** Answers what API and pages ask of cases, predictions and the volumes behind their pictures. */
public final class CaseArchive implements CaseQueries, PaneSource {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final CaseTable cases;
    private final PredictionTable predictions;
    private final DatabaseInstanceIndex instances;
    private final HeatmapFolder heatmaps;
    private final CasePipeline pipeline;
    private final Function<StoredInstance, Path> pathOf;

    public CaseArchive(
            CaseTable cases,
            PredictionTable predictions,
            DatabaseInstanceIndex instances,
            HeatmapFolder heatmaps,
            CasePipeline pipeline,
            Function<StoredInstance, Path> pathOf) {
        this.cases = cases;
        this.predictions = predictions;
        this.instances = instances;
        this.heatmaps = heatmaps;
        this.pipeline = pipeline;
        this.pathOf = pathOf;
    }

    /** States are derived from two tables, so a filtered page is gathered page by page until it is full. */
    @Override
    public CasePage cases(CaseFilter filter) {
        List<CaseSummary> found = new ArrayList<>();
        String before = filter.before();
        while (true) {
            List<StoredCase> page =
                    cases.newest(filter.studyInstanceUid(), filter.patientId(), before, CaseFilter.MAX_LIMIT);
            Map<String, PredictionLine> lines =
                    predictions.linesOf(page.stream().map(StoredCase::caseId).toList());
            for (StoredCase stored : page) {
                CaseSummary summary = summary(stored, Optional.ofNullable(lines.get(stored.caseId())));
                if (filter.states().isEmpty() || filter.states().contains(summary.state())) {
                    if (found.size() == filter.limit()) {
                        return new CasePage(found, found.get(found.size() - 1).caseId());
                    }
                    found.add(summary);
                }
            }
            if (page.size() < CaseFilter.MAX_LIMIT) {
                return new CasePage(found, null);
            }
            before = page.get(page.size() - 1).caseId();
        }
    }

    @Override
    public Map<CaseState, Long> countByState() {
        Map<CaseState, Long> counts = new EnumMap<>(CaseState.class);
        cases.countByStateAndOutcome()
                .forEach((key, count) ->
                        counts.merge(stateOf(key.state(), key.discarded(), key.outcome()), count, Long::sum));
        return counts;
    }

    @Override
    public Optional<CaseDetail> caseById(String caseId) {
        return cases.find(caseId).map(stored -> {
            List<StoredPrediction> all = predictions.ofCase(caseId);
            Optional<StoredPrediction> latest = all.stream().findFirst();
            return new CaseDetail(
                    summary(
                            stored,
                            Optional.ofNullable(
                                    predictions.linesOf(List.of(caseId)).get(caseId))),
                    latest.map(CaseArchive::record).orElse(null),
                    all.stream().map(StoredPrediction::predictionId).toList());
        });
    }

    @Override
    public Optional<PredictionRecord> predictionById(String predictionId) {
        return predictions.find(predictionId).map(CaseArchive::record);
    }

    private static PredictionRecord record(StoredPrediction stored) {
        return new PredictionRecord(
                stored.predictionId(), stored.caseId(), stored.kind().name(), stored.createdAt(), json(stored));
    }

    private static JsonNode json(StoredPrediction stored) {
        try {
            return JSON.readTree(stored.document());
        } catch (JsonProcessingException e) {
            throw new WalnutException(FailureCode.INTERNAL_ERROR, "a stored prediction is not JSON", e);
        }
    }

    private static CaseSummary summary(StoredCase stored, Optional<PredictionLine> latest) {
        @Nullable PredictionLine line = latest.orElse(null);
        StoredCase.Discard discard = stored.discard();
        return new CaseSummary(
                stored.caseId(),
                stored.patientId(),
                stored.issuerOfPatientId(),
                stored.studyInstanceUid(),
                stored.studyDate(),
                stateOf(stored.state(), discard != null, line == null ? null : line.outcome()),
                stored.instanceCount(),
                stored.firstReceivedAt(),
                updatedAt(stored, latest),
                line == null ? null : line.predictionId(),
                line == null ? null : line.kind().name(),
                line == null ? null : line.modelId(),
                line == null ? null : line.modelVersion(),
                line == null ? null : line.shown().scoreKind(),
                line == null ? null : line.caseScore(),
                line == null ? null : line.shown().positive(),
                explanation(stored, line));
    }

    private static @Nullable String explanation(StoredCase stored, @Nullable PredictionLine line) {
        StoredCase.Discard discard = stored.discard();
        FailureCode waitsFor = stored.waitsFor();
        if (discard != null) {
            return "put aside by " + discard.actor() + ": " + discard.reason();
        }
        if (stored.state() != walnut.server.database.CaseState.DONE) {
            return waitsFor == null ? null : tryingAgainAfter(waitsFor);
        }
        if (line == null) {
            return null;
        }
        return line.afterReview() && line.shown().explanation() == null
                ? "images came after the case was reviewed: look at it again"
                : line.shown().explanation();
    }

    private static String tryingAgainAfter(FailureCode code) {
        String met =
                switch (code) {
                    case STORAGE_FULL -> "this node's disk is full: make room, or let retention (retention.disk)";
                    case DATABASE_UNAVAILABLE -> "the database could not be asked: see that it runs";
                    default -> "the last attempt failed";
                };
        return met + "; the case is tried again by itself (" + code + ")";
    }

    private static CaseState stateOf(
            walnut.server.database.CaseState state, boolean discarded, @Nullable String outcome) {
        if (discarded) {
            return CaseState.DISCARDED;
        }
        return switch (state) {
            case RECEIVING -> CaseState.ASSEMBLING;
            case RUNNING -> CaseState.RUNNING;
            case DONE -> outcome == null ? CaseState.FAILED : CaseState.valueOf(outcome);
        };
    }

    @Override
    public Optional<String> revision(String caseId) {
        return cases.find(caseId)
                .flatMap(stored -> predictions.latestOf(caseId))
                .map(StoredPrediction::predictionId);
    }

    @Override
    public Optional<CasePanes> panes(String caseId) {
        Optional<StoredCase> stored = cases.find(caseId);
        Optional<StoredPrediction> latest = predictions.latestOf(caseId);
        if (stored.isEmpty() || latest.isEmpty()) {
            return Optional.empty();
        }
        List<Path> files = instances.ofStudy(stored.orElseThrow().studyInstanceUid()).stream()
                .map(pathOf)
                .toList();
        boolean removed = stored.orElseThrow().inputsRemovedAt() != null;
        if (removed || files.stream().anyMatch(file -> !Files.exists(file))) {
            throw new WalnutException(FailureCode.INPUT_GONE, "the images of this case are not stored any more");
        }
        String predictionId = latest.orElseThrow().predictionId();
        Map<Pane, Volume> volumes = new EnumMap<>(Pane.class);
        Selection selection = pipeline.select(Study.of(files));
        volumes.putAll(chosenVolumes(selection));
        heatmaps.read(predictionId).ifPresent(heatmap -> volumes.put(Pane.HEATMAP, heatmap));
        return Optional.of(new CasePanes(predictionId, volumes, t2wInstanceNumbers(selection)));
    }

    /** Empty unless every slice is an image of its own with a number of its own: frames and tiles share theirs. */
    private static List<Integer> t2wInstanceNumbers(Selection selection) {
        List<Integer> numbers = selection.of(Channel.T2W).stream()
                .flatMap(series -> series.volumes().get(0).frames().stream())
                .flatMapToInt(frame -> Headers.of(frame).integer(Tag.InstanceNumber).stream())
                .boxed()
                .toList();
        int slices = selection
                .of(Channel.T2W)
                .map(series -> series.volumes().get(0).frames().size())
                .orElse(0);
        return new HashSet<>(numbers).size() == slices ? numbers : List.of();
    }

    /** A refused study shows what could be read of it. */
    private static Map<Pane, Volume> chosenVolumes(Selection selection) {
        Map<Pane, Volume> volumes = new EnumMap<>(Pane.class);
        for (Channel channel : Channel.values()) {
            Optional<SelectedSeries> series = selection.of(channel);
            if (series.isEmpty() || series.orElseThrow().volumes().size() != 1) {
                continue;
            }
            try {
                volumes.put(
                        Pane.valueOf(channel.name()),
                        VolumeBuilder.build(series.orElseThrow().volumes().get(0)));
            } catch (WalnutException unreadable) {
                // The case page says why in its reasons; the other panes are still worth seeing.
                continue;
            }
        }
        return volumes;
    }

    private static Instant updatedAt(StoredCase stored, Optional<PredictionLine> latest) {
        return latest.map(PredictionLine::createdAt)
                .filter(made -> made.isAfter(stored.lastReceivedAt()))
                .orElse(stored.lastReceivedAt());
    }
}
