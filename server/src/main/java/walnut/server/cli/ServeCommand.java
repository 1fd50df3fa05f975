package walnut.server.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import walnut.server.WalnutServer;
import walnut.server.config.WalnutConfig;
import walnut.server.security.Role;

/** {@code walnut serve}: one node, until it is told to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Receives studies by DICOM, runs the model on each, shows and measures the results.")
public final class ServeCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private NodeOptions node = new NodeOptions();

    @Option(
            names = "--model",
            paramLabel = "ID|PKG",
            description = "shipped model, or a package (folder or zip); default: ${DEFAULT-VALUE}",
            defaultValue = ModelChoice.DEFAULT_MODEL)
    private String modelName = ModelChoice.DEFAULT_MODEL;

    @Override
    public Integer call() throws InterruptedException {
        WalnutConfig config = node.load(Map.of());
        PrintWriter out = CommandOutput.of(spec);
        config.effectiveValues().forEach((key, value) -> out.println("  " + key + " = " + value));
        out.flush();
        WalnutServer server = NodeStart.start(config, modelName);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            server.close();
                            stopped.countDown();
                        },
                        "shutdown"));
        server.access()
                .tokens()
                .first(Set.of(Role.ADMINISTRATOR))
                .ifPresent(first -> out.println("Administrator's token, shown this once: " + first.secret()));
        out.println("DICOM " + config.dicom().aeTitle() + "@" + config.dicom().host() + ":" + server.dicomPort());
        out.println("HTTP  http://" + config.http().host() + ":" + server.httpPort() + "/");
        out.println("Synthetic models: research use only, not a medical device.");
        out.flush();
        stopped.await();
        return ExitCode.DONE;
    }
}
