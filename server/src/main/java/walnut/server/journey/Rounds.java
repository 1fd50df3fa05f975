package walnut.server.journey;

import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one kind of work round after round, on a thread of its own: at once again while there was something to do, otherwise
 * when its bell rings or a time is over. A round that fails is tried again after a pause: a database that is away, or a full
 * disk, would fail the next as well, and thousands of times the same is no log. Several may share a bell.
 */
public final class Rounds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private final Bell bell;
    private final Round round;
    private final Supplier<Duration> pause;
    private final Thread thread;
    private volatile boolean stopping;

    /** One round of the work. */
    public interface Round {
        /** Returns whether there may be more to do at once. */
        boolean work() throws InterruptedException;
    }

    /**
     * @param name of the thread
     * @param pause how long to wait at most after a round without anything to do
     */
    public Rounds(String name, Bell bell, Round round, Supplier<Duration> pause) {
        this.bell = bell;
        this.round = round;
        this.pause = pause;
        this.thread = new Thread(this::run, name);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        boolean failedBefore = false;
        try {
            while (!stopping) {
                long heard = bell.rings();
                boolean failed = false;
                boolean more = false;
                try {
                    more = round.work();
                } catch (RuntimeException e) {
                    failed = true;
                    if (failedBefore) {
                        LOG.warn("{} still cannot go on: {}", thread.getName(), e.toString());
                    } else {
                        LOG.error("{} cannot go on; trying again", thread.getName(), e);
                    }
                }
                failedBefore = failed;
                if (!more && !stopping) {
                    bell.await(heard, failed ? AFTER_FAILURE : pause.get());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the round at hand be the last, and returns at once. */
    public void stop() {
        stopping = true;
        bell.ring();
    }

    /** Lets the round at hand end. */
    @Override
    public void close() {
        stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
