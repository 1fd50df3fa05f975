package walnut.server.cli;

import java.time.Clock;
import walnut.models.passport.ModelPackage;
import walnut.server.NodeDatabase;
import walnut.server.WalnutServer;
import walnut.server.config.DataDir;
import walnut.server.config.WalnutConfig;

/** Starts a node with the model a command was asked for. */
final class NodeStart {
    private NodeStart() {}

    static WalnutServer start(WalnutConfig config, String modelName) {
        DataDir dataDir = NodeDatabase.dataDir(config);
        ModelPackage model;
        try {
            model = ModelChoice.open(modelName, dataDir.root());
        } catch (RuntimeException e) {
            dataDir.close();
            throw e;
        }
        return WalnutServer.start(
                config, dataDir, model, Version.current(), Clock.systemUTC(), (stored, outcome, prediction) -> {});
    }
}
