package walnut.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import walnut.server.api.CaseOperations.Receipt;
import walnut.server.api.CaseOperations.Selection;
import walnut.server.pipeline.CaseDesk;

/** {@code walnut reprocess}: finished cases again, after everything that just came. */
@Command(
        name = "reprocess",
        mixinStandardHelpOptions = true,
        description = "Lets finished cases run again, after everything that just came. Where images, model and "
                + "configuration are those of a stored prediction, nothing new is stored. On a data directory the cases "
                + "are marked, and run when its node starts.")
public final class ReprocessCommand implements Callable<Integer> {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private NodeOptions node = new NodeOptions();

    @Mixin
    private ServerOptions server = new ServerOptions();

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Which which = new Which();

    @Option(names = "--json", description = "print exactly one JSON document")
    private boolean json;

    static final class Which {
        @Parameters(index = "0", arity = "0..1", paramLabel = "STUDY", description = "StudyInstanceUID")
        private @Nullable String study;

        @Option(names = "--all", description = "every case")
        private boolean all;

        @Option(
                names = "--since",
                paramLabel = "DATE",
                description = "cases whose last image came on this day (UTC) or later")
        private @Nullable LocalDate since;

        @Option(names = "--model", paramLabel = "ID", description = "cases whose newest prediction is of this model")
        private @Nullable String model;
    }

    @Override
    public Integer call() {
        JsonNode receipt = server.api().map(this::ask).orElseGet(this::mark);
        PrintWriter out = CommandOutput.of(spec);
        if (json) {
            out.println(receipt.toPrettyString());
        } else {
            out.println(receipt.path("queued").asInt() + " queued, "
                    + receipt.path("unchanged").asInt() + " unchanged, "
                    + receipt.path("waitingAlready").asInt() + " waiting already, "
                    + receipt.path("discarded").asInt() + " put aside, "
                    + receipt.path("inputGone").asInt() + " without images");
        }
        return ExitCode.DONE;
    }

    private JsonNode ask(NodeApi api) {
        ObjectNode body = MAPPER.createObjectNode().put("all", which.all);
        if (which.study != null) {
            body.put("studyInstanceUid", which.study);
        }
        if (which.since != null) {
            body.put("since", which.since.toString());
        }
        if (which.model != null) {
            body.put("modelId", which.model);
        }
        return api.post("/api/v1/reprocess", body);
    }

    private JsonNode mark() {
        Selection selection = new Selection(
                Optional.ofNullable(which.study),
                Optional.ofNullable(which.since)
                        .map(day -> day.atStartOfDay(ZoneOffset.UTC).toInstant()),
                Optional.ofNullable(which.model));
        Receipt receipt = StoppedNode.with(node, stopped -> {
            stopped.note("CASES_REPROCESSED", "cases");
            return new CaseDesk(stopped.cases(), stopped.predictions(), unjudged -> Optional.empty(), () -> {})
                    .reprocess(selection);
        });
        return MAPPER.valueToTree(receipt);
    }
}
