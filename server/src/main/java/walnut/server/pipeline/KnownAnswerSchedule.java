package walnut.server.pipeline;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the known-answer cases again and again beside the work, so that a model that stops giving its answers is found by
 * the node and not by a reader. A thread of its own; the next run waits its whole time after the one before has ended.
 */
public final class KnownAnswerSchedule implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KnownAnswerSchedule.class);
    private static final long STOP_SECONDS = 30;

    private final ScheduledThreadPoolExecutor executor;

    private KnownAnswerSchedule(ScheduledThreadPoolExecutor executor) {
        this.executor = executor;
    }

    /** @param every the first run is this long after the start, at which they were run already */
    public static KnownAnswerSchedule start(Runnable knownAnswers, Duration every) {
        ScheduledThreadPoolExecutor executor =
                new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "known-answers"));
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.scheduleWithFixedDelay(
                () -> runOnce(knownAnswers), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        return new KnownAnswerSchedule(executor);
    }

    /** An executor drops a task that throws; the next run may well succeed. */
    private static void runOnce(Runnable knownAnswers) {
        try {
            knownAnswers.run();
        } catch (RuntimeException e) {
            LOG.error("the known-answer cases could not be run; trying again at the next time", e);
        }
    }

    /** Lets a run that is under way end. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the known-answer cases did not end in {} s", STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
