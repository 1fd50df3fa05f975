package walnut.prostate.series;

import java.util.List;
import walnut.volume.Volume;

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
        if (traces.size() < 2 || traces.size() != bValues.length) {
            throw new IllegalArgumentException("expected two or more traces, each with its b-value");
        }
        int voxels = traces.get(0).values().length;
        float[] values = new float[voxels];
        double[] logSignal = new double[bValues.length];
        for (int at = 0; at < voxels; at++) {
            values[at] = logSignals(traces, at, logSignal) ? (float) extrapolate(b, logSignal, bValues) : 0;
        }
        return new Volume(traces.get(0).geometry(), values);
    }

    /**
     * The apparent diffusion coefficient of the same fit in 1e-6 mm²/s, the unit of ADC maps; NaN where a trace has no
     * signal.
     */
    static float[] adc(List<Volume> traces, double[] bValues) {
        int voxels = traces.get(0).values().length;
        float[] values = new float[voxels];
        double[] logSignal = new double[bValues.length];
        for (int at = 0; at < voxels; at++) {
            values[at] = logSignals(traces, at, logSignal) ? (float) (-1e6 * slope(logSignal, bValues)) : Float.NaN;
        }
        return values;
    }

    private static boolean logSignals(List<Volume> traces, int at, double[] logSignal) {
        for (int trace = 0; trace < logSignal.length; trace++) {
            float signal = traces.get(trace).values()[at];
            if (!(signal > 0)) {
                return false;
            }
            logSignal[trace] = StrictMath.log(signal);
        }
        return true;
    }

    private static double extrapolate(double b, double[] logSignal, double[] bValues) {
        double slope = Math.min(0, slope(logSignal, bValues));
        double intercept = mean(logSignal) - slope * mean(bValues);
        return StrictMath.exp(intercept + slope * b);
    }

    private static double slope(double[] logSignal, double[] bValues) {
        double meanB = mean(bValues);
        double meanLog = mean(logSignal);
        double covariance = 0;
        double variance = 0;
        for (int at = 0; at < bValues.length; at++) {
            covariance += (bValues[at] - meanB) * (logSignal[at] - meanLog);
            variance += (bValues[at] - meanB) * (bValues[at] - meanB);
        }
        return covariance / variance;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
