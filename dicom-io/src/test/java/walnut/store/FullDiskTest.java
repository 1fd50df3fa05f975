package walnut.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.Deliveries.Delivery;
import walnut.testing.InMemoryInstanceIndex;

/** A disk that is full, whichever operation finds out: refused for now, nothing acknowledged lost, fine again with room. */
class FullDiskTest {
    private static final Path ROOT = Path.of("/data");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T01:02:03Z"), ZoneOffset.UTC);

    private final UnreliableDisk disk = new UnreliableDisk();
    private final InMemoryInstanceIndex rows = new InMemoryInstanceIndex();

    private InstanceStore open() {
        return InstanceStore.open(
                ROOT,
                new PowerlessIndex(disk, rows),
                new InstanceListener() {},
                new StoreConfig(1, 1 << 20, 0),
                CLOCK,
                disk);
    }

    @Test
    void at_every_operation_of_one_object() {
        int refusals = 0;
        try (InstanceStore store = open()) {
            assertThat(send(store, Deliveries.image(1, 1)).succeeded()).isTrue();
            for (int after = 0; after < 12; after++) {
                for (int until : List.of(1, 3, 1000)) {
                    Delivery delivery = Deliveries.image(1000 * after + until, after);
                    disk.fullBetween(disk.operations() + after, disk.operations() + after + until);
                    Future<StoredInstance> sent = send(store, delivery);
                    disk.fullBetween(Long.MAX_VALUE, 0);
                    if (sent.failed()) {
                        refusals++;
                        WalnutException refusal = (WalnutException) sent.cause();
                        assertThat(refusal.code()).as("operation %d", after).isEqualTo(FailureCode.STORAGE_FULL);
                        assertThat(refusal.code().dimseStatus()).isEqualTo(0xA700);
                        assertThat(refusal.getMessage()).isEqualTo("the disk is full");
                    }
                    assertThat(send(store, delivery).succeeded())
                            .as("with room again, operation %d", after)
                            .isTrue();
                }
            }
        }
        assertThat(refusals).isGreaterThan(12);
        assertThat(rows.all()).hasSize(1 + 12 * 3);
        List<String> files = new ArrayList<>();
        disk.paths().stream()
                .map(path -> ROOT.relativize(path).toString())
                .filter(name -> name.endsWith(".dcm"))
                .forEach(files::add);
        assertThat(files)
                .containsExactlyInAnyOrderElementsOf(
                        rows.all().stream().map(StoredInstance::file).toList());
    }

    private static Future<StoredInstance> send(InstanceStore store, Delivery delivery) {
        Future<StoredInstance> sent = delivery.to(store, 300);
        sent.toCompletionStage().toCompletableFuture().handle((done, e) -> done).join();
        return sent;
    }
}
