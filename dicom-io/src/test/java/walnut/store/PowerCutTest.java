package walnut.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walnut.failure.WalnutException;
import walnut.store.Deliveries.Delivery;
import walnut.store.UnreliableDisk.Survival;
import walnut.testing.InMemoryInstanceIndex;

/** Nothing acknowledged is lost when the power goes, whenever it goes and whatever of the unsynced reached the disk. */
class PowerCutTest {
    private static final Path ROOT = Path.of("/data");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T01:02:03Z"), ZoneOffset.UTC);

    /** What was acknowledged, with what was sent for it, in the order of the acknowledgements. */
    private record Acknowledged(Delivery sent, StoredInstance stored) {}

    /** One machine through its lives. */
    private static final class Machine {
        UnreliableDisk disk = new UnreliableDisk();
        PowerlessIndex index = new PowerlessIndex(disk, new InMemoryInstanceIndex());
        final List<Acknowledged> acknowledged = new ArrayList<>();

        InstanceStore open() {
            return InstanceStore.open(
                    ROOT, index, new InstanceListener() {}, new StoreConfig(2, 1 << 20, 0), CLOCK, disk);
        }

        void powerCut(Survival survival) {
            disk = disk.afterPowerCut(survival);
            index = index.afterPowerCut(disk, survival);
        }

        /** One object after the other, as one association sends them; ends with the power. */
        void deliver(List<Delivery> deliveries) {
            try (InstanceStore store = open()) {
                for (Delivery delivery : deliveries) {
                    Future<StoredInstance> sent = settled(delivery.to(store, 300));
                    if (sent.succeeded()) {
                        acknowledged.add(new Acknowledged(delivery, sent.result()));
                    }
                }
            } catch (WalnutException | UncheckedIOException e) {
                assertThat(disk.isPowerless())
                        .as("the store failed with the power on: %s", e)
                        .isTrue();
            }
        }

        void restart() {
            try {
                open().close();
            } catch (WalnutException | UncheckedIOException e) {
                assertThat(disk.isPowerless())
                        .as("the store failed with the power on: %s", e)
                        .isTrue();
            }
        }

        byte[] dataSet(StoredInstance instance, int length) {
            byte[] file = disk.bytes(ROOT.resolve(instance.file()));
            assertThat((long) file.length).isEqualTo(instance.size());
            return Arrays.copyOfRange(file, file.length - length, file.length);
        }

        List<String> instanceFiles() {
            return disk.paths().stream()
                    .map(path -> ROOT.relativize(path).toString())
                    .filter(name -> name.startsWith("instances/") && name.endsWith(".dcm"))
                    .toList();
        }

        /** Everything acknowledged is there, whole; files and rows are one to one; no content is there twice. */
        void check(String moment) {
            for (Acknowledged one : acknowledged) {
                assertThat(index.find(one.stored.sopInstanceUid())).as(moment).contains(one.stored);
                boolean sameBytes = one.stored.transferSyntaxUid().equals(one.sent.transferSyntaxUid());
                if (sameBytes) {
                    assertThat(dataSet(one.stored, one.sent.dataSet().length))
                            .as(moment)
                            .isEqualTo(one.sent.dataSet());
                }
            }
            List<StoredInstance> rows = index.all();
            assertThat(instanceFiles())
                    .as(moment)
                    .containsExactlyInAnyOrderElementsOf(
                            rows.stream().map(StoredInstance::file).toList());
            assertThat(rows.stream().map(row -> row.sopInstanceUid() + row.datasetSha256()))
                    .as(moment)
                    .doesNotHaveDuplicates();
        }

        /** All contents by SOP Instance UID, those that stand, and what is audited: where the run must end. */
        Map<String, String> state() {
            Map<String, String> state = new TreeMap<>();
            for (StoredInstance row : index.all()) {
                String uid = row.sopInstanceUid();
                state.put(
                        uid,
                        digests(index.find(uid)) + " standing " + digests(index.standing(uid)) + " "
                                + index.changes(uid).stream()
                                        .map(change -> change.kind() + change.datasetSha256() + change.earlierSha256())
                                        .toList());
            }
            return state;
        }

