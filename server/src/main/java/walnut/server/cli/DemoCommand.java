package walnut.server.cli;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import walnut.dicom.net.scu.Destination;
import walnut.dicom.net.scu.DimseClient;
import walnut.dicom.net.scu.DimseClientConfig;
import walnut.dicom.net.scu.SendOutcome;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.prostate.phantom.PhantomCohort;
import walnut.prostate.phantom.PhantomLesion;
import walnut.prostate.phantom.PhantomStudy;
import walnut.server.WalnutServer;
import walnut.server.api.CaseFilter;
import walnut.server.api.CaseState;
import walnut.server.api.CaseSummary;
import walnut.server.api.LabelKind;
import walnut.server.api.LabelReceipt;
import walnut.server.api.LabelSubmission;
import walnut.server.api.ModelFigures;
import walnut.server.api.ReplayReport;
import walnut.server.api.ReportedStatistic;
import walnut.server.config.ConfigKey;
import walnut.server.config.WalnutConfig;
import walnut.server.security.Role;
import walnut.server.security.Tokens;

/**
 * {@code walnut demo}: the whole corridor on synthetic patients. They are pushed over real DIMSE into a node of its own,
 * predicted, labelled with their truth, shown; one prediction is replayed.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Starts a node, sends it synthetic patients over DICOM, and shows what becomes of them. "
                + "Research use only, not a medical device.")
public final class DemoCommand implements Callable<Integer> {
    private static final Duration PATIENCE_PER_STUDY = Duration.ofMinutes(2);
    private static final long POLL_MILLIS = 200;
    private static final int SEND_TIMEOUT_SECONDS = 120;
    private static final int STOP_TIMEOUT_SECONDS = 60;

    private static final String QUIET = "1s";
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(12);

    private final CountDownLatch cleanedUp = new CountDownLatch(1);
    /** {@link System#nanoTime()} when a study had been sent. */
    private final Map<String, Long> lastImageAt = new HashMap<>();

    private final StepTimes steps = new StepTimes();

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private NodeOptions node = new NodeOptions();

    @Option(names = "--once", description = "end when every study has its outcome; 0 when none failed")
    private boolean once;

    @Option(
            names = "--patients",
            paramLabel = "N",
            defaultValue = "6",
            description =
                    "synthetic patients; of every six one is scanned twice, one lacks its ADC map, one has another "
                            + "fault planted (default: ${DEFAULT-VALUE})")
    private int patients;

    @Option(
            names = "--model",
            paramLabel = "ID|PKG",
            description = "shipped model, or a package (folder or zip); default: ${DEFAULT-VALUE}",
            defaultValue = ModelChoice.DEFAULT_MODEL)
    private String modelName = ModelChoice.DEFAULT_MODEL;

    private record Sent(DemoCast.Appointment appointment, PhantomStudy study) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (patients < 1 || patients > 1000) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "--patients takes 1 to 1000, got " + patients);
        }
        Path scratch = Files.createTempDirectory("walnut-demo");
        try {
            return run(scratch);
        } finally {
            deleteTree(scratch);
            cleanedUp.countDown();
        }
    }

    private int run(Path scratch) throws IOException, InterruptedException {
        try (ReceivingArchive archive = new ReceivingArchive(Files.createDirectories(scratch.resolve("archive")))) {
            return run(scratch, archive);
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new WalnutException(FailureCode.INTERNAL_ERROR, "the receiving archive did not stop", e);
        }
    }

    private int run(Path scratch, ReceivingArchive archive) throws IOException, InterruptedException {
        WalnutConfig config = node.load(Map.of(
                ConfigKey.DATA_DIR,
                scratch.resolve("data").toString(),
                ConfigKey.DICOM_PORT,
                "0",
                ConfigKey.DICOM_WARM_UP,
                "0s",
                ConfigKey.DICOM_DESTINATIONS,
                archive.asDestination(),
                ConfigKey.HTTP_PORT,
                once ? "0" : ConfigKey.HTTP_PORT.defaultValue(),
                ConfigKey.ASSEMBLY_QUIET,
                QUIET,
                ConfigKey.ASSEMBLY_CAP,
                "3s"));
        PrintWriter out = CommandOutput.of(spec);
        say(out, "Synthetic patients, synthetic model: research use only, not a medical device.");
        try (WalnutServer server = NodeStart.start(config, modelName, steps)) {
            say(out, "DICOM " + config.dicom().aeTitle() + "@127.0.0.1:" + server.dicomPort());
            Tokens.Issued token = token(server);
            String page = "http://127.0.0.1:" + server.httpPort();
            say(out, "page  " + page + server.access().links().make(token.token()) + " (opens once, in one browser)");
            say(out, "token " + token.secret() + " (every role, for 12 hours)");
            say(
                    out,
                    "model " + server.model().passport().id() + " "
                            + server.model().passport().version());
            server.deployments()
                    .change(
                            server.model().passport().id(),
                            "ASSIST",
                            "walnut demo",
                            "synthetic patients, into an archive of the demo's own");
            Map<String, Sent> sent = send(server, config, scratch.resolve("phantoms"), out);
            Map<String, CaseSummary> outcomes = outcomes(server, sent.keySet(), out);
            awaitDelivery(server, outcomes);
            printTable(sent, outcomes, archive, out);
            printDelivery(outcomes, archive, out);
            measure(server, sent, outcomes, out);
            if (!once) {
                say(out, "");
                say(
                        out,
                        "The page is at " + page + server.access().links().make(token.token())
                                + " until you press Ctrl+C.");
                waitForInterrupt();
            }
            boolean allAnswered = outcomes.size() == sent.size()
                    && outcomes.values().stream().noneMatch(summary -> summary.state() == CaseState.FAILED);
            return allAnswered ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    /** The demo's own, with every role, also on a data directory that has others. */
    private static Tokens.Issued token(WalnutServer server) {
        Instant now = Instant.now();
        return server.access()
                .tokens()
                .create(
                        "demo " + now.toEpochMilli(),
                        Set.of(Role.values()),
                        now.plus(TOKEN_LIFETIME),
                        Tokens.COMMAND_LINE);
    }

    /** Makes one patient at a time, sends it and deletes the files: however many there are, the disk holds one. */
    private Map<String, Sent> send(WalnutServer server, WalnutConfig config, Path folder, PrintWriter out)
            throws IOException, InterruptedException {
        Map<String, Sent> sent = new LinkedHashMap<>();
        Vertx vertx = Vertx.vertx();
        try {
            DimseClient client =
                    DimseClient.create(vertx, DimseClientConfig.defaults().withCallingAeTitle("PHANTOM"));
            Destination walnut = new Destination(config.dicom().aeTitle(), "127.0.0.1", server.dicomPort());
            for (DemoCast.Appointment appointment : DemoCast.of(patients)) {
                PhantomStudy study = appointment.make();
                PhantomCohort cohort = new PhantomCohort(folder);
                cohort.begin();
                cohort.write(study, appointment.defect());
                List<Path> files = dicomFiles(folder);
                long start = System.nanoTime();
                List<SendOutcome> results = await(client, walnut, files);
                lastImageAt.put(study.studyInstanceUid(), System.nanoTime());
                long refused =
                        results.stream().filter(result -> !result.delivered()).count();
                say(
                        out,
                        String.format(
                                Locale.ROOT,
                                "sent  %s: %d images in %.2f s%s",
                                study.patientId(),
                                files.size(),
                                (System.nanoTime() - start) / 1e9,
                                refused == 0 ? "" : ", " + refused + " not accepted"));
                if (refused > 0) {
                    throw new WalnutException(
                            FailureCode.STORAGE_FAILED, refused + " images were not accepted by our own node");
                }
                sent.put(study.studyInstanceUid(), new Sent(appointment, study));
                deleteTree(folder);
            }
        } finally {
            vertx.close();
        }
        return sent;
    }

    private static List<SendOutcome> await(DimseClient client, Destination walnut, List<Path> files)
            throws InterruptedException {
        try {
            return client.send(walnut, files, outcome -> {})
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(SEND_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WalnutException foreseen) {
                throw foreseen;
            }
            throw new WalnutException(FailureCode.INTERNAL_ERROR, "sending failed", e);
        } catch (TimeoutException e) {
            throw new WalnutException(FailureCode.PEER_TIMEOUT, "our own node did not take a study in time", e);
        }
    }

    /** Prints each case as it settles, until all have or patience ends. */
    private static Map<String, CaseSummary> outcomes(
            WalnutServer server, Iterable<String> studyInstanceUids, PrintWriter out) throws InterruptedException {
        Map<String, CaseSummary> settled = new LinkedHashMap<>();
        List<String> open = new ArrayList<>();
        studyInstanceUids.forEach(open::add);
        long deadline = System.nanoTime() + PATIENCE_PER_STUDY.toNanos() * open.size();
        while (!open.isEmpty() && System.nanoTime() < deadline) {
            for (String studyInstanceUid : List.copyOf(open)) {
                Optional<CaseSummary> summary =
                        server.cases().cases(new CaseFilter(Set.of(), studyInstanceUid, null, null, 1)).cases().stream()
                                .filter(found -> found.state().settled())
                                .findFirst();
                summary.ifPresent(found -> {
                    open.remove(studyInstanceUid);
                    settled.put(studyInstanceUid, found);
                    say(out, "case  " + found.caseId() + " " + describe(found));
                });
            }
            Thread.sleep(POLL_MILLIS);
        }
        return settled;
    }

    private static String describe(CaseSummary summary) {
        Double score = summary.caseScore();
        if (score != null) {
            return String.format(Locale.ROOT, "%s score %.3f (%s)", summary.state(), score, summary.scoreKind());
        }
        return summary.state() + " " + summary.explanation();
    }

    /** Until nothing is on its way any more, or patience ends. */
    private static void awaitDelivery(WalnutServer server, Map<String, CaseSummary> outcomes)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_PER_STUDY.toNanos();
        while (System.nanoTime() < deadline && !allDelivered(server, outcomes)) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static boolean allDelivered(WalnutServer server, Map<String, CaseSummary> outcomes) {
        return outcomes.values().stream()
                .map(CaseSummary::predictionId)
                .filter(Objects::nonNull)
                .map(server.delivery()::ofPrediction)
                .allMatch(objects -> !objects.isEmpty()
                        && objects.stream().allMatch(object -> object.state().equals("DELIVERED")));
    }

    /** How long after its last image each study's first page was in the archive. */
    private void printDelivery(Map<String, CaseSummary> outcomes, ReceivingArchive archive, PrintWriter out) {
        List<StepTimes.Way> ways = new ArrayList<>();
        int objects = 0;
        for (Map.Entry<String, CaseSummary> outcome : outcomes.entrySet()) {
            String studyInstanceUid = outcome.getKey();
            objects += archive.objectsOf(studyInstanceUid);
            OptionalLong arrived = archive.firstCaptureAt(studyInstanceUid);
            Long sent = lastImageAt.get(studyInstanceUid);
            String predictionId = outcome.getValue().predictionId();
            if (arrived.isPresent() && sent != null && predictionId != null) {
                ways.add(new StepTimes.Way(outcome.getValue().caseId(), predictionId, sent, arrived.getAsLong()));
            }
        }
        say(out, "");
        say(out, "archive: " + objects + " result objects arrived, pages and a report for each study");
        Map<String, List<Double>> parts = steps.parts(ways);
        if (!parts.isEmpty()) {
            say(
                    out,
                    String.format(
                            Locale.ROOT,
                            "last image sent to first page in the archive (n = %d; a study counts as whole after %s):",
                            ways.size(),
                            QUIET));
            parts.forEach((part, seconds) -> say(
                    out,
                    String.format(
                            Locale.ROOT,
                            "  %-34s median %6.2f s, 95th percentile %6.2f s",
                            part,
                            StepTimes.percentile(seconds, 0.5),
                            StepTimes.percentile(seconds, 0.95))));
        }
    }

    private static void printTable(
            Map<String, Sent> sent, Map<String, CaseSummary> outcomes, ReceivingArchive archive, PrintWriter out) {
        say(out, "");
        say(out, String.format("%-16s %-13s %8s %8s  %s", "patient", "outcome", "score", "objects", "what it is"));
        sent.forEach((uid, one) -> {
            CaseSummary summary = outcomes.get(uid);
            Double score = summary == null ? null : summary.caseScore();
            say(
                    out,
                    String.format(
                            Locale.ROOT,
                            "%-16s %-13s %8s %8d  %s",
                            one.study.patientId(),
                            summary == null ? "NO OUTCOME" : summary.state(),
                            score == null ? "-" : String.format(Locale.ROOT, "%.3f", score),
                            archive.objectsOf(uid),
                            one.appointment.describe(one.study)));
        });
    }

    /** Hands in the truth as labels, prints the live figures, and replays one prediction. */
    private void measure(
            WalnutServer server, Map<String, Sent> sent, Map<String, CaseSummary> outcomes, PrintWriter out) {
        List<LabelSubmission> labels = new ArrayList<>();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        sent.forEach((uid, one) -> labels.add(new LabelSubmission(
                labels.size() + 1,
                uid,
                null,
                null,
                LabelKind.BIOPSY_TARGETED,
                one.study.lesions().stream().mapToInt(PhantomLesion::isup).max().orElse(0),
                null,
                null,
                today,
                "phantom truth")));
        LabelReceipt receipt = server.labels().receive(labels);
        say(out, "");
        say(out, "labels: " + receipt.joined() + " joined to cases (the phantoms' own truth)");
        server.monitoring().figures(server.model().passport().id()).ifPresent(figures -> printFigures(figures, out));
        outcomes.values().stream()
                .filter(summary -> summary.state() == CaseState.COMPLETED)
                .map(CaseSummary::predictionId)
                .findFirst()
                .flatMap(id -> id == null
                        ? Optional.<ReplayReport>empty()
                        : server.replay().replay(id))
                .ifPresent(report -> say(
                        out,
                        "replay of one prediction: " + report.verdict()
                                + (report.firstDifferingStage() == null
                                        ? ", every stage equal"
                                        : ", first difference in " + report.firstDifferingStage())));
    }

    private static void printFigures(ModelFigures figures, PrintWriter out) {
        say(out, "AUROC among " + figures.verified() + " verified synthetic cases: " + shown(figures.auroc()));
        figures.operatingPoints()
                .forEach(point -> say(
                        out,
                        "sensitivity at " + point.operatingPoint() + " (" + point.threshold() + "): "
                                + shown(point.sensitivity())));
        say(
                out,
                "men scanned twice: " + figures.rescans().pairs() + ", within-subject standard deviation of the score: "
                        + shown(figures.rescans().withinSubjectSd()));
    }

    private static String shown(ReportedStatistic statistic) {
        Double value = statistic.value();
        if (value == null) {
            return "undefined, " + statistic.reason() + " (n = " + statistic.n() + ")";
        }
        ReportedStatistic.@Nullable Interval interval = statistic.interval();
        return String.format(Locale.ROOT, "%.3f (n = %d", value, statistic.n())
                + (interval == null
                        ? ")"
                        : String.format(
                                Locale.ROOT,
                                ", 95 %% %s %.3f to %.3f)",
                                interval.method(),
                                interval.lower(),
                                interval.upper()));
    }

    /** Ctrl+C ends the wait, and the process lives until the node is stopped and its files are gone. */
    private void waitForInterrupt() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            interrupted.countDown();
                            try {
                                cleanedUp.await(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "demo-shutdown"));
        interrupted.await();
    }

    private static List<Path> dicomFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".dcm"))
                    .sorted()
                    .toList();
        }
    }

    private static void deleteTree(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // Temporary files that resist are the operating system's to clear.
        }
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
