package walnut.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
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
import walnut.server.api.Conflicts.Conflict;
import walnut.server.api.NamedReason;
import walnut.server.pipeline.ConflictDesk;

/** {@code walnut conflict}: SOP Instance UIDs that came with more than one content, and the operator's choice. */
@Command(
        name = "conflict",
        mixinStandardHelpOptions = true,
        description =
                "Lists images whose SOP Instance UID came with different contents, on which nothing is inferred, and "
                        + "ends such a conflict; on a running node (--server), or on a data directory that none uses.",
        subcommands = {ConflictCommand.ListConflicts.class, ConflictCommand.Choose.class})
public final class ConflictCommand implements Runnable {
    private static final String ADDRESS = "/api/v1/conflicts";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandOutput.of(spec).println(new CommandLine(this).getUsageMessage());
    }

    /** What both commands are told: whose conflicts, and how to answer. */
    static final class Options {
        @Mixin
        private NodeOptions node = new NodeOptions();

        @Mixin
        private ServerOptions server = new ServerOptions();
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Names every conflict and the contents that it is between.")
    static final class ListConflicts implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private Options options = new Options();

        @Option(names = "--json", description = "print exactly one JSON document")
        private boolean json;

        @Override
        public Integer call() {
            JsonNode document = options.server
                    .api()
                    .map(api -> api.get(ADDRESS))
                    .orElseGet(() -> StoppedNode.with(
                            options.node, stopped -> document(new ConflictDesk(stopped.instances()).conflicts())));
            PrintWriter out = CommandOutput.of(spec);
            if (json) {
                out.println(document.toPrettyString());
            } else {
                describe(document.path("conflicts"), out);
            }
            return ExitCode.DONE;
        }

        private static void describe(JsonNode conflicts, PrintWriter out) {
            out.println(conflicts.isEmpty() ? "no conflicts" : conflicts.size() + " SOP Instance UIDs in conflict");
            for (JsonNode conflict : conflicts) {
                out.println(conflict.path("sopInstanceUid").asText());
                for (JsonNode content : conflict.path("contents")) {
                    out.println("  " + content.path("datasetSha256").asText() + "  "
                            + content.path("receivedAt").asText() + "  "
                            + content.path("callingAeTitle").asText() + "  "
                            + content.path("file").asText());
                }
            }
        }

        /** As the API answers. */
        private static ObjectNode document(List<Conflict> conflicts) {
            ObjectNode document = JsonNodeFactory.instance.objectNode();
            ArrayNode listed = document.putArray("conflicts");
            for (Conflict conflict : conflicts) {
                ArrayNode contents = listed.addObject()
                        .put("sopInstanceUid", conflict.sopInstanceUid())
                        .putArray("contents");
                conflict.contents().forEach(content -> contents.addObject()
                        .put("datasetSha256", content.datasetSha256())
                        .put("studyInstanceUid", content.studyInstanceUid())
                        .put("receivedAt", content.receivedAt().toString())
                        .put("callingAeTitle", content.callingAeTitle())
                        .put("file", content.file()));
            }
            return document;
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
        private Options options = new Options();

        @Parameters(index = "0", paramLabel = "UID", description = "SOP Instance UID in conflict")
        private String sopInstanceUid = "";

        @Parameters(index = "1", paramLabel = "SHA256", description = "datasetSha256 of the content that stands")
        private String datasetSha256 = "";

        @Option(names = "--by", required = true, paramLabel = "NAME", description = "who chooses; is recorded")
        private String operator = "";

        @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "why; is recorded")
        private String reason = "";

        @Override
        public Integer call() {
            if (operator.isBlank() || reason.isBlank()) {
                throw new WalnutException(FailureCode.INVALID_ARGUMENT, "--by and --reason must not be empty");
            }
            options.server.api().ifPresentOrElse(this::ask, this::choose);
            CommandOutput.of(spec).println(datasetSha256 + " stands");
            return ExitCode.DONE;
        }

        private void ask(NodeApi api) {
            api.post(
                    ADDRESS,
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("sopInstanceUid", sopInstanceUid)
                            .put("datasetSha256", datasetSha256)
                            .put("actor", operator)
                            .put("reason", reason));
        }

        private void choose() {
            StoppedNode.with(options.node, stopped -> {
                stopped.note("CONFLICT_ENDED", "conflicts");
                new ConflictDesk(stopped.instances())
                        .choose(sopInstanceUid, datasetSha256, new NamedReason(operator, reason));
                return datasetSha256;
            });
        }
    }
}
