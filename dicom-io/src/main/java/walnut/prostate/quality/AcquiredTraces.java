package walnut.prostate.quality;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import walnut.prostate.series.Diffusion.Directionality;
import walnut.prostate.series.SeriesRole;
import walnut.prostate.series.SeriesVolume;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudySeries;
import walnut.volume.VolumeGeometry;

/**
 * The measured trace images of a study from which an ADC can be fitted: one grid, b ≤ 1000, no two of one b.
 *
 * @param volumes by ascending b-value; fewer than two when the study does not hold enough
 */
public record AcquiredTraces(List<SeriesVolume> volumes) {
    /** Up to here the decay is taken as mono-exponential (PI-RADS v2.1: ADC from b ≤ 1000). */
    private static final double HIGHEST_B = 1000;

    /** From here on perfusion no longer counts. */
    private static final double LOWEST_PERFUSION_FREE_B = 50;

    /** A low b-value up to here can stand in for b 0 (PI-RADS v2.1: 50 to 100); without one, makers fit from b 0. */
    private static final double HIGHEST_LOW_B = 100;

    public AcquiredTraces {
        volumes = List.copyOf(volumes);
    }

    /**
     * @param adc whose frame of reference, and if there is a choice whose grid, the traces share
     */
    public static AcquiredTraces of(Study study, StudySeries adc, VolumeGeometry adcGeometry) {
        Map<VolumeGeometry, TreeMap<Double, SeriesVolume>> byGrid = new LinkedHashMap<>();
        for (StudySeries series : study.series()) {
            boolean trace = series.role() == SeriesRole.DWI || series.role() == SeriesRole.HBV;
            if (trace && series.computedByScanner().isEmpty() && sharesFrame(series, adc)) {
                for (SeriesVolume volume : series.volumes()) {
                    if (isTrace(volume)) {
                        byGrid.computeIfAbsent(volume.geometry().orElseThrow(), unused -> new TreeMap<>())
                                .putIfAbsent(volume.bValue().orElseThrow(), volume);
                    }
                }
            }
        }
        return new AcquiredTraces(byGrid.entrySet().stream()
                .max(Comparator.comparingInt((Map.Entry<VolumeGeometry, TreeMap<Double, SeriesVolume>> grid) ->
                                Math.min(2, grid.getValue().size()))
                        .thenComparing(grid -> grid.getKey().equals(adcGeometry))
                        .thenComparing(grid -> grid.getValue().size()))
                .map(grid -> perfusionFree(grid.getValue().values()))
                .orElse(List.of()));
    }

    public double[] bValues() {
        return volumes.stream()
                .mapToDouble(volume -> volume.bValue().orElseThrow())
                .toArray();
    }

    private static List<SeriesVolume> perfusionFree(Collection<SeriesVolume> ascending) {
        List<SeriesVolume> free = new ArrayList<>();
        for (SeriesVolume volume : ascending) {
            if (volume.bValue().orElseThrow() >= LOWEST_PERFUSION_FREE_B) {
                free.add(volume);
            }
        }
        boolean hasLow = free.size() >= 2 && free.get(0).bValue().orElseThrow() <= HIGHEST_LOW_B;
        return hasLow ? free : List.copyOf(ascending);
    }

    private static boolean sharesFrame(StudySeries series, StudySeries adc) {
        return series.frameOfReferenceUid().isEmpty()
                || adc.frameOfReferenceUid().isEmpty()
                || series.frameOfReferenceUid().equals(adc.frameOfReferenceUid());
    }

    private static boolean isTrace(SeriesVolume volume) {
        return volume.geometry().isPresent()
                && volume.bValue().isPresent()
                && volume.bValue().getAsDouble() <= HIGHEST_B
                && volume.frames().stream()
                        .noneMatch(frame -> frame.diffusion().directionality() == Directionality.DIRECTIONAL
                                && volume.bValue().getAsDouble() > 0);
    }
}
