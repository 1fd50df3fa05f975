package walnut.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import walnut.dicom.data.Uid;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.SyncPace.Order;
import walnut.testing.InMemoryInstanceIndex;
import walnut.testing.MrInstances;

/** What holds when the three syncs of one object, or the commits of two, overlap. */
class CommitterTest {
    private static final long PATIENCE_SECONDS = 60;
    private static final byte[] BYTES = MrInstances.bytes(MrInstances.image(1, 500, 1));

    private final UnreliableDisk disk = new UnreliableDisk();
    private final CountDownLatch rowIsThere = new CountDownLatch(1);
    private final CountDownLatch secondRowWasJudged = new CountDownLatch(2);
    private final CountDownLatch firstMayEnd = new CountDownLatch(1);
    private final AtomicInteger fileSyncs = new AtomicInteger();
    private volatile boolean firstSyncFails;
    private final InMemoryInstanceIndex index = new InMemoryInstanceIndex() {
        @Override
        public synchronized List<Committed> commit(List<StoredInstance> group, ContentComparison contents) {
            List<Committed> outcomes = super.commit(group, contents);
            rowIsThere.countDown();
            secondRowWasJudged.countDown();
            return outcomes;
        }
    };
    private InstanceStore store = open(index, SyncPace.always(Order.SIDE_BY_SIDE), slowFirstFile());

    private InstanceStore open(InstanceIndex with, SyncPace pace, Disk on) {
        return InstanceStore.open(
                Path.of("/data"),
                with,
                new InstanceListener() {},
                new StoreConfig(4, 1 << 20, 0),
                Clock.systemUTC(),
                on,
                pace);
    }

    @AfterEach
    void close() {
        firstMayEnd.countDown();
        store.close();
    }

    @Test
    void a_resend_is_not_acknowledged_before_what_it_resends_is_durable() throws Exception {
        Future<StoredInstance> first = send(BYTES);
        await(rowIsThere);
        Future<StoredInstance> resend = send(BYTES);
        await(secondRowWasJudged);
        assertThat(resend.isComplete()).isFalse();

        firstMayEnd.countDown();
        assertThat(await(resend)).isEqualTo(await(first));
        assertThat(index.all()).containsExactly(first.result());
    }

    @Test
    void a_resend_fails_with_what_it_resends_and_may_come_again() throws Exception {
        firstSyncFails = true;
        Future<StoredInstance> first = send(BYTES);
        await(rowIsThere);
        Future<StoredInstance> resend = send(BYTES);
        await(secondRowWasJudged);
        firstMayEnd.countDown();

        assertThat(failure(first)).isEqualTo(FailureCode.STORAGE_FAILED);
        assertThat(failure(resend)).isEqualTo(FailureCode.STORAGE_FAILED);
        assertThat(index.all()).isEmpty();
        StoredInstance third = await(send(BYTES));
        assertThat(index.all()).containsExactly(third);
    }

    /** A commit may have happened although its sync failed: the row must go, before anything is answered by it. */
    @ParameterizedTest
    @EnumSource
    void a_row_whose_sync_failed_answers_no_resend(Order order) throws Exception {
        firstMayEnd.countDown();
        store.close();
        boolean[] failing = {true};
        boolean[] stuck = {true};
        InMemoryInstanceIndex unsynced = new InMemoryInstanceIndex() {
            @Override
            public void sync() {
                if (failing[0]) {
                    throw new WalnutException(FailureCode.STORAGE_FAILED, "the log could not be synced");
                }
            }

            @Override
            public synchronized void delete(Collection<StoredInstance> instances) {
                if (stuck[0] && !instances.isEmpty()) {
                    throw new WalnutException(FailureCode.DATABASE_UNAVAILABLE, "the database is gone");
                }
                super.delete(instances);
            }
        };
        store = open(unsynced, SyncPace.always(order), new UnreliableDisk());
        assertThat(failure(send(BYTES))).isEqualTo(FailureCode.STORAGE_FAILED);
        failing[0] = false;
        assertThat(failure(send(BYTES))).isEqualTo(FailureCode.DATABASE_UNAVAILABLE);
        stuck[0] = false;
        StoredInstance stored = await(send(BYTES));
        assertThat(unsynced.all()).containsExactly(stored);
    }

