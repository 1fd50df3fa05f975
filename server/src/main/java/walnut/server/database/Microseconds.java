package walnut.server.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Times in the database: integer microseconds since 1970 UTC. */
final class Microseconds {
    private Microseconds() {}

    static long of(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Instant toInstant(long microseconds) {
        return Instant.EPOCH.plus(microseconds, ChronoUnit.MICROS);
    }

    static @Nullable Instant orNull(ResultSet row, String column) throws SQLException {
        long microseconds = row.getLong(column);
        return row.wasNull() ? null : toInstant(microseconds);
    }
}
