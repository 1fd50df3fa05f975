package walnut.prostate.series;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The series chosen for one channel, and why it and no other.
 *
 * @param volumes the one volume to use; for a {@link HighBSource#COMPUTED} high-b image the traces it is computed from,
 *     by ascending b
 * @param bValue of the high-b image in s/mm²; empty for T2W and ADC
 * @param source of the high-b image; empty for T2W and ADC
 * @param evidence rules fired, values read, and the losers with the reason each lost
 */
public record SelectedSeries(
        Channel channel,
        StudySeries series,
        List<SeriesVolume> volumes,
        OptionalDouble bValue,
        Optional<HighBSource> source,
        List<Evidence> evidence) {

    public SelectedSeries {
        volumes = List.copyOf(volumes);
        evidence = List.copyOf(evidence);
        if (volumes.isEmpty()) {
            throw new IllegalArgumentException("a selected series has a volume");
        }
    }

    /** Whether we extrapolate this image from lower b-values. */
    public boolean isComputed() {
        return source.equals(Optional.of(HighBSource.COMPUTED));
    }
}