    @Test
    void on_a_fast_disk_no_row_is_added_before_file_and_directory_are_synced() {
        firstMayEnd.countDown();
        store.close();
        store = open(index, SyncPace.always(Order.IN_TURN), disk);
        disk.failSyncs(true);
        assertThat(failure(send(BYTES))).isEqualTo(FailureCode.STORAGE_FAILED);
        assertThat(rowIsThere.getCount()).isEqualTo(1);
        disk.failSyncs(false);
    }

    @Test
    void syncs_in_the_order_that_was_quickest_lately_and_tries_the_others_now_and_then() {
        SyncPace pace = SyncPace.measured();
        assertThat(ordersOf(pace, 3, FAST)).containsExactly(Order.values());
        assertThat(ordersOf(pace, 44, FAST)).containsOnly(Order.IN_TURN);
        assertThat(ordersOf(pace, 96, FAST)).contains(Order.values());
        // The disk becomes slow: three syncs of 5 ms each.
        ordersOf(pace, 200, SLOW);
        assertThat(ordersOf(pace, 96, SLOW))
                .filteredOn(order -> order == Order.SIDE_BY_SIDE)
                .hasSize(94);
        // One stall does not condemn an order.
        pace.took(Order.SIDE_BY_SIDE, 100_000_000);
        assertThat(ordersOf(pace, 96, SLOW))
                .filteredOn(order -> order == Order.SIDE_BY_SIDE)
                .hasSizeGreaterThan(70);
    }

    private static final Map<Order, Long> FAST =
            Map.of(Order.IN_TURN, 600_000L, Order.ROW_BESIDE, 700_000L, Order.SIDE_BY_SIDE, 900_000L);
    private static final Map<Order, Long> SLOW =
            Map.of(Order.IN_TURN, 15_000_000L, Order.ROW_BESIDE, 11_000_000L, Order.SIDE_BY_SIDE, 6_000_000L);

    private static List<Order> ordersOf(SyncPace pace, int objects, Map<Order, Long> nanos) {
        List<Order> orders = new ArrayList<>();
        for (int i = 0; i < objects; i++) {
            Order order = pace.next();
            pace.took(order, nanos.get(order));
            orders.add(order);
        }
        return orders;
    }

    /** A disk whose first synced file of an instance takes until the test lets it end. */
    private Disk slowFirstFile() {
        return proxy(Disk.class, disk, (name, result) -> {
            if (!name.equals("create")) {
                return result;
            }
            return proxy(Disk.DiskFile.class, result, (operation, nothing) -> {
                // The checkpoint of the empty store is synced before there is any instance.
                if (operation.equals("sync") && instanceIsBeingWritten()) {
                    awaitTurn();
                }
                return nothing;
            });
        });
    }

    private boolean instanceIsBeingWritten() {
        return disk.paths().stream().anyMatch(path -> path.toString().endsWith(".dcm"));
    }

    private void awaitTurn() throws IOException {
        if (fileSyncs.getAndIncrement() == 0) {
            try {
                await(firstMayEnd);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (firstSyncFails) {
                throw new IOException("Input/output error");
            }
        }
    }

    private interface After {
        Object apply(String method, Object result) throws IOException;
    }

    private static <T> T proxy(Class<T> type, Object target, After after) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            try {
                return after.apply(method.getName(), method.invoke(target, args));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private Future<StoredInstance> send(byte[] dataSet) {
        InstanceWriter writer = store.begin(new InstanceOrigin(
                Uid.MRImageStorage, MrInstances.sopInstanceUid(1), Uid.ExplicitVRLittleEndian, "SENDER"));
        writer.write(List.of(ByteBuffer.wrap(dataSet)));
        return writer.commit();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("waited for longer than " + PATIENCE_SECONDS + " s")
                .isTrue();
    }

    private static FailureCode failure(Future<?> future) {
        try {
            await(future);
            throw new AssertionError("expected a failure");
        } catch (ExecutionException e) {
            return ((WalnutException) e.getCause()).code();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
