package walnut.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
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
import walnut.dicom.part10.FolderFiles;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** {@code walnut send}: every DICOM file below a folder by C-STORE; anything else there is passed over. */
@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        description =
                "Sends DICOM files to a peer by C-STORE, each in its own transfer syntax. Files that are not DICOM "
                        + "are passed over. What a passing failure left over (a lost association, a busy peer) is sent again.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every instance was delivered",
            "1:some were not, or no association came about",
            "2:usage",
            "3:the peer answered for every instance, and refused some for good"
        })
public final class SendCommand implements Callable<Integer> {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

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

    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "3",
            description =
                    "Further tries, after growing pauses, when one brought no file any further (${DEFAULT-VALUE}).")
    int retries = 3;

    @Option(
            names = "--resume",
            paramLabel = "FILE",
            description = "Log of what was delivered: a run that was broken off goes on where it stopped.")
    @Nullable
    Path log;

    @Option(
            names = "--json",
            description = "Say on stdout what became of each file, as one JSON document "
                    + "(docs/schemas/send.schema.json).")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Destination peer = Destination.parse(destination);
        if (retries < 0) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "--retries must not be negative, found " + retries);
        }
        if (!Files.exists(source)) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "no such file or folder: " + source);
        }
        FolderFiles found = FolderFiles.below(source);
        Vertx vertx = Vertx.vertx();
        try (DeliveryLog delivered = log == null ? DeliveryLog.none() : DeliveryLog.open(log, peer)) {
            DimseClient client =
                    DimseClient.create(vertx, DimseClientConfig.defaults().withCallingAeTitle(aeTitle));
            List<Path> files = found.files().stream()
                    .filter(file -> !file.equals(log) && !delivered.holds(file))
                    .toList();
            long began = System.nanoTime();
            Report report = new Report(delivered, files.size());
            List<SendOutcome> outcomes = new ArrayList<>(leftOut(found));
            outcomes.forEach(report::settled);
            if (!files.isEmpty()) {
                Delivery delivery = new Delivery(
                        (open, progress) -> await(client.send(peer, open, progress)),
                        retries,
                        FIRST_PAUSE,
                        wait -> Thread.sleep(wait.toMillis()),
                        report);
                outcomes.addAll(delivery.send(files));
            }
            report.progress.clear();
            int before = (int) found.files().stream().filter(delivered::holds).count();
            return conclude(peer, outcomes, before, Duration.ofNanos(System.nanoTime() - began));
        } finally {
            await(vertx.close());
        }
    }

    /** A folder that cannot be opened may hold instances: not delivered. A link in a circle holds nothing new. */
    private static List<SendOutcome> leftOut(FolderFiles found) {
        return found.leftOut().stream()
                .filter(left -> left.code() == FailureCode.FILE_UNREADABLE)
                .map(left -> new SendOutcome(left.path(), "", -1, Optional.of(left.code()), left.why()))
                .toList();
    }

    /** Bar, log and what went wrong, as it happens. */
    private final class Report implements Delivery.Listener {
        private final DeliveryLog log;
        private final int total;
        private final TerminalProgress progress = TerminalProgress.of("send");
        private int settled;

        Report(DeliveryLog log, int total) {
            this.log = log;
            this.total = total;
        }

        @Override
        public synchronized void settled(SendOutcome outcome) {
            settled++;
            if (outcome.delivered()) {
                log.delivered(outcome.file());
                if (outcome.status() != Status.SUCCESS) {
                    say(outcome.file() + ": delivered, with a remark: " + outcome.detail());
                }
            } else if (!isPassedOver(outcome)) {
                say(outcome.file() + ": " + outcome.failure().orElseThrow() + ": " + outcome.detail());
            }
            progress.update(settled, total);
        }

        @Override
        public synchronized void tryingAgain(int files, Duration after, String why) {
            say(why + "; " + files + " files are sent again in " + after.toMillis() / 1000.0 + " s");
        }

        private void say(String line) {
            progress.clear();
            PrintWriter stderr = commandLine().getErr();
            stderr.println(line);
            stderr.flush();
        }
    }

    private int conclude(Destination peer, List<SendOutcome> outcomes, int before, Duration elapsed) {
        long delivered = outcomes.stream().filter(SendOutcome::delivered).count();
        long passedOver = outcomes.stream().filter(SendCommand::isPassedOver).count();
        long failed = outcomes.size() - delivered - passedOver;
        if (delivered + failed + before == 0) {
            throw new WalnutException(FailureCode.NOT_DICOM, "no DICOM file in " + source);
        }
        PrintWriter stderr = commandLine().getErr();
        stderr.println("%d delivered to %s%s, %d failed, %d not DICOM, in %.1f s"
                .formatted(
                        delivered,
                        peer,
                        before == 0 ? "" : " and " + before + " by an earlier run",
                        failed,
                        passedOver,
                        elapsed.toMillis() / 1000.0));
        stderr.flush();
        if (json) {
            ObjectNode document = new ObjectMapper()
                    .createObjectNode()
                    .put("destination", peer.toString())
                    .put("delivered", delivered)
                    .put("deliveredBefore", before)
                    .put("failed", failed)
                    .put("notDicom", passedOver)
                    .put("elapsedMs", elapsed.toMillis());
            putInstances(document, outcomes);
            commandLine().getOut().println(document.toPrettyString());
            commandLine().getOut().flush();
        }
        return exit(outcomes);
    }

    private static int exit(List<SendOutcome> outcomes) {
        List<SendOutcome> failed = outcomes.stream()
                .filter(outcome -> !outcome.delivered() && !isPassedOver(outcome))
                .toList();
        if (failed.isEmpty()) {
            return ExitCode.DONE;
        }
        boolean allRefused = failed.stream()
                .allMatch(outcome -> outcome.failure().equals(Optional.of(FailureCode.PEER_REFUSED_INSTANCE))
                        && !Delivery.isPassing(outcome));
        return allRefused ? ExitCode.REFUSED : ExitCode.FAILED;
    }

    private static void putInstances(ObjectNode document, List<SendOutcome> outcomes) {
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
