package walnut.server.security;

import java.time.Duration;
import java.time.Instant;

/**
 * What lasts for a time after it began. Of what began in the future the clock was set back since, and nobody can say how
 * long ago that was: it is over.
 */
public final class Recent {
    /** Clocks are slewed by less, and what began a moment ago must not end for it. */
    static final Duration SLEW = Duration.ofMinutes(1);

    private Recent() {}

    public static boolean isRecent(Instant began, Duration lasts, Instant now) {
        return !began.isAfter(now.plus(SLEW)) && now.isBefore(began.plus(lasts));
    }
}
