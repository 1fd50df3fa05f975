package walnut.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Uid;
import walnut.dicom.part10.DicomFile;
import walnut.dicom.part10.Part10Reader;
import walnut.dicom.part10.ReadOptions;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.testing.InMemoryInstanceIndex;
import walnut.testing.MrInstances;

class InstanceStoreTest {
    private static final Path ROOT = Path.of("/data");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T01:02:03Z"), ZoneOffset.UTC);

    private final UnreliableDisk disk = new UnreliableDisk();
    private final InMemoryInstanceIndex index = new InMemoryInstanceIndex();
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final InstanceListener listener = new InstanceListener() {
        @Override
        public void stored(StoredInstance instance) {
            told.add("stored " + instance.sopInstanceUid());
        }

        @Override
        public void resent(StoredInstance existing) {
            told.add("resent " + existing.sopInstanceUid());
        }

        @Override
        public void conflicted(StoredInstance added) {
            told.add("conflicted " + added.sopInstanceUid());
        }

        @Override
        public void refused(FailureCode code) {
            told.add("refused " + code);
        }
    };
    private InstanceStore store = open(disk, index);

    private InstanceStore open(Disk on, InstanceIndex with) {
        return open(on, with, SyncPace.always(SyncPace.Order.SIDE_BY_SIDE));
    }

