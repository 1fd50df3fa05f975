package walnut.server.pipeline;

import java.util.concurrent.Semaphore;

/**
 * The memory that studies in the corridor share: a worker waits until its study fits beside those of the others. Counted
 * in MiB; a study that asks for more than there is waits for all of it, and is refused by the corridor itself.
 */
final class MemoryBudget {
    private static final int MIB = 20;

    private final int mebibytes;
    private final Semaphore free;

    MemoryBudget(long bytes) {
        this.mebibytes = (int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes >> MIB));
        this.free = new Semaphore(mebibytes, true);
    }

    interface Share extends AutoCloseable {
        @Override
        void close();
    }

    Share take(long bytes) throws InterruptedException {
        int share = (int) Math.min(mebibytes, (bytes >> MIB) + 1);
        free.acquire(share);
        return () -> free.release(share);
    }
}
