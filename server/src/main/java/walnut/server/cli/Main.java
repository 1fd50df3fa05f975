package walnut.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;
import walnut.failure.WalnutException;

/** Entry point of the one jar. */
@Command(
        name = "walnut",
        mixinStandardHelpOptions = true,
        version = "walnut 0.1.0-SNAPSHOT",
        description = "Serves prostate-MRI AI models and keeps measuring whether they still work. "
                + "Research use only, not a medical device.",
        subcommands = {
            InspectCommand.class,
            MetricsCommand.class,
            PhantomCommand.class,
            VolumeCommand.class,
            ModelCommand.class,
            PreprocessCommand.class,
            DemoCommand.class,
            ServeCommand.class,
            PredictCommand.class,
            ReplayCommand.class,
            AuditCommand.class,
            SendCommand.class
        })
public final class Main implements Runnable {

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command line with its rule for failures; tests run commands through it. */
    public static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((exception, command, parsed) -> report(exception, command, parsed));
    }

    /**
     * A foreseen failure is one sentence under its code, and with {@code --json} still exactly one document on stdout. A
     * bug keeps its stack trace.
     */
    private static int report(Exception exception, CommandLine command, ParseResult parsed) throws Exception {
        if (!(exception instanceof WalnutException failure)) {
            throw exception;
        }
        if (innermost(parsed).hasMatchedOption("--json")) {
            ObjectMapper json = new ObjectMapper();
            ObjectNode error = json.createObjectNode();
            error.putObject("error")
                    .put("code", failure.code().name())
                    .put("category", failure.code().category().name())
                    .put("retryable", failure.code().retryable())
                    .put("detail", failure.getMessage());
            command.getOut().println(json.writerWithDefaultPrettyPrinter().writeValueAsString(error));
        }
        command.getErr().println(failure.code() + ": " + failure.getMessage());
        return ExitCode.of(failure.code());
    }

    /** The options of the command that ran, not of {@code walnut} itself. */
    private static ParseResult innermost(ParseResult parsed) {
        return parsed.hasSubcommand() ? innermost(parsed.subcommand()) : parsed;
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
