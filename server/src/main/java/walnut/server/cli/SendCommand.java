package walnut.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import walnut.dicom.net.dimse.Status;
import walnut.dicom.net.scu.Destination;
import walnut.dicom.net.scu.DimseClient;
import walnut.dicom.net.scu.DimseClientConfig;
import walnut.dicom.net.scu.SendOutcome;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** {@code walnut send}: every DICOM file below a folder by C-STORE; anything else there is passed over. */
@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        description = "Sends DICOM files to a peer by C-STORE.",
        footer = {
            "",
            "Files that are not DICOM are passed over. Exit 0: every instance was delivered;",
            "1: some were not, or no association came about."
        })
public final class SendCommand implements Callable<Integer> {
    private static final int PROGRESS_EVERY = 100;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "A folder, searched through, or one file.")
    Path source = Path.of("");

    @Option(names = "--to", paramLabel = "AET@host:port", required = true, description = "The peer to send to.")
    String destination = "";

    @Option(
            names = "--aet",
            paramLabel = "AET",
            defaultValue = "WALNUT",
            description = "Our AE title (${DEFAULT-VALUE}).")
    String aeTitle = "";

    @Option(names = "--json", description = "Say on stdout what became of each file, as one JSON document.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        Destination peer = Destination.parse(destination);
        List<Path> files = files();
        Vertx vertx = Vertx.vertx();
        try {
            DimseClient client =
                    DimseClient.create(vertx, DimseClientConfig.defaults().withCallingAeTitle(aeTitle));
            AtomicInteger told = new AtomicInteger();
            long began = System.nanoTime();
            List<SendOutcome> outcomes =
                    await(client.send(peer, files, outcome -> report(outcome, told, files.size())));
            return conclude(peer, outcomes, Duration.ofNanos(System.nanoTime() - began));
        } finally {
            await(vertx.close());
        }
    }

    /** Regular files in the order of their paths; links to folders are not followed, so a loop has no end to miss. */
    private List<Path> files() throws IOException {
        if (!Files.exists(source)) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "no such file or folder: " + source);
        }
        try (Stream<Path> found = Files.walk(source)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private void report(SendOutcome outcome, AtomicInteger told, int total) {
        int count = told.incrementAndGet();
        PrintWriter stderr = commandLine().getErr();
        if (!outcome.delivered() && !isPassedOver(outcome)) {
            stderr.println(outcome.file() + ": " + outcome.failure().orElseThrow() + " " + outcome.detail());
        }
        if (count % PROGRESS_EVERY == 0 && count < total) {
            stderr.println(count + " of " + total);
        }
        stderr.flush();
    }

    private int conclude(Destination peer, List<SendOutcome> outcomes, Duration elapsed) throws IOException {
        long delivered = outcomes.stream().filter(SendOutcome::delivered).count();
        long passedOver = outcomes.stream().filter(SendCommand::isPassedOver).count();
        long failed = outcomes.size() - delivered - passedOver;
        if (delivered + failed == 0) {
            throw new WalnutException(FailureCode.NOT_DICOM, "no DICOM file in " + source);
        }
        PrintWriter stderr = commandLine().getErr();
        stderr.println("%d delivered to %s, %d failed, %d not DICOM, in %.1f s"
                .formatted(delivered, peer, failed, passedOver, elapsed.toMillis() / 1000.0));
        stderr.flush();
        if (json) {
            ObjectMapper mapper = new ObjectMapper();
            PrintWriter stdout = commandLine().getOut();
            stdout.println(mapper.writerWithDefaultPrettyPrinter()
                    .writeValueAsString(document(mapper, peer, outcomes, delivered, failed, passedOver, elapsed)));
            stdout.flush();
        }
        return failed == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static ObjectNode document(
            ObjectMapper mapper,
            Destination peer,
            List<SendOutcome> outcomes,
            long delivered,
            long failed,
            long passedOver,
            Duration elapsed) {
        ObjectNode document = mapper.createObjectNode()
                .put("destination", peer.toString())
                .put("delivered", delivered)
                .put("failed", failed)
                .put("notDicom", passedOver)
                .put("elapsedMs", elapsed.toMillis());
        ArrayNode instances = document.putArray("instances");
        for (SendOutcome outcome : outcomes) {
            instances
                    .addObject()
                    .put("file", outcome.file().toString())
                    .put("sopInstanceUid", outcome.sopInstanceUid().isEmpty() ? null : outcome.sopInstanceUid())
                    .put("delivered", outcome.delivered())
                    .put("status", outcome.status() < 0 ? null : Status.hex(outcome.status()))
                    .put("failure", outcome.failure().map(FailureCode::name).orElse(null))
                    .put("detail", outcome.detail());
        }
        return document;
    }

    private static boolean isPassedOver(SendOutcome outcome) {
        return outcome.failure().filter(FailureCode.NOT_DICOM::equals).isPresent();
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof WalnutException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Picocli sets the field before it calls the command. */
    private CommandLine commandLine() {
        return Objects.requireNonNull(spec, "set by picocli").commandLine();
    }
}
