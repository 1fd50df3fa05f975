package walnut.server.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import walnut.prostate.series.ReadingProgress;

/**
 * A bar on the terminal that is written over as work goes on, with how much is done and how long the rest will take;
 * nothing at all where stderr is no terminal. One thread at a time.
 */
final class TerminalProgress implements ReadingProgress {
    private static final int CELLS = 24;
    private static final long REDRAW_NANOS = 100_000_000;

    /** Back to the first column, and erase to the end of the line. */
    private static final String ERASE = "\r\033[K";

    private final String what;
    private final @Nullable PrintStream terminal;
    private final LongSupplier nanoTime;
    private final long began;
    private long drawn;
    private boolean visible;

    /** @param terminal where the bar is drawn; null draws none */
    TerminalProgress(String what, @Nullable PrintStream terminal, LongSupplier nanoTime) {
        this.what = what;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
        this.drawn = began;
    }

    static TerminalProgress of(String what) {
        return new TerminalProgress(what, stderrIsTerminal() ? System.err : null, System::nanoTime);
    }

    /** Java 17 cannot ask for one stream alone; Linux can tell what file descriptor 2 is. */
    private static boolean stderrIsTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null;
        }
    }

    @Override
    public void headersRead(int read, int files) {
        update(read, files);
    }

    /** Draws at most ten times a second, and takes the bar away when all is done. */
    void update(int done, int total) {
        if (terminal == null) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (done >= total) {
            clear();
        } else if (now - drawn >= REDRAW_NANOS) {
            drawn = now;
            visible = true;
            terminal.print(ERASE + line(done, total, now - began));
            terminal.flush();
        }
    }

    /** Takes the bar away, so that something else can be printed in its place. */
    void clear() {
        if (terminal != null && visible) {
            visible = false;
            terminal.print(ERASE);
            terminal.flush();
        }
    }

    private String line(int done, int total, long elapsedNanos) {
        int full = (int) ((long) CELLS * done / total);
        String bar = "█".repeat(full) + "░".repeat(CELLS - full);
        String left = "";
        if (done > 0) {
            long seconds = Math.round(elapsedNanos / 1e9 / done * (total - done));
            left = seconds < 100 ? ", " + seconds + " s left" : ", " + Math.round(seconds / 60.0) + " min left";
        }
        return String.format(Locale.ROOT, "%s %s %,d of %,d%s", what, bar, done, total, left);
    }
}
