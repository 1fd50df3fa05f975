package walnut.monitoring.statistic;

import java.util.Arrays;

/**
 * Sorts doubles by least-significant-digit radix over their order-preserving bits, 11 bits a pass (Knuth, The Art of
 * Computer Programming 3, 5.2.5). Linear, so ten million scores cost a fraction of a comparison sort. Needs one
 * scratch array of the same length. Values must not be NaN; −0.0 comes before 0.0, and both compare equal.
 */
public final class Sorting {
    private static final int DIGIT_BITS = 11;
    private static final int DIGITS = 6;
    private static final int RADIX = 1 << DIGIT_BITS;
    /** Below this the JDK's comparison sort is faster. */
    private static final int SMALL = 1 << 14;

    private Sorting() {}

    /** Sorts in place, ascending. */
    public static void sort(double[] values) {
        if (values.length < SMALL) {
            Arrays.sort(values);
            return;
        }
        int n = values.length;
        long[] from = new long[n];
        int[][] counts = new int[DIGITS][RADIX];
        for (int i = 0; i < n; i++) {
            long key = orderedBits(values[i]);
            from[i] = key;
            for (int d = 0; d < DIGITS; d++) {
                counts[d][digit(key, d)]++;
            }
        }
        long[] to = new long[n];
        for (int d = 0; d < DIGITS; d++) {
            if (counts[d][digit(from[0], d)] == n) {
                continue;
            }
            int[] next = counts[d];
            for (int value = 0, start = 0; value < RADIX; value++) {
                int count = next[value];
                next[value] = start;
                start += count;
            }
            for (int i = 0; i < n; i++) {
                to[next[digit(from[i], d)]++] = from[i];
            }
            long[] swap = from;
            from = to;
            to = swap;
        }
        for (int i = 0; i < n; i++) {
            values[i] = fromOrderedBits(from[i]);
        }
    }

    /** Indices of the values in ascending order; equal values keep their order. */
    public static int[] order(double[] values) {
        Integer[] boxed = new Integer[values.length];
        Arrays.setAll(boxed, i -> i);
        Arrays.sort(boxed, (a, b) -> compare(values[a], values[b]));
        int[] order = new int[values.length];
        Arrays.setAll(order, i -> boxed[i]);
        return order;
    }

    /** Numerical order: −0.0 and 0.0 are equal. */
    private static int compare(double a, double b) {
        return a < b ? -1 : a > b ? 1 : 0;
    }

    private static int digit(long key, int d) {
        return (int) (key >>> (d * DIGIT_BITS)) & (RADIX - 1);
    }

    /** Unsigned order of the result = numerical order of the value. */
    private static long orderedBits(double value) {
        long bits = Double.doubleToRawLongBits(value);
        return bits ^ ((bits >> 63) | Long.MIN_VALUE);
    }

    private static double fromOrderedBits(long key) {
        return Double.longBitsToDouble(key ^ ((~key >> 63) | Long.MIN_VALUE));
    }
}
