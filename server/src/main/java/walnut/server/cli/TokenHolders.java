package walnut.server.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** The options that say whose tokens: a data directory's, or a running node's. */
final class TokenHolders {
    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "of the node (default: ${DEFAULT-VALUE})",
            defaultValue = "./walnut-data")
    private Path dataDir = Path.of("walnut-data");

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "ask this node instead, such as http://127.0.0.1:8080")
    private @Nullable URI server;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "with --server: file with an administrator's token, - for standard input; never on the command "
                            + "line, where other users of the machine would read it")
    private @Nullable String tokenFile;

    TokenHolder open() {
        if (server == null) {
            return DataDirTokens.open(dataDir);
        }
        if (tokenFile == null) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "--server needs --token-file");
        }
        return new ServerTokens(server, secret(tokenFile));
    }

    private static String secret(String file) {
        try {
            String text = file.equals("-") ? firstLineOfInput() : Files.readString(Path.of(file));
            return text.strip();
        } catch (IOException e) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "the token file cannot be read: " + file, e);
        }
    }

    private static String firstLineOfInput() {
        Scanner input = new Scanner(System.in);
        return input.hasNextLine() ? input.nextLine() : "";
    }
}
