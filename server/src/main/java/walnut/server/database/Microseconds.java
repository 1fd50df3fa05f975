package walnut.server.database;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times in the database: integer microseconds since 1970 UTC. */
final class Microseconds {
    private Microseconds() {}

    static long of(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Instant toInstant(long microseconds) {
        return Instant.EPOCH.plus(microseconds, ChronoUnit.MICROS);
    }
}
