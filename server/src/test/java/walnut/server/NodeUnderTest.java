package walnut.server;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import walnut.models.passport.ModelPackage;
import walnut.server.cli.Main;
import walnut.server.config.ConfigKey;
import walnut.server.config.DataDir;
import walnut.server.config.WalnutConfig;
import walnut.server.database.StoredPrediction;
import walnut.server.journey.StepObserver;
import walnut.server.security.Role;
import walnut.server.security.Tokens;

/** A whole node in this process, on free ports, that is sent studies by {@code walnut send} and asked what it made of them. */
public final class NodeUnderTest implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final BlockingQueue<StoredPrediction> finished = new LinkedBlockingQueue<>();
    private final PausableClock clock;
    private final WalnutServer server;

    private NodeUnderTest(
            Path root, ModelPackage model, Map<ConfigKey, String> settings, Clock clock, StepObserver steps) {
        Map<ConfigKey, String> flags = new HashMap<>(Map.of(
                ConfigKey.DATA_DIR,
                root.toString(),
                ConfigKey.DICOM_PORT,
                "0",
                ConfigKey.HTTP_PORT,
                "0",
                ConfigKey.ASSEMBLY_QUIET,
                "200ms"));
        flags.putAll(settings);
        WalnutConfig config = WalnutConfig.load(Optional.empty(), Map.of(), flags);
        this.clock = new PausableClock(clock);
        this.server = WalnutServer.start(
                config,
                DataDir.open(config.dataDir()),
                model,
                "test",
                this.clock,
                (stored, outcome, prediction) -> finished.add(prediction),
                steps);
    }

    public static NodeUnderTest start(Path root, ModelPackage model, Map<ConfigKey, String> settings) {
        return start(root, model, settings, Clock.systemUTC(), StepObserver.NOBODY);
    }

    /** @param steps told on the thread that does them, which may be kept there */
    public static NodeUnderTest start(
            Path root, ModelPackage model, Map<ConfigKey, String> settings, Clock clock, StepObserver steps) {
        return new NodeUnderTest(root, model, settings, clock, steps);
    }

    public WalnutServer server() {
        return server;
    }

    /** The secret of a new token with this role. */
    public String token(Role role) {
        return server.access()
                .tokens()
                .create("test " + role, Set.of(role), null, Tokens.COMMAND_LINE)
                .secret();
    }

    /**
     * Sends the folder's studies over DICOM. The node's clock stands meanwhile: however long the machine takes between
     * two images, no study falls quiet before it is whole.
     */
    public void send(Path folder) {
        clock.pause();
        try {
            sendInStandingTime(folder);
        } finally {
            clock.resume();
        }
    }

    private void sendInStandingTime(Path folder) {
        StringWriter said = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(said, true));
        line.setErr(new PrintWriter(said, true));
        int exit = line.execute("send", folder.toString(), "--to", "WALNUT@127.0.0.1:" + server.dicomPort());
        if (exit != 0) {
            throw new IllegalStateException("walnut send ended with " + exit + ": " + said);
        }
    }

    /** The next case's prediction. */
    public StoredPrediction nextPrediction() throws InterruptedException {
        return predictionWithin(PATIENCE)
                .orElseThrow(() -> new IllegalStateException("no case was finished in " + PATIENCE));
    }

    public Optional<StoredPrediction> predictionWithin(Duration patience) throws InterruptedException {
        return Optional.ofNullable(finished.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public void close() {
        server.close();
    }

    /** Another clock, which stands while anybody has paused it. */
    private static final class PausableClock extends Clock {
        private final Clock running;
        private int pauses;
        private Instant pausedAt = Instant.EPOCH;

        PausableClock(Clock running) {
            this.running = running;
        }

        synchronized void pause() {
            if (pauses++ == 0) {
                pausedAt = running.instant();
            }
        }

        synchronized void resume() {
            pauses--;
        }

        @Override
        public synchronized Instant instant() {
            return pauses > 0 ? pausedAt : running.instant();
        }

        @Override
        public ZoneId getZone() {
            return running.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return Clock.fixed(instant(), zone);
        }
    }
}
