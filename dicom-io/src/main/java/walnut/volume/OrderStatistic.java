package walnut.volume;

/**
 * The value of a rank among many, found without sorting them all.
 *
 * <p>Source: Hoare, "Algorithm 65: Find", CACM 4 (1961), with the middle of three as pivot.
 */
public final class OrderStatistic {
    private OrderStatistic() {}

    /** As {@link #of(double[], int, int)}, of all values. */
    public static double of(double[] values, int rank) {
        return of(values, values.length, rank);
    }

    /**
     * The value of a rank, counted from 0; afterwards nothing before that place is greater and nothing behind it smaller.
     *
     * @param values in any order, no NaN among them; reordered
     * @param count how many of them count, from the first on
     */
    public static double of(double[] values, int count, int rank) {
        int first = 0;
        int last = count - 1;
        while (first < last) {
            double pivot = middle(values[first], values[(first + last) >>> 1], values[last]);
            int up = first;
            int down = last;
            while (up <= down) {
                while (values[up] < pivot) {
                    up++;
                }
                while (values[down] > pivot) {
                    down--;
                }
                if (up <= down) {
                    double moved = values[up];
                    values[up++] = values[down];
                    values[down--] = moved;
                }
            }
            if (rank <= down) {
                last = down;
            } else if (rank >= up) {
                first = up;
            } else {
                break;
            }
        }
        return values[rank];
    }

    /** The mean of the two middle values, or the one in the middle; NaN of none. Reorders as {@link #of}. */
    public static double median(double[] values, int count) {
        if (count == 0) {
            return Double.NaN;
        }
        double upper = of(values, count, count / 2);
        if (count % 2 == 1) {
            return (upper + upper) / 2;
        }
        // Before the selected place lies nothing greater: the other middle value is the greatest of it.
        double lower = values[0];
        for (int n = 1; n < count / 2; n++) {
            lower = Math.max(lower, values[n]);
        }
        return (lower + upper) / 2;
    }

    private static double middle(double a, double b, double c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