    private InstanceStore open(Disk on, InstanceIndex with, SyncPace pace) {
        return InstanceStore.open(ROOT, with, listener, new StoreConfig(2, 1 << 20, 0), CLOCK, on, pace);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void keeps_the_bytes_as_received_behind_a_readable_header() throws Exception {
        DataSet image = MrInstances.image(1, 5000, 1);
        StoredInstance stored = await(send(1, MrInstances.bytes(image), 700));

        assertThat(stored.sopInstanceUid()).isEqualTo(MrInstances.sopInstanceUid(1));
        assertThat(stored.studyInstanceUid()).isEqualTo(MrInstances.STUDY_INSTANCE_UID);
        assertThat(stored.seriesInstanceUid()).isEqualTo(MrInstances.SERIES_INSTANCE_UID);
        assertThat(stored.patientId()).isEqualTo("WALNUT-TEST-1");
        assertThat(stored.issuerOfPatientId()).isEqualTo("TEST");
        assertThat(stored.callingAeTitle()).isEqualTo("SENDER");
        assertThat(stored.file()).isEqualTo("instances/2026-11-22/1795309323000000.dcm");
        assertThat(stored.receivedAt()).isEqualTo(1795309323000000L);
        byte[] file = disk.bytes(ROOT.resolve(stored.file()));
        assertThat(stored.size()).isEqualTo(file.length);
        DicomFile read = Part10Reader.read(new ByteArrayInputStream(file), ReadOptions.all());
        assertThat(MrInstances.bytes(read.dataSet())).isEqualTo(MrInstances.bytes(image));
        assertThat(read.notices()).isEmpty();
        assertThat(read.metaInformation().string(Tag.MediaStorageSOPInstanceUID))
                .hasValue(stored.sopInstanceUid());
        assertThat(Arrays.copyOfRange(file, (int) read.dataSetOffset(), file.length))
                .isEqualTo(MrInstances.bytes(image));
        assertThat(index.all()).containsExactly(stored);
        assertThat(told).containsExactly("stored " + stored.sopInstanceUid());
    }

    @Test
    void finds_identity_behind_a_header_longer_than_what_it_remembers() throws Exception {
        DataSet large = MrInstances.image(1, 100, 1).toBuilder()
                .putString(Tag.InstitutionalDepartmentName, "x")
                .putBytes(0x00091001, walnut.dicom.data.Vr.OB, new byte[100_000])
                .build();
        assertThat(await(send(1, MrInstances.bytes(large), 4000)).studyInstanceUid())
                .isEqualTo(MrInstances.STUDY_INSTANCE_UID);
    }

    @Test
    void a_data_set_cut_at_any_byte_of_its_header_never_becomes_an_instance_without_identity() {
        byte[] bytes = MrInstances.bytes(MrInstances.image(1, 2, 1));
        for (int length = 0; length < 330; length++) {
            Future<StoredInstance> sent = send(1, Arrays.copyOf(bytes, length), 50);
            try {
                assertThat(await(sent).seriesInstanceUid()).isEqualTo(MrInstances.SERIES_INSTANCE_UID);
            } catch (ExecutionException e) {
                assertThat(e.getCause()).isInstanceOf(WalnutException.class);
            } catch (Exception e) {
                throw new AssertionError("cut at " + length, e);
            }
        }
    }

    @Test
    void an_object_beyond_the_limit_is_refused_and_leaves_nothing() {
        byte[] bytes = MrInstances.bytes(MrInstances.image(1, 2 << 20, 1));
        assertFailure(send(1, bytes, 100_000), FailureCode.DATASET_TOO_LARGE, 0xC000);
        assertThat(dcmFiles(disk)).isEmpty();
    }

    @Test
    void a_full_disk_refuses_for_now_and_leaves_nothing_half_done() throws Exception {
        await(send(1, MrInstances.bytes(MrInstances.image(1, 5000, 1)), 1000));
        disk.limitCapacity(8000);
        assertFailure(
                send(2, MrInstances.bytes(MrInstances.image(2, 5000, 1)), 1000), FailureCode.STORAGE_FULL, 0xA700);
        assertThat(dcmFiles(disk)).hasSize(1);
        disk.limitCapacity(Long.MAX_VALUE);
        await(send(2, MrInstances.bytes(MrInstances.image(2, 5000, 1)), 1000));
        assertThat(index.all()).hasSize(2);
    }

    @Test
    void a_failed_sync_takes_the_object_back() throws Exception {
        await(send(1, MrInstances.bytes(MrInstances.image(1, 500, 1)), 1000));
        disk.failSyncs(true);
        assertFailure(
                send(2, MrInstances.bytes(MrInstances.image(2, 500, 1)), 1000), FailureCode.STORAGE_FAILED, 0xA700);
        assertThat(index.all()).hasSize(1);
        assertThat(dcmFiles(disk)).hasSize(1);
        disk.failSyncs(false);
        await(send(2, MrInstances.bytes(MrInstances.image(2, 500, 1)), 1000));
        assertThat(index.all()).hasSize(2);
    }

    @Test
    void a_row_that_cannot_be_taken_back_answers_no_resend() throws Exception {
        byte[] bytes = MrInstances.bytes(MrInstances.image(1, 500, 1));
        boolean[] stuck = {true};
        InMemoryInstanceIndex stubborn = new InMemoryInstanceIndex() {
            @Override
            public synchronized void delete(java.util.Collection<StoredInstance> instances) {
                if (stuck[0] && !instances.isEmpty()) {
                    throw new WalnutException(FailureCode.DATABASE_UNAVAILABLE, "the database is gone");
                }
                super.delete(instances);
            }
        };
        store.close();
        store = open(disk, stubborn);
        await(send(9, MrInstances.bytes(MrInstances.image(9, 500, 1)), 1000));
        disk.failSyncs(true);
        assertFailure(send(1, bytes, 1000), FailureCode.STORAGE_FAILED, 0xA700);
        disk.failSyncs(false);
        assertFailure(send(1, bytes, 1000), FailureCode.DATABASE_UNAVAILABLE, 0xA700);
        stuck[0] = false;
        StoredInstance stored = await(send(1, bytes, 1000));
        assertThat(stubborn.find(stored.sopInstanceUid())).containsExactly(stored);
    }

    @Test
    void an_abandoned_object_leaves_nothing() {
        InstanceWriter writer = store.begin(origin(1));
        writer.write(List.of(ByteBuffer.wrap(new byte[1000])));
        writer.abandon();
        store.close();
        assertThat(dcmFiles(disk)).isEmpty();
        assertFailure(store.begin(origin(1)).commit(), FailureCode.BUSY, 0xA700);
    }

    @Test
    void arrivals_stay_distinct_and_ordered_on_a_clock_that_stands_still() throws Exception {
        List<Future<StoredInstance>> sent = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            sent.add(send(i, MrInstances.bytes(MrInstances.image(i, 100, i)), 50));
        }
        List<Long> arrivals = new ArrayList<>();
        for (Future<StoredInstance> one : sent) {
            arrivals.add(await(one).receivedAt());
        }
        assertThat(arrivals).isSorted().doesNotHaveDuplicates();
        store.close();
        store = open(disk, index);
        assertThat(await(send(21, MrInstances.bytes(MrInstances.image(21, 100, 21)), 50))
                        .receivedAt())
                .isGreaterThan(arrivals.get(19));
    }

