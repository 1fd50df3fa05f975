package walnut.prostate.quality;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import walnut.failure.FailureCode;
import walnut.prostate.eligibility.Gate;
import walnut.prostate.eligibility.Verdict;
import walnut.prostate.series.MonoExponentialFit;
import walnut.volume.Lps;
import walnut.volume.OrderStatistic;
import walnut.volume.Resample;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;
import walnut.volume.VoxelIndex;

/**
 * An ADC map, its unit settled and held against the ADC that the study's own traces give.
 *
 * <p>The map is compared where a prostate lies, in the middle of the T2W field of view, on voxels that have signal, with
 * the {@link MonoExponentialFit} of the traces there.
 *
 * @param adc in 1e-6 mm²/s
 * @param unit what the stored map was in, in words
 * @param gate ADC_CONSISTENCY: fails when the map is no ADC of these traces
 * @param inconsistency what to warn of when it is near but not the same
 */
public record AdcMap(Volume adc, String unit, Gate gate, Optional<String> inconsistency) {
    private static final String NAME = "ADC_CONSISTENCY";

    /** Half the width of the compared region, mm. */
    private static final double HALF_WIDTH_MM = 40;

    /** Share of the brightest tissue's signal at the lowest b below which a voxel is mostly noise. */
    private static final double SIGNAL_SHARE = 0.1;

    /** Scanners fit differently (weights, b = 0, noise floors); so far apart two fits of one acquisition may be. */
    private static final double SAME = 0.10;

    /** Farther than this no fit of the same traces lies: another contrast, another unit, another acquisition. */
    private static final double OTHER = 0.25;

    private static final int LEAST_VOXELS = 200;

    /** Tissue lies here whatever the organ, in 1e-6 mm²/s: between restricted tumour and free water with room to spare. */
    private static final double LEAST_TISSUE = 100;

    private static final double GREATEST_TISSUE = 5000;

    /**
     * @param stored the map as the study holds it
     * @param traces on any grid in the same frame of reference; fewer than two: nothing to compare with
     * @param bValues of the traces, s/mm², ascending
     * @param middle of the T2W field of view, LPS mm
     */
    public static AdcMap of(Volume stored, List<Volume> traces, double[] bValues, Lps middle) {
        VolumeGeometry region = region(stored.geometry(), middle);
        Volume map = Resample.onto(region, stored, 0);
        double median = medianOfPositive(map.values());
        double factor = factor(median);
        Volume adc = factor == 1 || Double.isNaN(factor) ? stored : times(stored, factor);
        if (Double.isNaN(factor)) {
            String read = String.format(
                    Locale.ROOT,
                    "median %.4g in the middle of the map: no tissue has that ADC in a known unit",
                    median);
            return new AdcMap(stored, "unknown unit", failed(read), Optional.empty());
        }
        String unit = factor == 1 ? "1e-6 mm2/s" : factor == 1e3 ? "1e-3 mm2/s" : "mm2/s";
        if (traces.size() < 2) {
            String read = String.format(
                    Locale.ROOT,
                    "median %.0f 1e-6 mm2/s (stored in %s); fewer than two acquired traces to recompute it from",
                    median * factor,
                    unit);
            return new AdcMap(adc, unit, new Gate(NAME, Verdict.UNKNOWN, read), Optional.empty());
        }
        Comparison found = compare(map.values(), factor, traces, bValues, region);
        return found.voxels() < LEAST_VOXELS
                ? new AdcMap(
                        adc,
                        unit,
                        new Gate(NAME, Verdict.UNKNOWN, "only " + found.voxels() + " voxels with signal to compare"),
                        Optional.empty())
                : judged(adc, unit, found, bValues);
    }

    private static AdcMap judged(Volume adc, String unit, Comparison found, double[] bValues) {
        String read = String.format(
                Locale.ROOT,
                "recomputed from b %s: median ratio %.3f, median deviation %.1f %% over %d voxels; stored in %s",
                Arrays.stream(bValues)
                        .mapToObj(b -> String.format(Locale.ROOT, "%.0f", b))
                        .reduce((one, next) -> one + ", " + next)
                        .orElse(""),
                found.medianRatio(),
                100 * found.medianDeviation(),
                found.voxels(),
                unit);
        if (found.medianDeviation() > OTHER) {
            return new AdcMap(adc, unit, failed(read), Optional.empty());
        }
        return new AdcMap(
                adc,
                unit,
                new Gate(NAME, Verdict.PASS, read),
                found.medianDeviation() > SAME ? Optional.of(read) : Optional.empty());
    }

