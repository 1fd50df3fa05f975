package walnut.prostate.series;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Threads that read many files side by side, their headers or their pixels: parsing and decoding take longer than the disk
 * does. What they read is theirs until it is handed over; none of them waits for another.
 */
final class FilePool {
    private static final int MOST_THREADS = 4;
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final ExecutorService POOL = Executors.newFixedThreadPool(
            Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()), work -> {
                Thread thread = new Thread(work, "walnut-file-" + NUMBER.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });

    private FilePool() {}

    /**
     * Reads the files side by side and hands over what came of them, one after the other in their order, to this thread. Of
     * several that fail the first in order is the failure of all.
     *
     * @param filesAtOnce to one piece of work: enough that handing it over costs nothing, few enough that all threads end
     *     together
     */
    static <F, T> void inOrder(List<F> files, int filesAtOnce, Function<F, T> read, BiConsumer<F, T> handOver) {
        List<CompletableFuture<List<T>>> pieces = new ArrayList<>();
        for (int from = 0; from < files.size(); from += filesAtOnce) {
            List<F> some = files.subList(from, Math.min(files.size(), from + filesAtOnce));
            pieces.add(
                    CompletableFuture.supplyAsync(() -> some.stream().map(read).toList(), POOL));
        }
        int file = 0;
        for (CompletableFuture<List<T>> piece : pieces) {
            for (T result : join(piece)) {
                handOver.accept(files.get(file++), result);
            }
        }
    }

    private static <T> T join(CompletableFuture<T> piece) {
        try {
            return piece.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }
}
