package walnut.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Syncs of one file or directory for many who wait for one. A sync that already runs may not cover what a newcomer wrote,
 * so a newcomer begins another beside it, up to a few at once: a kernel merges flushes that meet, and on a slow disk
 * nobody waits for more than one. Those who come while that many run share the next.
 *
 * <p>A sync counts as done when those that began before it have ended too, and as failed when one of them that it met
 * failed: a kernel tells a failure once, to whoever had the file open, and lets a sync that began a moment later succeed.
 */
public final class SharedSync {
    /** A sync of one file or directory. */
    public interface Sync {
        void run() throws IOException;
    }

    /** One sync and those who wait for it; guarded by the lock of the whole. */
    private static final class Round {
        private boolean begun;
        private boolean done;
        private @Nullable IOException failure;
        /** The one that began last before this one, while it runs. */
        private @Nullable Round before;
    }

    /** So that four senders on a slow disk do not wait for each other's syncs. */
    private static final int AT_ONCE = 4;

    private final Sync sync;
    private final int atOnce;
    private int running;
    private Round gathering = new Round();
    private @Nullable Round latest;

    public SharedSync(Sync sync) {
        this(sync, AT_ONCE);
    }

    /** @param atOnce how many syncs may run at a time */
    SharedSync(Sync sync, int atOnce) {
        this.sync = sync;
        this.atOnce = atOnce;
    }

    /**
     * Returns when a sync that began after this call has ended.
     *
     * @throws IOException when that sync failed: it then failed for all who waited for it
     */
    public void await() throws IOException {
        Round mine = followOrBegin();
        if (!mine.done) {
            lead(mine);
        }
        if (mine.failure != null) {
            throw new IOException(mine.failure.getMessage(), mine.failure);
        }
    }

    /** A round that is done, or one that the caller has to lead. */
    private synchronized Round followOrBegin() {
        Round mine = gathering;
        boolean interrupted = false;
        while (mine.begun ? !mine.done : running == atOnce) {
            interrupted |= isInterruptedWaiting();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!mine.begun) {
            mine.begun = true;
            mine.before = latest;
            latest = mine;
            running++;
            gathering = new Round();
        }
        return mine;
    }

    private void lead(Round mine) {
        IOException failure = null;
        try {
            sync.run();
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            failure = new IOException("the sync did not end", e);
            throw e;
        } finally {
            end(mine, failure);
        }
    }

    private synchronized void end(Round mine, @Nullable IOException failure) {
        running--;
        notifyAll();
        boolean interrupted = false;
        while (mine.before != null && !mine.before.done) {
            interrupted |= isInterruptedWaiting();
        }
        mine.failure = failure == null && mine.before != null ? mine.before.failure : failure;
        mine.before = null;
        mine.done = true;
        if (latest == mine) {
            // Whoever begins from now on did not meet it.
            latest = null;
        }
        notifyAll();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a change. A sync is never long, and what is written must not be left in doubt by an interrupt. */
    private boolean isInterruptedWaiting() {
        try {
            wait();
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }
}
