package walnut.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
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
import walnut.testing.DataDirectory;
import walnut.testing.MrInstances;
import walnut.testing.Peers;

/** Files and SQLite on a file system that is really full: a small tmpfs, where this process may mount one. */
class FullFileSystemTest {
    private static final int PIXEL_BYTES = 60_000;

    @TempDir
    private Path folder;

    @Test
    void is_refused_for_now_loses_nothing_and_is_fine_with_room_again() throws Exception {
        Peers.requireSuccess("tmpfs", "mount", "-t", "tmpfs", "-o", "size=3m", "walnut-test", folder.toString());
        try {
            fillAndMakeRoom();
        } finally {
            Peers.requireSuccess("tmpfs", "umount", "-l", folder.toString());
        }
    }

    private void fillAndMakeRoom() throws Exception {
        Clock clock = Clock.systemUTC();
        Path ballast = folder.resolve("ballast");
        Files.write(ballast, new byte[1 << 20]);
        Map<Integer, StoredInstance> acknowledged = new TreeMap<>();
        try (Database database = Database.open(folder.resolve("walnut.db"))) {
            DatabaseInstanceIndex index =
                    new DatabaseInstanceIndex(database, Duration.ofSeconds(1), clock, new Ids(clock, new Random(1)));
            // No reserve: the disk itself must say that it is full, to whichever write comes last.
            StoreConfig config = new StoreConfig(2, 1 << 20, 0);
            try (InstanceStore store = InstanceStore.open(folder, index, new InstanceListener() {}, config, clock)) {
                int refused = 0;
                for (int number = 1; number <= 60; number++) {
                    Future<StoredInstance> sent = send(store, number);
                    if (sent.succeeded()) {
                        acknowledged.put(number, sent.result());
                    } else {
                        refused++;
                        WalnutException refusal = (WalnutException) sent.cause();
                        assertThat(refusal.code()).isEqualTo(FailureCode.STORAGE_FULL);
                        assertThat(refusal.code().dimseStatus()).isEqualTo(0xA700);
                    }
                }
                assertThat(refused).isPositive();
                assertThat(acknowledged).isNotEmpty();
                Files.delete(ballast);
                assertThat(send(store, 99).succeeded()).as("with room again").isTrue();
            }
            InstanceStore.open(folder, index, new InstanceListener() {}, config, clock)
                    .close();
            acknowledged.forEach((number, stored) ->
                    assertThat(index.standing(stored.sopInstanceUid())).containsExactly(stored));
            DataDirectory directory = new DataDirectory(folder);
            assertThat(directory.files()).hasSize(acknowledged.size() + 1);
            for (StoredInstance stored : acknowledged.values()) {
                assertThat(directory.bytes(stored.file())).hasSize((int) stored.size());
            }
        }
    }

    private static Future<StoredInstance> send(InstanceStore store, int number) throws Exception {
        InstanceWriter writer = store.begin(new InstanceOrigin(
                Uid.MRImageStorage, MrInstances.sopInstanceUid(number), Uid.ExplicitVRLittleEndian, "SENDER"));
        writer.write(List.of(ByteBuffer.wrap(MrInstances.bytes(MrInstances.image(number, PIXEL_BYTES, number)))));
        Future<StoredInstance> sent = writer.commit();
        sent.toCompletionStage().toCompletableFuture().handle((done, e) -> done).get(60, TimeUnit.SECONDS);
        return sent;
    }
}
