package walnut.monitoring.statistic;

/** A two-sided confidence interval [lower, upper] at {@code level} (0.95 = 95 %), with the method that made it. */
public record Interval(double lower, double upper, double level, IntervalMethod method) {
    public Interval {
        if (!(Double.isFinite(lower) && Double.isFinite(upper)) || lower > upper) {
            throw new IllegalArgumentException("not an interval: [" + lower + ", " + upper + "]");
        }
    }

    /** The interval, or OUT_OF_RANGE when an end is beyond the range of a double (finite but absurd inputs). */
    public static Answer<Interval> finite(double lower, double upper, double level, IntervalMethod method) {
        return Double.isFinite(lower) && Double.isFinite(upper)
                ? Answer.of(new Interval(lower, upper, level, method))
                : Answer.undefined(Reason.OUT_OF_RANGE);
    }

    public double halfWidth() {
        return (upper - lower) / 2;
    }

    public boolean contains(double value) {
        return lower <= value && value <= upper;
    }
}
