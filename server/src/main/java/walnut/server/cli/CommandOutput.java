package walnut.server.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command prints: what its caller set, so that tests can read it. */
final class CommandOutput {
    private CommandOutput() {}

    /** @param spec injected by the command line before a command runs */
    static PrintWriter of(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("commands run through the command line only");
        }
        return spec.commandLine().getOut();
    }

    /** For what is not the answer. */
    static PrintWriter errorsOf(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("commands run through the command line only");
        }
        return spec.commandLine().getErr();
    }
}
