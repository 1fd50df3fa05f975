package walnut.models.inference;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends runs that outlast their deadline, by ONNX Runtime's terminate flag, which it looks at between operators.
 *
 * <p>One daemon thread for all sessions; it only ever sets flags.
 */
final class DeadlineWatch {
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(runnable -> {
        Thread thread = new Thread(runnable, "walnut-inference-deadline");
        thread.setDaemon(true);
        return thread;
    });

    private DeadlineWatch() {}

    static WatchedRun begin(Duration deadline) throws OrtException {
        return new WatchedRun(deadline);
    }

    /** The options of one run, from its start to its end. */
    static final class WatchedRun implements AutoCloseable {
        private final RunOptions options = new RunOptions();
        private final ScheduledFuture<?> alarm;
        private boolean closed;
        private boolean expired;

        private WatchedRun(Duration deadline) throws OrtException {
            alarm = TIMER.schedule(this::expire, deadline.toMillis(), TimeUnit.MILLISECONDS);
        }

        RunOptions options() {
            return options;
        }

        synchronized boolean expired() {
            return expired;
        }

        /** Under the same lock as close: the flag is native memory that close frees. */
        private synchronized void expire() {
            if (closed) {
                return;
            }
            expired = true;
            try {
                options.setTerminate(true);
            } catch (OrtException e) {
                throw new IllegalStateException("cannot end the run", e);
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            alarm.cancel(false);
            options.close();
        }
    }
}
