package walnut.server.cli;

import java.io.PrintStream;
import walnut.prostate.series.ReadingProgress;

/** One line on the terminal that is written over as work goes on; nothing where stderr is no terminal. */
final class TerminalProgress implements ReadingProgress {
    private static final int EVERY = 50;

    private final String what;
    private final PrintStream terminal;

    private TerminalProgress(String what, PrintStream terminal) {
        this.what = what;
        this.terminal = terminal;
    }

    static ReadingProgress of(String what) {
        // Java 17 has a console only when both stdin and stdout are a terminal: redirected output stays clean.
        return System.console() == null ? ReadingProgress.SILENT : new TerminalProgress(what, System.err);
    }

    @Override
    public void headersRead(int read, int files) {
        if (read % EVERY == 0 || read == files) {
            terminal.printf("\r%s: %d of %d files", what, read, files);
        }
        if (read == files) {
            terminal.print("\r\033[K");
        }
    }
}
