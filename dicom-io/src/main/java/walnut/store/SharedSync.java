package walnut.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One sync for all who wait for it. Whoever comes while a sync runs cannot know whether it covers what they wrote, so they
 * wait for the next one, which one of them then does for all. A single writer syncs at once and hands nothing over.
 */
public final class SharedSync {
    /** A sync of one file or directory. */
    public interface Sync {
        void run() throws IOException;
    }

    /** Those who came while the same sync ran; guarded by the lock of the whole. */
    private static final class Round {
        private boolean done;
        private @Nullable IOException failure;
    }

    private final Sync sync;
    private boolean running;
    private Round gathering = new Round();

    public SharedSync(Sync sync) {
        this.sync = sync;
    }

    /**
     * Returns when a sync that began after this call has ended.
     *
     * @throws IOException when that sync failed: it then failed for all who waited for it, since the kernel tells a
     *     failure only once
     */
    public void await() throws IOException {
        Round mine = joinOrLead();
        if (!mine.done) {
            lead(mine);
        }
        if (mine.failure != null) {
            throw new IOException(mine.failure.getMessage(), mine.failure);
        }
    }

    /** A round that is done, or one that the caller has to lead. */
    private synchronized Round joinOrLead() {
        Round mine = gathering;
        boolean interrupted = false;
        while (running && !mine.done) {
            try {
                wait();
            } catch (InterruptedException e) {
                // A sync is never long, and what is written must not be left in doubt.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!mine.done) {
            running = true;
            gathering = new Round();
        }
        return mine;
    }

    private void lead(Round mine) {
        IOException failure = new IOException("the sync did not end");
        try {
            sync.run();
            failure = null;
        } catch (IOException e) {
            failure = e;
        } finally {
            end(mine, failure);
        }
    }

    private synchronized void end(Round mine, @Nullable IOException failure) {
        mine.done = true;
        mine.failure = failure;
        running = false;
        notifyAll();
    }
}