        private static TreeSet<String> digests(List<StoredInstance> rows) {
            TreeSet<String> digests = new TreeSet<>();
            rows.forEach(row -> digests.add(row.datasetSha256()));
            return digests;
        }
    }

    private static Future<StoredInstance> settled(Future<StoredInstance> sent) {
        sent.toCompletionStage().toCompletableFuture().handle((done, e) -> done).join();
        return sent;
    }

    /**
     * A run of nine objects of every kind is cut at each of its operations, each cut once with everything unsynced lost,
     * once with everything kept and twice by chance, and the restart is cut once more at a random operation. Then the
     * sender sends everything again, and all is as if the power had never gone.
     */
    @Test
    void at_every_operation_of_a_small_run() {
        List<Delivery> run = Deliveries.everyKind();
        Machine untroubled = new Machine();
        untroubled.deliver(run);
        untroubled.check("untroubled");
        Map<String, String> expected = untroubled.state();
        assertThat(untroubled.acknowledged).hasSize(8);
        Random random = new Random(20261122);
        Survival[] survivals = {Survival.NOTHING, Survival.EVERYTHING, Survival.random(random), Survival.random(random)
        };
        int cuts = 0;
        for (long operation = 0; ; operation++) {
            boolean cut = false;
            for (int i = 0; i < survivals.length; i++) {
                Machine machine = new Machine();
                machine.disk.cutPowerAfter(operation);
                machine.deliver(run);
                cut |= machine.disk.isPowerless();
                String moment = "cut after operation " + operation + ", survival " + i;
                machine.powerCut(survivals[i]);
                machine.disk.cutPowerAfter(random.nextInt(12));
                machine.restart();
                machine.powerCut(survivals[i]);
                machine.restart();
                machine.check(moment);
                machine.deliver(run);
                machine.check(moment + ", sent again");
                assertThat(machine.state()).as(moment).containsExactlyInAnyOrderEntriesOf(expected);
                cuts++;
            }
            if (!cut) {
                break;
            }
        }
        assertThat(cuts).isGreaterThan(4 * 60);
    }

    /** Longer runs with many objects at once, several cuts in a row on the same data. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void at_random_operations_under_load(long seed) {
        Random random = new Random(seed);
        Machine machine = new Machine();
        for (int round = 0; round < 25; round++) {
            machine.disk.cutPowerAfter(random.nextInt(round == 0 ? 300 : 120));
            deliverAtOnce(machine, random);
            machine.powerCut(Survival.random(random));
            machine.restart();
            machine.check("round " + round);
        }
        assertThat(machine.acknowledged).isNotEmpty();
    }

    private static void deliverAtOnce(Machine machine, Random random) {
        try (InstanceStore store = machine.open()) {
            List<Delivery> deliveries = new ArrayList<>();
            List<Future<StoredInstance>> sent = new ArrayList<>();
            for (int i = 0; i < 40 && !machine.disk.isPowerless(); i++) {
                deliveries.add(randomDelivery(random));
                sent.add(deliveries.get(i).to(store, 200));
                if (random.nextInt(4) == 0) {
                    sent.forEach(PowerCutTest::settled);
                }
            }
            sent.forEach(PowerCutTest::settled);
            for (int i = 0; i < sent.size(); i++) {
                if (sent.get(i).succeeded()) {
                    StoredInstance stored = sent.get(i).result();
                    machine.acknowledged.add(new Acknowledged(deliveries.get(i), stored));
                }
            }
        } catch (WalnutException | UncheckedIOException e) {
            assertThat(machine.disk.isPowerless()).isTrue();
        }
    }

    private static Delivery randomDelivery(Random random) {
        int number = 1 + random.nextInt(40);
        switch (random.nextInt(8)) {
            case 0:
                return Deliveries.inImplicitVr(number, number);
            case 1:
                return Deliveries.ofPatient(number, number, "WALNUT-TEST-" + random.nextInt(3));
            case 2:
                return Deliveries.image(number, number + 1000);
            default:
                return Deliveries.image(number, number);
        }
    }
}
