package walnut.prostate.series;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import walnut.volume.Volume;

/**
 * The volumes that a model asked for, in one frame of reference, each on its own grid.
 *
 * @param selection what was chosen and why
 * @param volumeSha256 digest of geometry and values by channel, see {@code walnut.volume.VolumeDigest}
 */
public record CaseVolumes(
        Selection selection,
        String frameOfReferenceUid,
        Map<Channel, Volume> volumes,
        Map<Channel, String> volumeSha256,
        List<Warning> warnings) {

    public CaseVolumes {
        volumes = Map.copyOf(volumes);
        volumeSha256 = Map.copyOf(volumeSha256);
        warnings = List.copyOf(warnings);
    }

    /** By the names that passports use. */
    public Map<String, Volume> byChannelName() {
        return volumes.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(entry -> entry.getKey().name(), Map.Entry::getValue));
    }

    /**
     * Reads the pixels of a complete selection.
     *
     * @throws walnut.failure.WalnutException as {@link VolumeBuilder#build}; MIXED_FRAME_OF_REFERENCE when the chosen
     *     series do not share one
     */
    public static CaseVolumes build(Selection selection) {
        throw new UnsupportedOperationException("lands with walnut.dicom.pixel");
    }
}
