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
import walnut.server.database.LedgerTable;
import walnut.server.database.PredictionTable;
import walnut.server.ledger.Ledger;
import walnut.server.natives.Natives;
import walnut.server.security.Tokens;

/** The tables of a node that is not running, while a command has its data directory to itself. */
record StoppedNode(DatabaseInstanceIndex instances, CaseTable cases, PredictionTable predictions, Ledger ledger) {

    /** Notes what a command does, before it does it. Whoever can open the data directory needs no token. */
    void note(String action, String subject) {
        note(ledger, action, subject);
    }

    /** The name is the operating system's: who shares an account there shares it here. */
    static void note(Ledger ledger, String action, String subject) {
        ledger.append(Tokens.COMMAND_LINE, action, subject, "by " + System.getProperty("user.name", "unknown"));
    }

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
                        new PredictionTable(database),
                        Ledger.open(new LedgerTable(database), dataDir.node(), new SecureRandom(), clock)));
            }
        }
    }
}
