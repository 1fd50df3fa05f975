package walnut.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.Uid;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.InstanceListener;
import walnut.store.InstanceOrigin;
import walnut.store.InstanceStore;
import walnut.store.InstanceWriter;
import walnut.store.StoreConfig;
import walnut.store.StoredInstance;
import walnut.testing.MrInstances;

/**
 * After a failed sync of SQLite's log the next one would succeed whatever became of the bytes: nothing may be
 * acknowledged, or written at all, before the log was written once more.
 */
class FailedLogSyncTest {
    private static final StoreConfig CONFIG = new StoreConfig(4, 1 << 20, 0);

    /** The real log on a disk that can fail. As with a kernel, a sync tells of a failure once. */
    private static final class FailingLog implements WriteAheadLog.LogFile {
        private final WriteAheadLog.LogFile real;
        private volatile boolean nextSyncFails;
        private volatile boolean writesFail;
        private volatile String sentence = "Input/output error";

        FailingLog(WriteAheadLog.LogFile real) {
            this.real = real;
        }

        @Override
        public void sync() throws IOException {
            if (nextSyncFails) {
                nextSyncFails = false;
                throw new IOException(sentence);
            }
            real.sync();
        }

        @Override
        public void writeAgain() throws IOException {
            if (writesFail) {
                throw new IOException(sentence);
            }
            real.writeAgain();
        }
    }

    @TempDir
    private Path folder;

    private FailingLog log;
    private Database database;
    private DatabaseInstanceIndex index;
    private InstanceStore store;

    @BeforeEach
    void open() {
        Path file = folder.resolve("walnut.db");
        log = new FailingLog(WriteAheadLog.beside(file));
        database = Database.open(file, log);
        Clock clock = Clock.systemUTC();
        index = new DatabaseInstanceIndex(database, Duration.ofSeconds(1), clock, new Ids(clock, new Random(1)));
        store = InstanceStore.open(folder, index, new InstanceListener() {}, CONFIG, clock);
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
    }

    @Test
    void nothing_is_stored_until_the_log_was_written_again() {
        StoredInstance before = stored(1);
        log.writesFail = true;
        log.nextSyncFails = true;
        assertThat(refusal(2)).isEqualTo(FailureCode.STORAGE_FAILED);
        assertThat(database.isSynced()).isFalse();
        // The disk would sync without a word now; the log is not trusted all the same.
        assertThat(refusal(2)).isEqualTo(FailureCode.INDEX_NOT_SYNCED);
        assertThat(refusal(3)).isEqualTo(FailureCode.INDEX_NOT_SYNCED);
        assertThat(FailureCode.INDEX_NOT_SYNCED.dimseStatus()).isEqualTo(0xA700);
        // Nobody else writes past the gap either.
        assertThatThrownBy(() -> index.choose(before.sopInstanceUid(), before.datasetSha256(), "op", "why"))
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INDEX_NOT_SYNCED));
        assertThat(index.standing(before.sopInstanceUid())).containsExactly(before);

        log.writesFail = false;
        StoredInstance second = stored(2);
        assertThat(database.isSynced()).isTrue();
        StoredInstance third = stored(3);
        store.close();
        store = InstanceStore.open(folder, index, new InstanceListener() {}, CONFIG, Clock.systemUTC());
        List<StoredInstance> rows = new ArrayList<>();
        index.forEachSince(0, rows::add);
        assertThat(rows).containsExactly(before, second, third);
    }

    @Test
    void a_full_disk_is_named_and_over_when_there_is_room() {
        log.sentence = "No space left on device";
        log.nextSyncFails = true;
        assertThat(refusal(1)).isEqualTo(FailureCode.STORAGE_FULL);
        assertThat(index.find(MrInstances.sopInstanceUid(1))).isEmpty();
        assertThat(database.isSynced()).isTrue();
        assertThat(stored(1).sopInstanceUid()).isEqualTo(MrInstances.sopInstanceUid(1));
    }

    @Test
    void whoever_waits_for_the_failed_sync_or_the_one_after_it_is_refused() throws Exception {
        for (int number = 1; number <= 20; number++) {
            log.writesFail = true;
            log.nextSyncFails = true;
            List<Future<StoredInstance>> together = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                together.add(send(10 * number + i));
            }
            for (Future<StoredInstance> one : together) {
                settle(one);
            }
            // Those that were synced before the failure are there; every other one was refused.
            assertThat(together).anyMatch(Future::failed);
            log.writesFail = false;
            StoredInstance after = stored(1000 + number);
            assertThat(index.standing(after.sopInstanceUid())).containsExactly(after);
            for (int i = 0; i < 4; i++) {
                List<StoredInstance> rows = index.find(MrInstances.sopInstanceUid(10 * number + i));
                assertThat(rows).hasSize(together.get(i).succeeded() ? 1 : 0);
            }
        }
    }

    private StoredInstance stored(int number) {
        Future<StoredInstance> sent = settle(send(number));
        assertThat(sent.cause()).isNull();
        return sent.result();
    }

    private FailureCode refusal(int number) {
        Future<StoredInstance> sent = settle(send(number));
        assertThat(sent.failed()).isTrue();
        return ((WalnutException) sent.cause()).code();
    }

    private Future<StoredInstance> send(int number) {
        InstanceWriter writer = store.begin(new InstanceOrigin(
                Uid.MRImageStorage, MrInstances.sopInstanceUid(number), Uid.ExplicitVRLittleEndian, "SENDER"));
        writer.write(List.of(ByteBuffer.wrap(MrInstances.bytes(MrInstances.image(number, 500, number)))));
        return writer.commit();
    }

    private static <T> Future<T> settle(Future<T> sent) {
        try {
            sent.toCompletionStage()
                    .toCompletableFuture()
                    .handle((done, e) -> done)
                    .get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return sent;
    }
}
