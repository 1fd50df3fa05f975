package walnut.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedSyncTest {
    private static final long PATIENCE_SECONDS = 30;
    private static final int NONE = 0;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** What was written when a sync began is durable when it ends; each waiter must find its own write there. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 100})
    void what_was_written_before_the_call_is_durable_when_it_returns(int limit) throws Exception {
        AtomicLong written = new AtomicLong();
        AtomicLong durable = new AtomicLong();
        AtomicInteger syncs = new AtomicInteger();
        AtomicInteger atOnce = new AtomicInteger();
        SharedSync sync = new SharedSync(
                () -> {
                    assertThat(atOnce.incrementAndGet()).isLessThanOrEqualTo(limit);
                    long seen = written.get();
                    Thread.yield();
                    durable.accumulateAndGet(seen, Math::max);
                    syncs.incrementAndGet();
                    atOnce.decrementAndGet();
                },
                limit);
        List<Future<?>> writers = new ArrayList<>();
        for (int writer = 0; writer < 8; writer++) {
            writers.add(threads.submit(() -> {
                for (int i = 0; i < 500; i++) {
                    long mine = written.incrementAndGet();
                    sync.await();
                    assertThat(durable.get()).isGreaterThanOrEqualTo(mine);
                }
                return null;
            }));
        }
        for (Future<?> writer : writers) {
            writer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(syncs.get()).isBetween(1, 8 * 500);
    }

    /** On a slow disk a newcomer does not wait for a sync that cannot cover it. */
    @Test
    void a_newcomer_begins_its_own_sync_beside_another_that_runs() throws Exception {
        CountDownLatch bothRun = new CountDownLatch(2);
        SharedSync sync = new SharedSync(
                () -> {
                    bothRun.countDown();
                    await(bothRun);
                },
                2);
        Future<?> first = threads.submit(() -> awaitSync(sync));
        Future<?> second = threads.submit(() -> awaitSync(sync));
        first.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        second.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The kernel told the first one of the failure, and would tell the second, which began later, of none. */
    @Test
    void a_sync_that_met_one_that_failed_counts_as_failed_and_the_next_does_not() throws Exception {
        FirstStays disk = new FirstStays(1);
        SharedSync sync = new SharedSync(disk, 2);
        Future<Boolean> first = threads.submit(() -> fails(sync));
        await(disk.firstRuns);
        Future<Boolean> second = threads.submit(() -> fails(sync));
        await(disk.secondHasRun);
        assertThat(second.isDone()).isFalse();
        disk.firstMayEnd.countDown();
        assertThat(first.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(second.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(fails(sync)).isFalse();
    }

    private static boolean fails(SharedSync sync) {
        try {
            sync.await();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void those_who_come_during_a_sync_share_the_next_one() throws Exception {
        FirstStays disk = new FirstStays(NONE);
        SharedSync sync = new SharedSync(disk, 1);
        Future<?> first = threads.submit(() -> awaitSync(sync));
        await(disk.firstRuns);
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Thread thread = new Thread(() -> awaitSync(sync));
            thread.start();
            waiting.add(thread);
        }
        awaitWaiting(waiting);
        disk.firstMayEnd.countDown();
        first.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        for (Thread thread : waiting) {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(disk.syncs.get()).isEqualTo(2);
    }

    @Test
    void a_failure_is_told_to_all_who_waited_for_that_sync_and_to_nobody_after() throws Exception {
        FirstStays disk = new FirstStays(2);
        SharedSync sync = new SharedSync(disk, 1);
        Future<?> first = threads.submit(() -> awaitSync(sync));
        await(disk.firstRuns);
        AtomicInteger failures = new AtomicInteger();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread thread = new Thread(() -> failures.addAndGet(fails(sync) ? 1 : 0));
            thread.start();
            waiting.add(thread);
        }
        awaitWaiting(waiting);
        disk.firstMayEnd.countDown();
        first.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        for (Thread thread : waiting) {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        }
        assertThat(failures.get()).isEqualTo(3);
        sync.await();
        assertThat(disk.syncs.get()).isEqualTo(3);
    }

    @Test
    void a_defect_within_a_sync_leaves_nobody_waiting() {
        AtomicInteger syncs = new AtomicInteger();
        SharedSync sync = new SharedSync(
                () -> {
                    if (syncs.incrementAndGet() == 1) {
                        throw new IllegalStateException("a defect");
                    }
                },
                1);
        assertThatThrownBy(sync::await).isInstanceOf(IllegalStateException.class);
        assertThat(threads.submit(() -> awaitSync(sync))).succeedsWithin(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** A disk whose first sync stays until it is let go, and on which one sync fails. */
    private static final class FirstStays implements SharedSync.Sync {
        private final CountDownLatch firstRuns = new CountDownLatch(1);
        private final CountDownLatch firstMayEnd = new CountDownLatch(1);
        private final CountDownLatch secondHasRun = new CountDownLatch(1);
        private final AtomicInteger syncs = new AtomicInteger();
        private final int failing;

        /** @param failing the number of the sync that fails, from 1 on */
        FirstStays(int failing) {
            this.failing = failing;
        }

        @Override
        public void run() throws IOException {
            int number = syncs.incrementAndGet();
            if (number == 1) {
                firstRuns.countDown();
                await(firstMayEnd);
            } else {
                secondHasRun.countDown();
            }
            if (number == failing) {
                throw new IOException("Input/output error");
            }
        }
    }

    private static void awaitSync(SharedSync sync) {
        try {
            sync.await();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("waited too long");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void awaitWaiting(List<Thread> threads) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(2);
        }
    }
}
