package walnut.monitoring.statistic;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A result that is not a single number (a curve, an interval, a fitted line), or the reason that there is none: what
 * {@link Statistic} is to numbers.
 */
public sealed interface Answer<T> {
    record Given<T>(T content) implements Answer<T> {}

    record Refused<T>(Reason because) implements Answer<T> {}

    static <T> Answer<T> of(T result) {
        return new Given<>(result);
    }

    static <T> Answer<T> undefined(Reason reason) {
        return new Refused<>(reason);
    }

    static <T> Answer<T> unless(Optional<Reason> fault, Supplier<Answer<T>> formula) {
        return fault.isPresent() ? new Refused<>(fault.get()) : formula.get();
    }

    default Optional<T> result() {
        return this instanceof Given<T> given ? Optional.of(given.content()) : Optional.empty();
    }

    default Optional<Reason> reason() {
        return this instanceof Refused<T> refused ? Optional.of(refused.because()) : Optional.empty();
    }

    default <R> Answer<R> map(Function<T, R> change) {
        if (this instanceof Given<T> given) {
            return of(change.apply(given.content()));
        }
        return new Refused<>(((Refused<T>) this).because());
    }

    /** A further step that may itself have no answer. */
    default <R> Answer<R> then(Function<T, Answer<R>> step) {
        if (this instanceof Given<T> given) {
            return step.apply(given.content());
        }
        return new Refused<>(((Refused<T>) this).because());
    }

    /** One number out of the result; undefined for the same reason as the whole. */
    default Statistic statistic(long n, Function<T, Statistic> part) {
        if (this instanceof Given<T> given) {
            return part.apply(given.content());
        }
        return Statistic.undefined(((Refused<T>) this).because(), n);
    }

    /** The result of an answer that the caller knows to be given. */
    default T orThrow() {
        return result().orElseThrow(() -> new IllegalStateException("undefined: " + reason()));
    }
}
