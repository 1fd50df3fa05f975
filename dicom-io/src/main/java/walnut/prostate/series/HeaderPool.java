package walnut.prostate.series;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** Threads that read headers of many files: parsing them takes longer than the disk does. */
final class HeaderPool {
    private static final int MOST_THREADS = 4;

    /** Files to one piece of work: enough that handing it over costs nothing, few enough that all threads end together. */
    private static final int FILES_AT_ONCE = 16;

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final ExecutorService POOL = Executors.newFixedThreadPool(
            Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()), work -> {
                Thread thread = new Thread(work, "walnut-header-" + NUMBER.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });

    private HeaderPool() {}

    /** Reads the files side by side and hands over what came of them, one after the other in their order, to this thread. */
    static <T> void inOrder(List<Path> files, Function<Path, T> read, Consumer<T> handOver) {
        List<CompletableFuture<List<T>>> pieces = new ArrayList<>();
        for (int from = 0; from < files.size(); from += FILES_AT_ONCE) {
            List<Path> some = files.subList(from, Math.min(files.size(), from + FILES_AT_ONCE));
            pieces.add(
                    CompletableFuture.supplyAsync(() -> some.stream().map(read).toList(), POOL));
        }
        pieces.forEach(piece -> join(piece).forEach(handOver));
    }

    private static <T> T join(CompletableFuture<T> piece) {
        try {
            return piece.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
