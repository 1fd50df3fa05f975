package walnut.server.database;

import java.time.Duration;

/**
 * For how long a claim holds, and how far ahead a due time can honestly lie.
 *
 * <p>A claim that ends later than {@code length} from now, or a case that is due later than {@code farthest}, was written
 * before the clock was set back: it counts as over, and as due.
 */
public record Lease(Duration length, Duration farthest) {}
