package walnut.server.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Scanner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** The options of commands that may ask a running node instead of opening its data directory. */
final class ServerOptions {
    /** A sweep or a rerun of everything takes its time. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "ask this running node, such as http://127.0.0.1:8080, instead of opening a data directory")
    private @Nullable URI server;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "with --server: file with a token, - for standard input; never on the command line, where other "
                            + "users of the machine would read it")
    private @Nullable String tokenFile;

    /** Empty where the command works on a data directory. */
    Optional<NodeApi> api() {
        return Optional.ofNullable(server).map(address -> new NodeApi(address, secret(), PATIENCE));
    }

    private Optional<String> secret() {
        if (tokenFile == null) {
            return Optional.empty();
        }
        try {
            String text = tokenFile.equals("-") ? firstLineOfInput() : Files.readString(Path.of(tokenFile));
            return Optional.of(text.strip());
        } catch (IOException e) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "the token file cannot be read: " + tokenFile, e);
        }
    }

    private static String firstLineOfInput() {
        Scanner input = new Scanner(System.in);
        return input.hasNextLine() ? input.nextLine() : "";
    }
}
