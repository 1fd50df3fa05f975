package walnut.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.NodeDatabase;
import walnut.server.config.DataDir;
import walnut.server.config.WalnutConfig;
import walnut.server.database.Database;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.Ids;
import walnut.server.natives.Natives;
import walnut.store.StoredInstance;

/** {@code walnut conflict}: SOP Instance UIDs that came with more than one content, and the operator's choice. */
@Command(
        name = "conflict",
        mixinStandardHelpOptions = true,
        description =
                "Lists images whose SOP Instance UID came with different contents, on which nothing is inferred, and "
                        + "ends such a conflict. Needs the data directory to itself.",
        subcommands = {ConflictCommand.ListConflicts.class, ConflictCommand.Choose.class})
public final class ConflictCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandOutput.of(spec).println(new CommandLine(this).getUsageMessage());
    }

    /** What an operation on the index of a node that is not running needs. */
    private interface Operation {
        void on(DatabaseInstanceIndex index) throws JsonProcessingException;
    }

    private static void run(NodeOptions node, Operation operation) throws JsonProcessingException {
        WalnutConfig config = node.load(Map.of());
        Clock clock = Clock.systemUTC();
        try (DataDir dataDir = NodeDatabase.dataDir(config)) {
            Natives.unpackTo(dataDir.root());
            try (Database database = NodeDatabase.open(config.database(), dataDir)) {
                operation.on(new DatabaseInstanceIndex(
                        database, config.assembly().quiet(), clock, new Ids(clock, new SecureRandom())));
            }
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Names every conflict and the contents that it is between.")
    static final class ListConflicts implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private NodeOptions node = new NodeOptions();

        @Option(names = "--json", description = "print exactly one JSON document")
        private boolean json;

        @Override
        public Integer call() throws JsonProcessingException {
            PrintWriter out = CommandOutput.of(spec);
            run(node, index -> {
                List<String> uids = index.conflicts();
                if (json) {
                    out.println(document(index, uids));
                    return;
                }
                out.println(uids.isEmpty() ? "no conflicts" : uids.size() + " SOP Instance UIDs in conflict");
                for (String uid : uids) {
                    out.println(uid);
                    index.standing(uid)
                            .forEach(one -> out.println("  " + one.datasetSha256() + "  " + receivedAt(one) + "  "
                                    + one.callingAeTitle() + "  " + one.file()));
                }
            });
            return ExitCode.DONE;
        }

        private static String document(DatabaseInstanceIndex index, List<String> uids) throws JsonProcessingException {
            JsonMapper mapper = JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();
            ObjectNode document = mapper.createObjectNode();
            ArrayNode conflicts = document.putArray("conflicts");
            for (String uid : uids) {
                ArrayNode contents =
                        conflicts.addObject().put("sopInstanceUid", uid).putArray("contents");
                for (StoredInstance one : index.standing(uid)) {
                    contents.addObject()
                            .put("datasetSha256", one.datasetSha256())
                            .put("studyInstanceUid", one.studyInstanceUid())
                            .put("receivedAt", receivedAt(one).toString())
                            .put("callingAeTitle", one.callingAeTitle())
                            .put("file", one.file());
                }
            }
            return mapper.writeValueAsString(document);
        }

        private static Instant receivedAt(StoredInstance instance) {
            return Instant.EPOCH.plus(instance.receivedAt(), ChronoUnit.MICROS);
        }
    }

    @Command(
            name = "choose",
            mixinStandardHelpOptions = true,
            description = "Lets one content stand; the others are kept and no longer used. Its case runs again.")
    static final class Choose implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private NodeOptions node = new NodeOptions();

        @Parameters(index = "0", paramLabel = "UID", description = "SOP Instance UID in conflict")
        private String sopInstanceUid = "";

        @Parameters(index = "1", paramLabel = "SHA256", description = "datasetSha256 of the content that stands")
        private String datasetSha256 = "";

        @Option(names = "--by", required = true, paramLabel = "NAME", description = "who chooses; is recorded")
        private String operator = "";

        @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "why; is recorded")
        private String reason = "";

        @Override
        public Integer call() throws JsonProcessingException {
            if (operator.isBlank() || reason.isBlank()) {
                throw new WalnutException(FailureCode.INVALID_ARGUMENT, "--by and --reason must not be empty");
            }
            run(node, index -> index.choose(sopInstanceUid, datasetSha256, operator, reason));
            CommandOutput.of(spec).println(datasetSha256 + " stands");
            return ExitCode.DONE;
        }
    }
}
