package walnut.server.pipeline;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Threads that digest what the corridor has read while it goes on: digests are wanted at its end and nobody waits for
 * them before. At most two, and one core fewer than there are: that one is the corridor's own.
 */
final class DigestPool {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int THREADS =
            Math.max(1, Math.min(2, Runtime.getRuntime().availableProcessors() - 1));
    private static final ExecutorService POOL = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "walnut-digest-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    private DigestPool() {}

    /** Begins now; the supplier waits for the end, and throws what the work threw. */
    static <T> Supplier<T> begin(Supplier<T> work) {
        CompletableFuture<T> result = CompletableFuture.supplyAsync(work, POOL);
        return () -> {
            try {
                return result.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw e;
            }
        };
    }
}
