package walnut.server.cli;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import walnut.server.NodeDatabase;
import walnut.server.config.DataDir;
import walnut.server.config.WalnutConfig;
import walnut.server.database.CaseTable;
import walnut.server.database.Database;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.Ids;
import walnut.server.database.PredictionTable;
import walnut.server.natives.Natives;

/** The tables of a node that is not running, while a command has its data directory to itself. */
record StoppedNode(DatabaseInstanceIndex instances, CaseTable cases, PredictionTable predictions) {

    static <T> T with(NodeOptions options, Function<StoppedNode, T> work) {
        WalnutConfig config = options.load(Map.of());
        Clock clock = Clock.systemUTC();
        try (DataDir dataDir = NodeDatabase.dataDir(config)) {
            Natives.unpackTo(dataDir.root());
            try (Database database = NodeDatabase.open(config.database(), dataDir)) {
                return work.apply(new StoppedNode(
                        new DatabaseInstanceIndex(
                                database, config.assembly().quiet(), clock, new Ids(clock, new SecureRandom())),
                        new CaseTable(database, clock),
                        new PredictionTable(database)));
            }
        }
    }
}
