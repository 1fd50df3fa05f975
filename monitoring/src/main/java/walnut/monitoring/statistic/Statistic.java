package walnut.monitoring.statistic;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * One number computed from n cases, or the reason that it does not exist. Undefined is never 0, NaN or an empty axis,
 * and a true 0 (the AUROC of a reversed ranking) is a value.
 *
 * <p>n counts what the statistic rests on: cases, subjects or lesions; for an undefined one, what was offered.
 */
public sealed interface Statistic {
    long n();

    /** The value, where there is one. */
    OptionalDouble value();

    /** The interval, where one is defined; a defined statistic may lack it (n = 1, or a variance of zero). */
    Optional<Interval> interval();

    /** Why there is no value. */
    Optional<Reason> reason();

    record Defined(double number, long n, Optional<Interval> interval) implements Statistic {
        public Defined {
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException("a defined statistic is finite, not " + number);
            }
        }

        @Override
        public OptionalDouble value() {
            return OptionalDouble.of(number);
        }

        @Override
        public Optional<Reason> reason() {
            return Optional.empty();
        }
    }

    record Undefined(Reason because, long n) implements Statistic {
        @Override
        public OptionalDouble value() {
            return OptionalDouble.empty();
        }

        @Override
        public Optional<Interval> interval() {
            return Optional.empty();
        }

        @Override
        public Optional<Reason> reason() {
            return Optional.of(because);
        }
    }

    /** A value without an interval. A result beyond the range of a double (finite but absurd inputs) is undefined. */
    static Statistic of(double value, long n) {
        return of(value, n, Optional.empty());
    }

    static Statistic of(double value, long n, Optional<Interval> interval) {
        return Double.isFinite(value) ? new Defined(value, n, interval) : new Undefined(Reason.OUT_OF_RANGE, n);
    }

    static Statistic undefined(Reason reason, long n) {
        return new Undefined(reason, n);
    }

    /** Undefined with {@code fault} when there is one, otherwise what {@code formula} gives. */
    static Statistic unless(Optional<Reason> fault, long n, Supplier<Statistic> formula) {
        return fault.isPresent() ? new Undefined(fault.get(), n) : formula.get();
    }

    /** {@code numerator / denominator}; 0/0 and x/0 are undefined. */
    static Statistic ratio(double numerator, double denominator, long n) {
        return denominator == 0 ? new Undefined(Reason.ZERO_DENOMINATOR, n) : of(numerator / denominator, n);
    }

    default boolean isDefined() {
        return value().isPresent();
    }

    /** The value of a statistic that the caller knows to be defined. */
    default double orThrow() {
        return value().orElseThrow(() -> new IllegalStateException("undefined: " + reason()));
    }
}