    private static Gate failed(String read) {
        return new Gate(NAME, Verdict.FAIL, read, FailureCode.ADC_INCONSISTENT.name());
    }

    /** What brings the median to 1e-6 mm²/s; NaN when no unit does. */
    private static double factor(double median) {
        for (double factor : new double[] {1, 1e3, 1e6}) {
            if (median * factor >= LEAST_TISSUE && median * factor <= GREATEST_TISSUE) {
                return factor;
            }
        }
        return Double.NaN;
    }

    private record Comparison(int voxels, double medianRatio, double medianDeviation) {}

    private static Comparison compare(
            float[] map, double factor, List<Volume> traces, double[] bValues, VolumeGeometry region) {
        float[][] signal = new float[traces.size()][];
        for (int n = 0; n < signal.length; n++) {
            signal[n] = Resample.onto(region, traces.get(n), 0).values();
        }
        double least = SIGNAL_SHARE * percentile95(signal[0]);
        int ofSlice = region.columns() * region.rows();
        double[] ratios = IntStream.range(0, region.slices())
                .parallel()
                .mapToObj(slice -> ratios(map, factor, signal, bValues, least, slice * ofSlice, (slice + 1) * ofSlice))
                .flatMapToDouble(Arrays::stream)
                .toArray();
        double[] deviations = new double[ratios.length];
        for (int n = 0; n < ratios.length; n++) {
            deviations[n] = Math.abs(ratios[n] - 1);
        }
        int voxels = ratios.length;
        return new Comparison(voxels, OrderStatistic.median(ratios, voxels), OrderStatistic.median(deviations, voxels));
    }

    /** Of the voxels that have signal, the map's ADC over the one that the traces give. */
    private static double[] ratios(
            float[] map, double factor, float[][] signal, double[] bValues, double least, int from, int to) {
        MonoExponentialFit fit = new MonoExponentialFit(signal, bValues);
        double[] ratios = new double[to - from];
        int voxels = 0;
        for (int at = from; at < to; at++) {
            if (map[at] > 0 && signal[0][at] >= least && fit.at(at)) {
                double recomputed = -1e6 * fit.slope();
                if (recomputed > LEAST_TISSUE) {
                    ratios[voxels++] = map[at] * factor / recomputed;
                }
            }
        }
        return Arrays.copyOf(ratios, voxels);
    }

    private static double medianOfPositive(float[] values) {
        double[] positive = new double[values.length];
        int n = 0;
        for (float value : values) {
            if (value > 0) {
                positive[n++] = value;
            }
        }
        return n == 0 ? Double.NaN : OrderStatistic.of(positive, n, n / 2);
    }

    private static double percentile95(float[] values) {
        double[] ranked = new double[values.length];
        for (int n = 0; n < ranked.length; n++) {
            ranked[n] = values[n];
        }
        return OrderStatistic.of(ranked, (int) (0.95 * (ranked.length - 1)));
    }

    private static Volume times(Volume volume, double factor) {
        float[] values = new float[volume.values().length];
        for (int n = 0; n < values.length; n++) {
            values[n] = (float) (volume.values()[n] * factor);
        }
        return new Volume(volume.geometry(), values);
    }

    /** The voxels of the map, by its own grid, within reach of the middle of the T2W pictures; all slices. */
    private static VolumeGeometry region(VolumeGeometry map, Lps middle) {
        VoxelIndex index = map.toIndex(middle);
        int[] columns = range(index.i(), HALF_WIDTH_MM / map.spacingI(), map.columns());
        int[] rows = range(index.j(), HALF_WIDTH_MM / map.spacingJ(), map.rows());
        return new VolumeGeometry(
                columns[1] - columns[0] + 1,
                rows[1] - rows[0] + 1,
                map.slices(),
                map.spacingI(),
                map.spacingJ(),
                map.spacingK(),
                map.toPatient(columns[0], rows[0], 0),
                map.directionI(),
                map.directionJ(),
                map.directionK());
    }

    private static int[] range(double middle, double reach, int length) {
        int first = (int) Math.max(0, Math.min(length - 1.0, Math.ceil(middle - reach)));
        int last = (int) Math.max(first, Math.min(length - 1.0, Math.floor(middle + reach)));
        return new int[] {first, last};
    }
}
