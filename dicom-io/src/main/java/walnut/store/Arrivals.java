package walnut.store;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.TreeSet;

/**
 * Hands each object its arrival, microseconds UTC and strictly increasing, and knows which are still unsettled: neither
 * indexed and synced nor cleaned away. Everything before the first unsettled arrival needs no look after a crash.
 */
final class Arrivals {
    private final Clock clock;
    private final TreeSet<Long> unsettled = new TreeSet<>();
    private long last;

    /** @param last latest arrival known from an earlier run */
    Arrivals(Clock clock, long last) {
        this.clock = clock;
        this.last = last;
    }

    synchronized long next() {
        last = Math.max(last + 1, ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
        unsettled.add(last);
        return last;
    }

    synchronized void settle(long arrival) {
        unsettled.remove(arrival);
    }

    /** Every arrival below this one is settled. */
    synchronized long settledBefore() {
        return unsettled.isEmpty() ? last + 1 : unsettled.first();
    }

    /** The day (UTC) under which a file of this arrival lies. */
    static LocalDate day(long arrival) {
        return LocalDate.ofInstant(Instant.EPOCH.plus(arrival, ChronoUnit.MICROS), ZoneOffset.UTC);
    }
}
