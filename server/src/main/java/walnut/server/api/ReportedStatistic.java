package walnut.server.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A statistic as it leaves the house: a value with its n and interval, or undefined with the reason. Undefined is never
 * shown as a number.
 *
 * @param n how many cases it rests on
 * @param reason why there is no value; null exactly when there is one
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ReportedStatistic(
        boolean defined,
        @Nullable Double value,
        long n,
        @Nullable Interval interval,
        @Nullable String reason) {

    public ReportedStatistic {
        if (defined != (value != null) || defined != (reason == null) || (!defined && interval != null)) {
            throw new IllegalArgumentException("a statistic has a value, or a reason why not");
        }
        if (value != null && !Double.isFinite(value)) {
            throw new IllegalArgumentException("a defined statistic is a finite number, got " + value);
        }
    }

    public static ReportedStatistic defined(double value, long n, @Nullable Interval interval) {
        return new ReportedStatistic(true, value, n, interval, null);
    }

    public static ReportedStatistic undefined(long n, String reason) {
        return new ReportedStatistic(false, null, n, null, reason);
    }

    /** {@code level} such as 0.95; {@code method} such as DeLong or Wilson. */
    public record Interval(double lower, double upper, double level, String method) {}
}
