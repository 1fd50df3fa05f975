package walnut.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.NodeDatabase;
import walnut.server.config.ConfigKey;
import walnut.server.config.DataDir;
import walnut.server.config.WalnutConfig;
import walnut.server.database.Database;
import walnut.server.database.LedgerTable;
import walnut.server.ledger.Ledger;

/** {@code walnut audit}: what the ledger says of itself. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Asks the ledger of who looked at what and who changed what.",
        subcommands = AuditCommand.Verify.class)
public final class AuditCommand {

    /** {@code walnut audit verify}. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description =
                    "Reads the whole ledger and says whether anything was edited, put in, taken out, exchanged or "
                            + "cut off. Exit 0 when it is whole, 1 when not. The node may be running.")
    static final class Verify implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec spec;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "the node's settings; where its database is shared")
        private @Nullable Path config;

        @Option(names = "--data-dir", paramLabel = "DIR", description = "of the node (./walnut-data)")
        private @Nullable String dataDir;

        @Option(names = "--json", description = "print exactly one JSON document")
        private boolean json;

        @Override
        public Integer call() throws JsonProcessingException {
            Map<ConfigKey, String> flags = dataDir == null ? Map.of() : Map.of(ConfigKey.DATA_DIR, dataDir);
            WalnutConfig node = WalnutConfig.load(Optional.ofNullable(config), System.getenv(), flags);
            if (node.database().url().isEmpty() && !Files.exists(node.dataDir().resolve("walnut.db"))) {
                throw new WalnutException(FailureCode.NOT_FOUND, "there is no node's database in " + node.dataDir());
            }
            PrintWriter out = CommandOutput.of(spec);
            DataDir folder = NodeDatabase.dataDirBeside(node);
            try (Database database = NodeDatabase.open(node.database(), folder)) {
                Ledger.Report report = Ledger.open(
                                new LedgerTable(database), folder.node(), new SecureRandom(), Clock.systemUTC())
                        .verify();
                if (json) {
                    out.println(JsonMapper.builder().build().writeValueAsString(report));
                } else {
                    report.findings()
                            .forEach(finding -> out.println(
                                    finding.kind() + " at entry " + finding.sequence() + ": " + finding.detail()));
                    out.println(report.entries() + " entries, "
                            + (report.isWhole() ? "whole" : report.findings().size() + " findings"));
                }
                return report.isWhole() ? ExitCode.DONE : ExitCode.FAILED;
            }
        }
    }
}
