package walnut.server.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.object.ImageReference;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.prostate.series.CaseVolumes;
import walnut.prostate.series.Channel;
import walnut.prostate.series.Frame;
import walnut.prostate.series.SelectedSeries;
import walnut.prostate.series.Selection;
import walnut.server.api.PredictionDocument;
import walnut.server.database.PredictionTable;
import walnut.server.database.StoredPrediction;
import walnut.server.frames.CaseFrames;
import walnut.server.frames.CasePanes;
import walnut.server.frames.Pane;
import walnut.server.outbox.ResultSource;
import walnut.server.results.ResultObjects;
import walnut.server.results.StoredResult;
import walnut.store.StoredInstance;
import walnut.volume.Volume;

/** Gathers what a stored prediction's objects are made of: the prediction, its heatmap, the images it was made from. */
public final class StoredResults implements ResultSource {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PredictionTable predictions;
    private final StoredInputs inputs;
    private final HeatmapFolder heatmaps;
    private final CasePipeline pipeline;
    private final ZoneId zone;

    public StoredResults(
            PredictionTable predictions,
            StoredInputs inputs,
            HeatmapFolder heatmaps,
            CasePipeline pipeline,
            ZoneId zone) {
        this.predictions = predictions;
        this.inputs = inputs;
        this.heatmaps = heatmaps;
        this.pipeline = pipeline;
        this.zone = zone;
    }

    @Override
    public boolean inIntendedUse(String predictionId) {
        return Boolean.TRUE.equals(document(find(predictionId)).intendedUse());
    }

    @Override
    public List<DataSet> objects(String predictionId) {
        return ResultObjects.of(result(find(predictionId)));
    }

    private StoredPrediction find(String predictionId) {
        return predictions
                .find(predictionId)
                .orElseThrow(
                        () -> new WalnutException(FailureCode.NOT_FOUND, "there is no prediction " + predictionId));
    }

    private StoredResult result(StoredPrediction stored) {
        PredictionDocument document = document(stored);
        List<StoredInstance> instances = inputs.instances(stored, document);
        Map<String, StoredInstance> byUid = instances.stream()
                .collect(Collectors.toMap(StoredInstance::sopInstanceUid, Function.identity(), (first, same) -> first));
        CaseInput input = inputs.of(stored, document, instances);
        Selection selection = pipeline.select(input.study());
        Map<Channel, List<Frame>> frames = frames(selection);
        Map<String, List<ImageReference>> images = new LinkedHashMap<>();
        frames.forEach((channel, used) -> images.put(channel.name(), references(used, byUid)));
        Frame shown = frames.getOrDefault(Channel.T2W, List.of()).stream()
                .findFirst()
                .or(() -> input.study().series().stream()
                        .flatMap(series -> series.frames().stream())
                        .findFirst())
                .orElseThrow(() -> new WalnutException(FailureCode.INPUT_GONE, "no image of this study is left"));
        DataSet source = Headers.of(shown);
        Optional<Volume> heatmap = heatmaps.read(stored.predictionId());
        return new StoredResult(
                stored.predictionId(),
                stored.createdAt(),
                zone,
                document,
                source,
                images,
                instanceNumbers(frames.getOrDefault(Channel.T2W, List.of())),
                source.string(Tag.FrameOfReferenceUID).orElse(""),
                heatmap.isPresent() ? panes(stored, selection, heatmap.get()) : Optional.empty(),
                heatmap,
                pipeline.model().outlinedFraction());
    }

    private static PredictionDocument document(StoredPrediction stored) {
        try {
            return PredictionDocument.read(JSON.readTree(stored.document()));
        } catch (JsonProcessingException e) {
            throw new WalnutException(FailureCode.INTERNAL_ERROR, "a stored prediction is not JSON", e);
        }
    }

    private static Map<Channel, List<Frame>> frames(Selection selection) {
        Map<Channel, List<Frame>> frames = new EnumMap<>(Channel.class);
        for (Channel channel : Channel.values()) {
            selection
                    .of(channel)
                    .ifPresent(series -> frames.put(
                            channel,
                            series.volumes().stream()
                                    .flatMap(volume -> volume.frames().stream())
                                    .toList()));
        }
        return frames;
    }

    private static List<ImageReference> references(List<Frame> frames, Map<String, StoredInstance> byUid) {
        return frames.stream()
                .map(Frame::sopInstanceUid)
                .distinct()
                .flatMap(uid -> Optional.ofNullable(byUid.get(uid)).stream())
                .map(instance -> new ImageReference(
                        instance.seriesInstanceUid(), instance.sopClassUid(), instance.sopInstanceUid()))
                .toList();
    }

    private static Map<String, Integer> instanceNumbers(List<Frame> frames) {
        Map<String, Integer> numbers = new HashMap<>();
        for (Frame frame : frames) {
            OptionalInt number = frame.acquisition().instanceNumber();
            if (number.isPresent()) {
                numbers.put(frame.sopInstanceUid(), number.getAsInt());
            }
        }
        return numbers;
    }

    private static Optional<CaseFrames> panes(StoredPrediction stored, Selection selection, Volume heatmap) {
        Map<Pane, Volume> volumes = new EnumMap<>(Pane.class);
        for (Channel channel : Channel.values()) {
            Optional<SelectedSeries> series = selection.of(channel);
            series.ifPresent(chosen -> volumes.put(Pane.valueOf(channel.name()), CaseVolumes.read(chosen)));
        }
        volumes.put(Pane.HEATMAP, heatmap);
        return CaseFrames.of(new CasePanes(stored.predictionId(), volumes));
    }
}