    @Test
    void a_restart_removes_files_without_rows_and_rows_without_files() throws Exception {
        StoredInstance kept = await(send(1, MrInstances.bytes(MrInstances.image(1, 100, 1)), 50));
        UnreliableDisk found = new UnreliableDisk();
        // A store that never wrote a checkpoint after this instance, as after kill -9.
        InstanceStore killed = InstanceStore.open(
                ROOT, new InMemoryInstanceIndex(), listener, new StoreConfig(2, 1 << 20, 0), CLOCK, found);
        killed.close();
        found.overwrite(
                ROOT.resolve("instances/checkpoint"), "0\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        found.createDirectory(ROOT.resolve("instances/2026-11-22"));
        found.overwrite(ROOT.resolve(kept.file()), disk.bytes(ROOT.resolve(kept.file())));
        found.overwrite(ROOT.resolve("instances/2026-11-22/1795309323999999.dcm"), new byte[300]);
        InMemoryInstanceIndex rows = new InMemoryInstanceIndex();
        rows.commit(List.of(
                kept,
                new StoredInstance(
                        "9.9",
                        Uid.MRImageStorage,
                        "2.1",
                        "3.1",
                        Uid.ExplicitVRLittleEndian,
                        "",
                        "",
                        "instances/2026-11-22/1795309323888888.dcm",
                        100,
                        "c".repeat(64),
                        1795309323888888L,
                        "")));
        InstanceStore restarted =
                InstanceStore.open(ROOT, rows, listener, new StoreConfig(2, 1 << 20, 0), CLOCK, found);
        assertThat(rows.all()).containsExactly(kept);
        assertThat(dcmFiles(found)).containsExactly(ROOT.resolve(kept.file()));
        restarted.close();
    }

    @Test
    void an_index_restored_from_an_older_backup_loses_no_file() throws Exception {
        StoredInstance stored = await(send(1, MrInstances.bytes(MrInstances.image(1, 100, 1)), 50));
        store.close();
        store = open(disk, new InMemoryInstanceIndex());
        assertThat(dcmFiles(disk)).containsExactly(ROOT.resolve(stored.file()));
    }

    private Future<StoredInstance> send(int number, byte[] dataSet, int chunk) {
        return send(store, number, dataSet, chunk);
    }

    private static Future<StoredInstance> send(InstanceStore to, int number, byte[] dataSet, int chunk) {
        InstanceWriter writer = to.begin(origin(number));
        for (int at = 0; at < dataSet.length; at += chunk) {
            writer.write(List.of(ByteBuffer.wrap(dataSet, at, Math.min(chunk, dataSet.length - at))));
        }
        return writer.commit();
    }

    private static InstanceOrigin origin(int number) {
        return new InstanceOrigin(
                Uid.MRImageStorage, MrInstances.sopInstanceUid(number), Uid.ExplicitVRLittleEndian, "SENDER");
    }

    private static List<Path> dcmFiles(UnreliableDisk on) {
        return on.paths().stream()
                .filter(path -> path.toString().endsWith(".dcm"))
                .toList();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static WalnutException failure(Future<?> future) {
        try {
            await(future);
            throw new AssertionError("expected a failure");
        } catch (ExecutionException e) {
            return (WalnutException) e.getCause();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void assertFailure(Future<?> future, FailureCode code, int status) {
        WalnutException failure = failure(future);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.code().dimseStatus()).isEqualTo(status);
    }

    @Test
    void a_store_that_cannot_be_opened_says_so() {
        UnreliableDisk dead = new UnreliableDisk();
        dead.cutPowerAfter(0);
        assertThatThrownBy(() -> open(dead, index))
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.STORAGE_FAILED));
    }
}
