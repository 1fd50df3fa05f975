package walnut.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.WalnutServer;
import walnut.server.api.ReplayReport;
import walnut.server.config.ConfigKey;

/** {@code walnut replay}: a stored prediction again, and whether every stage gives the same bytes. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Runs a stored prediction again on the same images and names the first stage that differs. "
                + "Needs the data directory to itself; on a running node ask its API instead.")
public final class ReplayCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private NodeOptions node = new NodeOptions();

    @Parameters(index = "0", paramLabel = "PREDICTION", description = "id of the prediction")
    private String predictionId = "";

    @Option(
            names = "--model",
            paramLabel = "ID|PKG",
            description = "shipped model, or a package (folder or zip); default: ${DEFAULT-VALUE}",
            defaultValue = ModelChoice.DEFAULT_MODEL)
    private String modelName = ModelChoice.DEFAULT_MODEL;

    @Option(names = "--json", description = "print exactly one JSON document")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        PrintWriter out = CommandOutput.of(spec);
        Map<ConfigKey, String> anyPort = Map.of(ConfigKey.DICOM_PORT, "0", ConfigKey.HTTP_PORT, "0");
        try (WalnutServer server = NodeStart.start(node.load(anyPort), modelName)) {
            StoppedNode.note(server.ledger(), "PREDICTION_REPLAYED", predictionId);
            ReplayReport report = server.replay()
                    .replay(predictionId)
                    .orElseThrow(() -> new WalnutException(
                            FailureCode.NOT_FOUND, "no prediction " + predictionId + " is stored here"));
            if (json) {
                out.println(JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(report));
            } else {
                describe(report, out);
            }
            return report.verdict().equals("DIFFERENT") ? ExitCode.FAILED : ExitCode.DONE;
        }
    }

    private static void describe(ReplayReport report, PrintWriter out) {
        out.println(report.verdict() + (report.sameRuntime() ? "" : " (on another runtime than the original)"));
        report.stages().forEach(stage -> out.println((stage.equal() ? "  equal   " : "  DIFFERS ") + stage.name()));
        if (report.firstDifferingStage() != null) {
            out.println("first difference: " + report.firstDifferingStage());
        }
    }
}
