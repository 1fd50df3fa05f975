package walnut.server.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import walnut.failure.FailureCode;
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
            ReprocessCommand.class,
            AuditCommand.class,
            TokenCommand.class,
            SendCommand.class,
            ConflictCommand.class
        })
public final class Main implements Runnable {

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command line with its rule for failures; tests run commands through it. */
    public static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::usage)
                .setExecutionExceptionHandler(Main::report);
    }

    /** A command line that cannot be understood: one sentence, where help is, and no page of usage. */
    private static int usage(ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        String detail = String.valueOf(mistake.getMessage());
        if (Arrays.asList(arguments).contains("--json")) {
            print(command, FailureCode.INVALID_ARGUMENT, detail);
        }
        command.getErr().println(FailureCode.INVALID_ARGUMENT + ": " + detail);
        UnmatchedArgumentException.printSuggestions(mistake, command.getErr());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        command.getErr().flush();
        return ExitCode.USAGE;
    }

    /**
     * A foreseen failure is one sentence under its code, and with {@code --json} still exactly one document on stdout. A
     * bug keeps its stack trace.
     */
    private static int report(Exception exception, CommandLine command, ParseResult parsed) {
        FailureCode code = FailureCode.INTERNAL_ERROR;
        String detail = "a defect of walnut: " + exception.getClass().getSimpleName();
        if (exception instanceof WalnutException failure) {
            code = failure.code();
            detail = String.valueOf(failure.getMessage());
        } else {
            exception.printStackTrace(command.getErr());
        }
        if (innermost(parsed).hasMatchedOption("--json")) {
            print(command, code, detail);
        }
        command.getErr().println(code + ": " + detail);
        command.getErr().flush();
        return ExitCode.of(code);
    }

    /** docs/schemas/error.schema.json, which every schema of a command allows in place of its own document. */
    private static void print(CommandLine command, FailureCode code, String detail) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.putObject("error")
                .put("code", code.name())
                .put("category", code.category().name())
                .put("retryable", code.retryable())
                .put("detail", detail);
        command.getOut().println(error.toPrettyString());
        command.getOut().flush();
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
