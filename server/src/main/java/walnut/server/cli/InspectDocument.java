package walnut.server.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import walnut.prostate.series.Channel;
import walnut.prostate.series.InstancePixels;
import walnut.prostate.series.Reason;
import walnut.prostate.series.SelectedSeries;
import walnut.prostate.series.Selection;
import walnut.prostate.series.SeriesSelector;
import walnut.prostate.series.SeriesVolume;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudyFolder;
import walnut.prostate.series.StudySeries;

/** {@code inspect --json}; its schema is docs/schemas/inspect.schema.json. */
final class InspectDocument {
    private InspectDocument() {}

    static ObjectNode of(StudyFolder folder, boolean pixels) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode studies = document.putArray("studies");
        ArrayNode series = document.putArray("series");
        for (Study study : folder.studies()) {
            studies.add(study(study));
            study.series().forEach(one -> series.add(series(study, one, pixels)));
        }
        putTexts(document, "problems", folder.problems());
        return document;
    }

    private static ObjectNode study(Study study) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("studyInstanceUid", study.studyInstanceUid());
        putTexts(node, "problems", study.problems());
        node.set("selection", selection(new SeriesSelector().select(study)));
        return node;
    }

    private static ObjectNode selection(Selection selection) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        for (Channel channel : Channel.values()) {
            Optional<SelectedSeries> selected = selection.of(channel);
            if (selected.isPresent()) {
                node.set(channel.name(), selected(selected.get()));
            } else {
                node.putNull(channel.name());
            }
        }
        putReasons(node, selection);
        putTexts(node, "warnings", selection.warnings());
        return node;
    }

    static void putReasons(ObjectNode node, Selection selection) {
        ArrayNode reasons = node.putArray("reasons");
        for (Reason reason : selection.reasons()) {
            reasons.addObject()
                    .put("code", reason.code())
                    .put("scheme", reason.scheme())
                    .put("meaning", reason.meaning())
                    .put("detail", reason.detail());
        }
    }

    /** The chosen series as in {@code predict --json}. */
    static ObjectNode selected(SelectedSeries selected) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("seriesInstanceUid", selected.series().seriesInstanceUid());
        putSeriesNumber(node, selected.series());
        node.put("description", selected.series().description());
        if (selected.channel() == Channel.HBV) {
            VolumeDocument.putB(node, selected.bValue());
            node.put("source", selected.source().map(Enum::name).orElse(null));
        }
        putTexts(node, "evidence", selected.evidence());
        return node;
    }

    private static ObjectNode series(Study study, StudySeries series, boolean pixels) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("studyInstanceUid", study.studyInstanceUid());
        putSeriesNumber(node, series);
        node.put("seriesInstanceUid", series.seriesInstanceUid());
        node.put("description", series.description());
        node.put("role", series.role().name());
        ArrayNode bValues = node.putArray("bValues");
        series.bValues().forEach(b -> VolumeDocument.addB(bValues, b));
        node.put("plane", series.plane().map(Enum::name).orElse(null));
        ArrayNode volumes = node.putArray("volumes");
        for (SeriesVolume volume : series.volumes()) {
            // Frames that do not stack have no geometry to show; "problems" says why.
            volume.geometry().ifPresent(geometry -> {
                ObjectNode one = volumes.addObject();
                VolumeDocument.putB(one, volume.bValue());
                VolumeDocument.putGeometry(one, geometry);
            });
        }
        putTexts(node, "evidence", series.evidence());
        ArrayNode problems = putTexts(node, "problems", series.problems());
        InstancePixels digests = pixels ? InstancePixels.of(series) : new InstancePixels(Map.of(), Map.of());
        digests.problems().values().forEach(problem -> problems.add(problem.toString()));
        ArrayNode instances = node.putArray("instances");
        for (String uid : series.sopInstanceUids()) {
            instances
                    .addObject()
                    .put("sopInstanceUid", uid)
                    .put("pixelSha256", digests.sha256().get(uid));
        }
        return node;
    }

    private static void putSeriesNumber(ObjectNode node, StudySeries series) {
        if (series.seriesNumber().isPresent()) {
            node.put("seriesNumber", series.seriesNumber().getAsInt());
        } else {
            node.putNull("seriesNumber");
        }
    }

    private static ArrayNode putTexts(ObjectNode node, String key, Iterable<?> texts) {
        ArrayNode list = node.putArray(key);
        texts.forEach(text -> list.add(text.toString()));
        return list;
    }
}
