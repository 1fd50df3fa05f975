package walnut.server.results;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import walnut.dicom.data.DataSet;
import walnut.dicom.object.ImageReference;
import walnut.server.api.PredictionDocument;
import walnut.server.frames.CaseFrames;
import walnut.volume.Volume;

/**
 * One stored prediction with what is needed to show it elsewhere. Nothing in it depends on when or where it is read.
 *
 * @param predictionId names the result; the UIDs of its objects are derived from it
 * @param createdAt when the prediction was made
 * @param zone of the dates and times that are written
 * @param source header of an image of the study, a T2W where there is one
 * @param images the images used, by role
 * @param instanceNumbers by SOPInstanceUID, as viewers show them
 * @param frames empty where the study has no T2W to draw
 * @param heatmap on the T2W grid, LPS
 * @param outlinedFraction of its maximum down to which a candidate reaches, by the model's own rule
 */
public record StoredResult(
        String predictionId,
        Instant createdAt,
        ZoneId zone,
        PredictionDocument document,
        DataSet source,
        Map<String, List<ImageReference>> images,
        Map<String, Integer> instanceNumbers,
        String frameOfReferenceUid,
        Optional<CaseFrames> frames,
        Optional<Volume> heatmap,
        double outlinedFraction) {

    Optional<Integer> instanceNumber(String sopInstanceUid) {
        return Optional.ofNullable(instanceNumbers.get(sopInstanceUid));
    }
}
