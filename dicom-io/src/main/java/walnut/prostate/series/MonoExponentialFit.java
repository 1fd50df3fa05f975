package walnut.prostate.series;

import java.util.List;
import walnut.volume.Volume;

/**
 * The mono-exponential decay S(b) = S0·exp(−b·ADC) of each voxel: S0 and ADC from the least-squares line through
 * (b, ln S).
 *
 * <p>Volumes on one grid, in signal units; b in s/mm², ADC in mm²/s. StrictMath, so that the fit is the same on every
 * machine. Source: PI-RADS v2.1, mono-exponential model with b ≤ 1000.
 */
public final class MonoExponentialFit {
    private final float[][] signals;
    private final double[] bValues;
    private final double meanB;
    private final double varianceOfB;
    private final double[] logSignals;

    /**
     * @param signals of each trace by voxel, at least two traces
     * @param bValues of the traces, distinct
     */
    public MonoExponentialFit(float[][] signals, double[] bValues) {
        if (signals.length < 2 || signals.length != bValues.length) {
            throw new IllegalArgumentException("expected two or more traces, each with its b-value");
        }
        this.signals = signals.clone();
        this.bValues = bValues.clone();
        this.meanB = mean(bValues);
        double variance = 0;
        for (double b : bValues) {
            variance += (b - meanB) * (b - meanB);
        }
        this.varianceOfB = variance;
        this.logSignals = new double[bValues.length];
    }

    static MonoExponentialFit of(List<Volume> traces, double[] bValues) {
        return new MonoExponentialFit(traces.stream().map(Volume::values).toArray(float[][]::new), bValues);
    }

    /** Turns to a voxel; false where a trace has no signal, which has no logarithm and so no fit. */
    public boolean at(int voxel) {
        for (int trace = 0; trace < signals.length; trace++) {
            float signal = signals[trace][voxel];
            if (!(signal > 0)) {
                return false;
            }
            logSignals[trace] = StrictMath.log(signal);
        }
        return true;
    }

    /** The slope of ln S over b there: −ADC. */
    public double slope() {
        double meanLog = mean(logSignals);
        double covariance = 0;
        for (int trace = 0; trace < bValues.length; trace++) {
            covariance += (bValues[trace] - meanB) * (logSignals[trace] - meanLog);
        }
        return covariance / varianceOfB;
    }

    /** The signal there that the fit predicts at b. A negative ADC is noise and counts as 0, so that noise is not amplified. */
    double signal(double b) {
        double slope = Math.min(0, slope());
        double intercept = mean(logSignals) - slope * meanB;
        return StrictMath.exp(intercept + slope * b);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
