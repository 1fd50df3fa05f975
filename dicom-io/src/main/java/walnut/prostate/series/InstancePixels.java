package walnut.prostate.series;

import java.util.LinkedHashMap;
import java.util.Map;
import walnut.failure.WalnutException;

/**
 * The pixel digests of a series' instances (design: identity), whatever volumes they make.
 *
 * @param sha256 by SOPInstanceUID, in the order of the series' frames
 * @param problems by SOPInstanceUID, of instances whose pixels cannot be decoded and which have no digest
 */
public record InstancePixels(Map<String, String> sha256, Map<String, Problem> problems) {

    /** Reads the pixels of every instance of the series, one at a time. */
    public static InstancePixels of(StudySeries series) {
        Map<String, String> sha256 = new LinkedHashMap<>();
        Map<String, Problem> problems = new LinkedHashMap<>();
        for (Frame frame : series.frames()) {
            String uid = frame.sopInstanceUid();
            if (sha256.containsKey(uid) || problems.containsKey(uid)) {
                continue;
            }
            try {
                sha256.put(uid, VolumeBuilder.pixels(frame.pixels().file()).sha256());
            } catch (WalnutException refused) {
                problems.put(uid, new Problem(refused.code(), "instance " + uid + ": " + refused.getMessage()));
            }
        }
        return new InstancePixels(sha256, problems);
    }
}
