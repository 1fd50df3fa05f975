package walnut.server.journey;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes whoever waits for work, all of them, before their time. A ring that nobody waits for is heard by the next wait. */
public final class Bell {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();
    private long rings;

    public void ring() {
        lock.lock();
        try {
            rings++;
            rung.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** To be read before looking for work, and handed to {@link #await}. */
    public long rings() {
        lock.lock();
        try {
            return rings;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it has been rung since {@code heard} was read, or the time is over. */
    public void await(long heard, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        if (!lock.tryLock(left, TimeUnit.NANOSECONDS)) {
            return;
        }
        try {
            while (rings == heard && left > 0) {
                left = rung.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
