package walnut.prostate.series;

import java.util.List;
import java.util.stream.IntStream;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

/**
 * The high-b image that lower b-values predict: S(b) = S0·exp(−b·ADC), S0 and ADC from the least-squares line through
 * (b, ln S) of each voxel.
 *
 * <p>Volumes on one grid, in signal units; b in s/mm², ADC in mm²/s. A voxel with a signal of zero or less in any trace
 * has no logarithm and becomes 0. A negative ADC is noise and counts as 0, so that noise is not amplified.
 * <p>Source: PI-RADS v2.1, section "Calculated high b-value images"; mono-exponential model with b ≤ 1000.
 * <p>StrictMath, so that the image is the same on every machine.
 */
final class HighBExtrapolation {
    private HighBExtrapolation() {}

    /**
     * @param traces at least two, all on the same grid
     * @param bValues of the traces, distinct
     * @param b to extrapolate to
     */
    static Volume at(double b, List<Volume> traces, double[] bValues) {
        VolumeGeometry grid = traces.get(0).geometry();
        float[] values = new float[traces.get(0).values().length];
        int ofSlice = grid.columns() * grid.rows();
        // Slices side by side: a logarithm and an exponential of each voxel are slow.
        IntStream.range(0, grid.slices()).parallel().forEach(slice -> {
            MonoExponentialFit fit = MonoExponentialFit.of(traces, bValues);
            for (int at = slice * ofSlice; at < (slice + 1) * ofSlice; at++) {
                values[at] = fit.at(at) ? (float) fit.signal(b) : 0;
            }
        });
        return new Volume(grid, values);
    }
}
