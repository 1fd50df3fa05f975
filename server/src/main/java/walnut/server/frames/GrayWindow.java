package walnut.server.frames;

import java.util.Arrays;
import walnut.volume.Volume;

/**
 * The range of values that is spread over the 256 grays: {@code lower} and below is black, {@code upper} and above white.
 * Values in the volume's own unit.
 */
public record GrayWindow(double lower, double upper) {
    /** ADC 0 to 3000 × 1e-6 mm²/s, the same for every patient: its grays can be compared between cases. */
    public static final GrayWindow ADC = new GrayWindow(0, 3000);

    /** Enough values for stable percentiles; a volume has millions. */
    private static final int SAMPLES = 65_536;

    public GrayWindow {
        if (!(lower < upper)) {
            throw new IllegalArgumentException("a window runs from low to high, got " + lower + " to " + upper);
        }
    }

    /**
     * The window between two percentiles (0 to 1) of the volume's finite values, from an even sample of at most
     * {@value #SAMPLES} of them. A constant volume gets a window of width 1 above its value.
     */
    public static GrayWindow percentiles(Volume volume, double lower, double upper) {
        float[] values = volume.values();
        int step = Math.max(1, values.length / SAMPLES);
        // An even step that divides the row length would sample single columns only.
        if (step % 2 == 0) {
            step++;
        }
        float[] sample = new float[(values.length + step - 1) / step];
        int count = 0;
        for (int index = 0; index < values.length; index += step) {
            if (Float.isFinite(values[index])) {
                sample[count++] = values[index];
            }
        }
        if (count == 0) {
            return new GrayWindow(0, 1);
        }
        Arrays.sort(sample, 0, count);
        double low = sample[(int) Math.round(lower * (count - 1))];
        double high = sample[(int) Math.round(upper * (count - 1))];
        return low < high ? new GrayWindow(low, high) : new GrayWindow(low, low + 1);
    }

    /** Gray 0 to 255, rounded to nearest; black where there is no value (NaN). */
    public int gray(float value) {
        if (!(value > lower)) {
            return 0;
        }
        if (value >= upper) {
            return 255;
        }
        return (int) ((value - lower) / (upper - lower) * 255 + 0.5);
    }
}
