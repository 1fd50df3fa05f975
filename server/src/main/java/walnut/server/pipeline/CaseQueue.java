package walnut.server.pipeline;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.server.config.WalnutConfig.AssemblyConfig;
import walnut.server.config.WalnutConfig.PipelineConfig;
import walnut.server.database.CaseTable;
import walnut.server.database.Claim;
import walnut.server.database.Lease;
import walnut.server.journey.Bell;
import walnut.server.journey.Rounds;

/**
 * Hands cases that are due to workers, each on a thread of its own. What a worker has is claimed in the database until
 * its lease ends, and the lease is renewed while it works: a process that dies, or one that stands still, loses its cases
 * to whoever asks next, here or on another node.
 *
 * <p>Idle workers ask once in a quiet time, since no image is due sooner, and when they are woken.
 */
public final class CaseQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CaseQueue.class);
    private static final Duration SHORTEST_TICK = Duration.ofMillis(100);
    private static final Duration LONGEST_TICK = Duration.ofSeconds(5);
    private static final int RENEWALS_PER_LEASE = 3;

    private final CaseTable cases;
    private final CaseWorker worker;
    private final BooleanSupplier stopped;
    private final Settings settings;
    private final Clock clock;
    private final Bell bell = new Bell();
    private final Map<String, Claim> held = new ConcurrentHashMap<>();
    private final AtomicLong claims = new AtomicLong();
    private final List<Rounds> workers = new ArrayList<>();
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "case-leases");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param holder unique to this process
     * @param workers how many cases are worked on at a time
     * @param tick how long an idle worker waits before it asks again
     */
    public record Settings(String holder, int workers, Lease lease, Duration tick) {
        public Settings {
            tick = tick.compareTo(SHORTEST_TICK) < 0
                    ? SHORTEST_TICK
                    : tick.compareTo(LONGEST_TICK) > 0 ? LONGEST_TICK : tick;
        }

        public static Settings of(String holder, PipelineConfig pipeline, AssemblyConfig assembly) {
            Duration farthest = CaseWorker.longestWait(assembly.cap()).plus(assembly.quiet());
            return new Settings(holder, pipeline.workers(), new Lease(pipeline.lease(), farthest), assembly.quiet());
        }
    }

    /** @param stopped whether the model takes no case now; those that are due wait */
    public CaseQueue(CaseTable cases, CaseWorker worker, BooleanSupplier stopped, Settings settings, Clock clock) {
        this.cases = cases;
        this.worker = worker;
        this.stopped = stopped;
        this.settings = settings;
        this.clock = clock;
    }

    /** @param alone whether no other process works on this database: then every claim is a dead process's */
    public void start(boolean alone) {
        int released = alone ? cases.releaseAll() : 0;
        if (released > 0) {
            LOG.info("{} cases were being worked on when the last process ended; they are due again", released);
        }
        long period = settings.lease().length().toMillis() / RENEWALS_PER_LEASE;
        renewals.scheduleWithFixedDelay(this::renew, period, period, TimeUnit.MILLISECONDS);
        for (int number = 1; number <= settings.workers(); number++) {
            workers.add(new Rounds("case-worker-" + number, bell, this::workOnOne, this::untilNextDue));
        }
        workers.forEach(Rounds::start);
    }

    /** Something became due at once. */
    public void wake() {
        bell.ring();
    }

    private Duration untilNextDue() {
        try {
            Instant now = clock.instant();
            return cases.nextDueAt()
                    .map(due -> Duration.between(now, due))
                    .filter(wait -> wait.compareTo(SHORTEST_TICK) >= 0 && wait.compareTo(settings.tick()) < 0)
                    .orElse(settings.tick());
        } catch (RuntimeException e) {
            LOG.warn("the case queue cannot be read; trying again", e);
            return settings.tick();
        }
    }

    /** Returns false when nothing was due, or the model is stopped. */
    private boolean workOnOne() throws InterruptedException {
        if (stopped.getAsBoolean()) {
            return false;
        }
        Optional<Claim> due = cases.claimDue(settings.holder() + "/" + claims.incrementAndGet(), settings.lease());
        if (due.isEmpty()) {
            return false;
        }
        work(due.get());
        return true;
    }

    private void work(Claim claim) throws InterruptedException {
        held.put(claim.holder(), claim);
        try {
            worker.work(claim);
        } finally {
            held.remove(claim.holder());
        }
    }

    private void renew() {
        for (Claim claim : held.values()) {
            try {
                if (!cases.renew(claim, settings.lease().length()) && held.containsKey(claim.holder())) {
                    LOG.info("case {}: images came, or its lease ended while it was worked on", claim.caseId());
                }
            } catch (RuntimeException e) {
                LOG.warn("the lease of case {} could not be renewed; trying again", claim.caseId(), e);
            }
        }
    }

    /** Lets the cases at hand end, then stops. */
    @Override
    public void close() {
        workers.forEach(Rounds::stop);
        workers.forEach(Rounds::close);
        renewals.shutdownNow();
    }
}
