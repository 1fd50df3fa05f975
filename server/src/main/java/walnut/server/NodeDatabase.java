package walnut.server;

import walnut.server.config.DataDir;
import walnut.server.config.WalnutConfig;
import walnut.server.config.WalnutConfig.DatabaseConfig;
import walnut.server.database.Database;

/** The database and the data directory that a configuration asks for: a node's own, or those that nodes share. */
public final class NodeDatabase {
    private NodeDatabase() {}

    public static Database open(DatabaseConfig config, DataDir dataDir) {
        return config.url()
                .map(url -> Database.connect(url, config.user(), config.password()))
                .orElseGet(() -> Database.open(dataDir.database()));
    }

    public static DataDir dataDir(WalnutConfig config) {
        return config.database().url().isPresent()
                ? DataDir.openShared(config.dataDir(), config.database().nodeName())
                : DataDir.open(config.dataDir());
    }
}
