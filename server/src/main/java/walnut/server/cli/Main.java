package walnut.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the one jar. */
@Command(
        name = "walnut",
        mixinStandardHelpOptions = true,
        version = "walnut 0.1.0-SNAPSHOT",
        description = "Serves prostate-MRI AI models and keeps measuring whether they still work. "
                + "Research use only, not a medical device.",
        subcommands = {})
public final class Main implements Runnable {

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
