package walnut.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.models.passport.ModelPackage;
import walnut.server.api.CaseFilter;
import walnut.server.api.CaseOperations;
import walnut.server.api.CaseSummary;
import walnut.server.cli.Phantoms;
import walnut.server.config.ConfigKey;
import walnut.server.journey.Step;
import walnut.server.journey.StepObserver;

/** One node with two workers: they share the cases, and what just came goes before what is run again. */
class TwoWorkersTest {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");
    private static final int OLD = 3;
    private static final Duration QUIET = Duration.ofMillis(200);

    @TempDir
    private Path scratch;

    @Test
    void share_the_work_do_nothing_twice_and_take_what_just_came_first() throws Exception {
        Gate gate = new Gate();
        try (NodeUnderTest node = NodeUnderTest.start(
                scratch.resolve("data"),
                ModelPackage.open(DETECTOR),
                Map.of(ConfigKey.PIPELINE_WORKERS, "2", ConfigKey.ASSEMBLY_QUIET, QUIET.toMillis() + "ms"),
                Clock.systemUTC(),
                gate)) {
            for (int study = 0; study < OLD; study++) {
                node.send(Phantoms.one(scratch.resolve("old-" + study), 910_020 + study));
            }
            Set<String> old = finished(node, OLD);
            assertThat(gate.claimed()).containsExactlyInAnyOrderElementsOf(old);

            // In another state of the model every case says something new.
            String model = node.server().model().passport().id();
            node.server().deployments().change(model, "ASSIST", "Ada", "the trial ended well");
            gate.close(2);
            node.send(Phantoms.one(scratch.resolve("first"), 910_030));
            node.send(Phantoms.one(scratch.resolve("second"), 910_031));
            gate.awaitHeld();
            CaseOperations.Receipt queued = node.server()
                    .upkeep()
                    .cases()
                    .reprocess(new CaseOperations.Selection(Optional.empty(), Optional.empty(), Optional.empty()));
            assertThat(queued.queued()).isEqualTo(OLD);
            assertThat(queued.waitingAlready()).isEqualTo(2);
            node.send(Phantoms.one(scratch.resolve("third"), 910_032));
            node.send(Phantoms.one(scratch.resolve("fourth"), 910_033));
            // Longer than the quiet time, so that both are due when the gate opens.
            Thread.sleep(QUIET.multipliedBy(5).toMillis());
            gate.open();
            finished(node, OLD + 4);

            List<String> order = gate.claimed().subList(OLD, gate.claimed().size());
            assertThat(order).as("each case once").hasSize(OLD + 4).doesNotHaveDuplicates();
            assertThat(order.subList(0, 4)).as("what just came").doesNotContainAnyElementsOf(old);
            assertThat(order.subList(4, OLD + 4)).containsExactlyInAnyOrderElementsOf(old);
            assertThat(gate.workers()).hasSize(2);
            List<CaseSummary> all =
                    node.server().cases().cases(CaseFilter.newest(20)).cases();
            assertThat(all).hasSize(OLD + 4).allSatisfy(summary -> assertThat(node.server()
                            .cases()
                            .caseById(summary.caseId())
                            .orElseThrow()
                            .predictionIds())
                    .hasSize(old.contains(summary.caseId()) ? 2 : 1));
        }
    }

    private static Set<String> finished(NodeUnderTest node, int cases) throws InterruptedException {
        Set<String> finished = new HashSet<>();
        for (int count = 0; count < cases; count++) {
            finished.add(node.nextPrediction().caseId());
        }
        assertThat(finished).hasSize(cases);
        return finished;
    }

    /** Remembers who claimed what in which order, and holds workers where they claimed until it is opened. */
    private static final class Gate implements StepObserver {
        private final List<String> claimed = Collections.synchronizedList(new ArrayList<>());
        private final Set<String> workers = Collections.synchronizedSet(new HashSet<>());
        private volatile CountDownLatch open = new CountDownLatch(0);
        private volatile CountDownLatch held = new CountDownLatch(0);

        @Override
        public void done(Step step, String id) {
            if (step != Step.CLAIMED) {
                return;
            }
            claimed.add(id);
            workers.add(Thread.currentThread().getName());
            held.countDown();
            await(open);
        }

        void close(int workers) {
            held = new CountDownLatch(workers);
            open = new CountDownLatch(1);
        }

        void awaitHeld() {
            await(held);
        }

        void open() {
            open.countDown();
        }

        List<String> claimed() {
            synchronized (claimed) {
                return List.copyOf(claimed);
            }
        }

        Set<String> workers() {
            synchronized (workers) {
                return Set.copyOf(workers);
            }
        }

        private static void await(CountDownLatch latch) {
            try {
                if (!latch.await(120, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("waited two minutes in vain");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
