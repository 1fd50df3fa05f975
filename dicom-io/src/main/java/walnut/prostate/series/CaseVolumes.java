package walnut.prostate.series;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.volume.Volume;
import walnut.volume.VolumeDigest;

/**
 * The volumes that a model asked for, in one frame of reference, each on its own grid.
 *
 * @param selection what was chosen and why
 * @param frameOfReferenceUid that they share; "" when none says
 * @param volumeSha256 {@link VolumeDigest} by channel
 * @param pixelSha256 by SOPInstanceUID, of every instance that was read
 * @param warnings of the selection and of reading
 */
public record CaseVolumes(
        Selection selection,
        String frameOfReferenceUid,
        Map<Channel, Volume> volumes,
        Map<Channel, String> volumeSha256,
        Map<String, String> pixelSha256,
        List<Warning> warnings) {

    public CaseVolumes {
        volumes = Collections.unmodifiableMap(new EnumMap<>(volumes));
        volumeSha256 = Collections.unmodifiableMap(new EnumMap<>(volumeSha256));
        pixelSha256 = Collections.unmodifiableMap(new LinkedHashMap<>(pixelSha256));
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
     * @throws WalnutException as {@link VolumeBuilder#build}; MIXED_FRAME_OF_REFERENCE when the chosen series do not share
     *     one; NOT_ELIGIBLE when the selection is not complete
     */
    public static CaseVolumes build(Selection selection) {
        if (!selection.complete() || selection.chosen().isEmpty()) {
            throw new WalnutException(
                    FailureCode.NOT_ELIGIBLE,
                    selection.reasons().stream().map(Reason::meaning).collect(Collectors.joining("; ")));
        }
        String frameOfReference = sharedFrameOfReference(selection);
        Map<Channel, Volume> volumes = new EnumMap<>(Channel.class);
        Map<Channel, String> volumeSha256 = new EnumMap<>(Channel.class);
        Map<String, String> pixelSha256 = new LinkedHashMap<>();
        for (Channel channel : Channel.values()) {
            selection.of(channel).ifPresent(selected -> {
                Volume volume = read(selected, pixelSha256);
                volumes.put(channel, volume);
                volumeSha256.put(channel, VolumeDigest.sha256(volume));
            });
        }
        return new CaseVolumes(selection, frameOfReference, volumes, volumeSha256, pixelSha256, selection.warnings());
    }

    /** The volume of one channel alone. */
    public static Volume read(SelectedSeries selected) {
        return read(selected, new LinkedHashMap<>());
    }

    private static Volume read(SelectedSeries selected, Map<String, String> pixelSha256) {
        List<Volume> parts = new ArrayList<>();
        for (SeriesVolume part : selected.volumes()) {
            VolumeBuilder.Built built = VolumeBuilder.read(part);
            pixelSha256.putAll(built.pixelSha256());
            parts.add(built.volume());
        }
        if (!selected.isComputed()) {
            return parts.get(0);
        }
        double[] bValues = selected.volumes().stream()
                .mapToDouble(part -> part.bValue().orElseThrow())
                .toArray();
        return HighBExtrapolation.at(selected.bValue().orElseThrow(), parts, bValues);
    }

    private static String sharedFrameOfReference(Selection selection) {
        List<String> stated = selection.chosen().values().stream()
                .map(selected -> selected.series().frameOfReferenceUid())
                .filter(uid -> !uid.isEmpty())
                .distinct()
                .toList();
        if (stated.size() > 1) {
            throw new WalnutException(
                    FailureCode.MIXED_FRAME_OF_REFERENCE,
                    "expected one FrameOfReferenceUID among the chosen series, found " + stated.size());
        }
        return stated.isEmpty() ? "" : stated.get(0);
    }
}
