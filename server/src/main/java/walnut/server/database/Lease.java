package walnut.server.database;

import java.time.Duration;

/**
 * For how long a claim holds, and how far ahead a due time can honestly lie.
 *
 * <p>A claim that ends later than {@link #farthestEnd} from now, or a case that is due later than {@code farthest}, was
 * written before the clock was set back: it counts as over, and as due.
 */
public record Lease(Duration length, Duration farthest) {

    /**
     * How far ahead the end of an honest claim can lie. Another node's clock may run ahead of ours, or another worker have
     * looked at the clock after us and come first: as long as that is less than a lease, what it holds is its own.
     */
    Duration farthestEnd() {
        return farthestEnd(length);
    }

    static Duration farthestEnd(Duration length) {
        return length.multipliedBy(2);
    }
}
