package walnut.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.models.passport.ModelPackage;
import walnut.server.api.CaseFilter;
import walnut.server.api.CaseState;
import walnut.server.api.CaseSummary;
import walnut.server.cli.Phantoms;
import walnut.server.config.ConfigKey;
import walnut.server.database.StoredPrediction;
import walnut.server.journey.Step;
import walnut.server.journey.StepObserver;
import walnut.testing.Peers;

/** A whole node under which the disk fills, and one whose clock is set. */
class TroubledNodeTest {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private Path scratch;

    @Test
    void heatmaps_without_room_keep_the_case_waiting_and_the_worklist_says_so() throws Exception {
        Path disk = Files.createDirectories(scratch.resolve("data/predictions"));
        JumpingClock clock = new JumpingClock();
        Peers.requireSuccess("tmpfs", "mount", "-t", "tmpfs", "-o", "size=16k", "walnut-test", disk.toString());
        try (NodeUnderTest node = NodeUnderTest.start(
                scratch.resolve("data"), ModelPackage.open(DETECTOR), Map.of(), clock, StepObserver.NOBODY)) {
            node.send(Phantoms.one(scratch.resolve("phantom"), 910_003));

            CaseSummary waiting = await(node, summary -> summary.explanation() != null);

            assertThat(waiting.state()).isEqualTo(CaseState.ASSEMBLING);
            assertThat(waiting.explanation())
                    .contains("disk is full")
                    .contains("make room")
                    .contains("STORAGE_FULL");
            assertThat(waiting.predictionId()).isNull();
            assertThat(filesIn(disk)).as("nothing half-written").isEmpty();

            Peers.requireSuccess("tmpfs", "mount", "-o", "remount,size=64m", disk.toString());
            clock.jump(Duration.ofMinutes(2));

            StoredPrediction prediction = node.nextPrediction();
            assertThat(prediction.outcome()).isEqualTo("COMPLETED");
            CaseSummary finished = await(node, summary -> summary.state() == CaseState.COMPLETED);
            assertThat(finished.caseId()).isEqualTo(waiting.caseId());
            assertThat(finished.explanation()).isNull();
            assertThat(filesIn(disk)).containsExactly(prediction.predictionId() + ".nii.gz");
        } finally {
            Peers.requireSuccess("tmpfs", "umount", "-l", disk.toString());
        }
    }

    @Test
    void a_disk_that_fills_altogether_while_predicting_loses_nothing_and_is_said_to_be_full() throws Exception {
        Path disk = Files.createDirectories(scratch.resolve("disk"));
        Peers.requireSuccess("tmpfs", "mount", "-t", "tmpfs", "-o", "size=2g", "walnut-test", disk.toString());
        JumpingClock clock = new JumpingClock();
        Path ballast = disk.resolve("ballast");
        CountDownLatch filled = new CountDownLatch(1);
        Path phantom = Phantoms.one(scratch.resolve("phantom"), 910_004);
        try (NodeUnderTest node =
                NodeUnderTest.start(disk.resolve("data"), ModelPackage.open(DETECTOR), Map.of(), clock, (step, id) -> {
                    if (step == Step.PREDICTED && filled.getCount() > 0) {
                        fill(ballast);
                        filled.countDown();
                    }
                })) {
            node.send(phantom);
            assertThat(filled.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(node.predictionWithin(Duration.ofSeconds(3))).isEmpty();
            assertThat(node.server().upkeep().storage().report().isFull()).isTrue();
            assertThat(filesIn(disk.resolve("data/predictions")))
                    .as("nothing half-written")
                    .isEmpty();
            assertThatThrownBy(() -> node.send(Phantoms.one(scratch.resolve("another"), 910_005)))
                    .as("an image that could not be kept is refused")
                    .hasMessageContaining("A700");

            Files.delete(ballast);
            clock.jump(Duration.ofMinutes(2));

            StoredPrediction prediction = node.nextPrediction();
            assertThat(prediction.outcome()).isEqualTo("COMPLETED");
            assertThat(node.server()
                            .replay()
                            .replay(prediction.predictionId())
                            .orElseThrow()
                            .verdict())
                    .isEqualTo("BITWISE");
            assertThat(node.server().upkeep().storage().report().isFull()).isFalse();
        } finally {
            Peers.requireSuccess("tmpfs", "umount", "-l", disk.toString());
        }
    }

    private static List<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void fill(Path ballast) {
        byte[] piece = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(piece);
            }
        } catch (IOException full) {
            // That is the point.
            return;
        }
    }

    @Test
    void a_clock_that_is_set_ahead_and_back_while_studies_come_loses_and_doubles_none() throws Exception {
        JumpingClock clock = new JumpingClock();
        try (NodeUnderTest node = NodeUnderTest.start(
                scratch.resolve("data"),
                ModelPackage.open(DETECTOR),
                Map.of(ConfigKey.RETENTION_AGE, "365d"),
                clock,
                StepObserver.NOBODY)) {
            List<Duration> jumps =
                    List.of(Duration.ZERO, Duration.ofDays(400), Duration.ofDays(-800), Duration.ofDays(400));
            for (int study = 0; study < jumps.size(); study++) {
                Path phantom = Phantoms.one(scratch.resolve("phantom-" + study), 910_010 + study);
                clock.jump(jumps.get(study));
                node.send(phantom);
                // What was sent is set to another time before it is looked at.
                clock.jump(Duration.ofDays(-30));
                assertThat(node.nextPrediction().outcome())
                        .as("jump %s", jumps.get(study))
                        .isEqualTo("COMPLETED");
                clock.jump(Duration.ofDays(30));
            }
            List<CaseSummary> cases =
                    node.server().cases().cases(CaseFilter.newest(10)).cases();

            assertThat(cases).hasSize(jumps.size()).allSatisfy(summary -> {
                assertThat(summary.state()).isEqualTo(CaseState.COMPLETED);
                assertThat(node.server()
                                .cases()
                                .caseById(summary.caseId())
                                .orElseThrow()
                                .predictionIds())
                        .hasSize(1);
            });
            assertThat(node.server().upkeep().storage().report().retention().suspended())
                    .isNull();
            assertThat(Clock.systemUTC().instant())
                    .isBetween(clock.instant().minusSeconds(60), clock.instant().plusSeconds(60));
        }
    }

    private static CaseSummary await(NodeUnderTest node, Predicate<CaseSummary> condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            List<CaseSummary> cases =
                    node.server().cases().cases(CaseFilter.newest(10)).cases();
            if (cases.size() == 1 && condition.test(cases.get(0))) {
                return cases.get(0);
            }
            Thread.sleep(20);
        }
        throw new AssertionError("waited " + PATIENCE + " in vain");
    }
}
