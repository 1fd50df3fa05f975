package walnut.prostate.series;

import java.util.Collections;
import java.util.EnumMap;
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
 */
public record CaseVolumes(Selection selection, String frameOfReferenceUid, Map<Channel, Volume> volumes) {

    public CaseVolumes {
        volumes = Collections.unmodifiableMap(new EnumMap<>(volumes));
    }

    /** {@link VolumeDigest} by channel; computed anew each time it is asked for. */
    public Map<Channel, String> volumeSha256() {
        Map<Channel, String> digests = new EnumMap<>(Channel.class);
        volumes.forEach((channel, volume) -> digests.put(channel, VolumeDigest.sha256(volume)));
        return digests;
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
        for (Channel channel : Channel.values()) {
            selection.of(channel).ifPresent(selected -> volumes.put(channel, read(selected)));
        }
        return new CaseVolumes(selection, frameOfReference, volumes);
    }

    /** The volume of one channel alone. */
    public static Volume read(SelectedSeries selected) {
        List<Volume> parts =
                selected.volumes().stream().map(VolumeBuilder::build).toList();
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
