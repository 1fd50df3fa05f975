package walnut.server.cli;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import walnut.models.passport.ModelPackage;
import walnut.server.NodeDatabase;
import walnut.server.WalnutServer;
import walnut.server.config.ConfigKey;
import walnut.server.config.DataDir;
import walnut.server.config.WalnutConfig;
import walnut.server.journey.Step;
import walnut.server.journey.StepObserver;

/**
 * A node as {@code walnut serve} starts it, configured by its environment, whose process ends without a word after the step
 * that its argument names, as a power cut or a SIGKILL would end it. Without an argument it stays.
 */
public final class WatchedNode {
    /** What SIGKILL gives. */
    static final int HALTED = 137;

    private WatchedNode() {}

    public static void main(String[] arguments) throws InterruptedException {
        StepObserver watcher = arguments.length == 0 ? StepObserver.NOBODY : haltingAfter(Step.valueOf(arguments[0]));
        WalnutConfig config = WalnutConfig.load(
                Map.of(ConfigKey.DICOM_PORT, "0", ConfigKey.HTTP_PORT, "0"),
                Optional.empty(),
                System.getenv(),
                Map.of());
        DataDir dataDir = NodeDatabase.dataDir(config);
        ModelPackage model = ModelChoice.open(ModelChoice.DEFAULT_MODEL, dataDir.root());
        WalnutServer server = WalnutServer.start(
                config, dataDir, model, "test", Clock.systemUTC(), (stored, outcome, prediction) -> {}, watcher);
        server.deployments()
                .change(server.model().passport().id(), "ASSIST", "a test", "phantoms, into its own archive");
        System.out.println("READY " + server.dicomPort());
        Thread.currentThread().join();
    }

    private static StepObserver haltingAfter(Step last) {
        return (step, id) -> {
            if (step == last) {
                Runtime.getRuntime().halt(HALTED);
            }
        };
    }
}
