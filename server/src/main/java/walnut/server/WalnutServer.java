package walnut.server;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.dicom.net.scp.DimseServer;
import walnut.dicom.net.scp.DimseServerConfig;
import walnut.dicom.net.scu.Destination;
import walnut.dicom.net.scu.DimseClient;
import walnut.dicom.net.scu.DimseClientConfig;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.passport.ModelPackage;
import walnut.models.registry.ModelRegistry;
import walnut.server.api.CaseDetail;
import walnut.server.api.CaseQueries;
import walnut.server.api.Delivery;
import walnut.server.api.DeploymentControl;
import walnut.server.api.LabelIntake;
import walnut.server.api.MonitoringQueries;
import walnut.server.api.ReadinessReport;
import walnut.server.api.ReplayService;
import walnut.server.api.Upkeep;
import walnut.server.config.DataDir;
import walnut.server.config.WalnutConfig;
import walnut.server.context.ContextDesk;
import walnut.server.database.AccessTokenTable;
import walnut.server.database.BrowserSessionTable;
import walnut.server.database.CaseTable;
import walnut.server.database.ContextTable;
import walnut.server.database.Database;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.DeploymentState;
import walnut.server.database.DeploymentTable;
import walnut.server.database.Ids;
import walnut.server.database.LabelTable;
import walnut.server.database.LedgerTable;
import walnut.server.database.NodeInstanceIndex;
import walnut.server.database.OutboxTable;
import walnut.server.database.PredictionTable;
import walnut.server.database.ReplayTable;
import walnut.server.database.RetentionTable;
import walnut.server.database.ReviewTable;
import walnut.server.database.StoredPrediction;
import walnut.server.dimse.IngestWarmUp;
import walnut.server.dimse.SenderBook;
import walnut.server.http.HttpDependencies;
import walnut.server.http.HttpSettings;
import walnut.server.http.WalnutHttp;
import walnut.server.journey.StepObserver;
import walnut.server.labels.LabelDesk;
import walnut.server.labels.LiveFigures;
import walnut.server.ledger.Ledger;
import walnut.server.meters.NodeMeters;
import walnut.server.outbox.DeliveryDesk;
import walnut.server.outbox.Outbox;
import walnut.server.pipeline.CaseArchive;
import walnut.server.pipeline.CaseDesk;
import walnut.server.pipeline.CaseListener;
import walnut.server.pipeline.CasePipeline;
import walnut.server.pipeline.CaseQueue;
import walnut.server.pipeline.CaseWorker;
import walnut.server.pipeline.ConflictDesk;
import walnut.server.pipeline.HeatmapFolder;
import walnut.server.pipeline.KnownAnswerSchedule;
import walnut.server.pipeline.ModelDesk;
import walnut.server.pipeline.NonPatientDesk;
import walnut.server.pipeline.NotedDeployments;
import walnut.server.pipeline.RecordedModels;
import walnut.server.pipeline.ReplayDesk;
import walnut.server.pipeline.ServedModel;
import walnut.server.pipeline.StoredInputs;
import walnut.server.pipeline.StoredResults;
import walnut.server.retention.DiskSpace;
import walnut.server.retention.RetentionDesk;
import walnut.server.reviews.ReviewDesk;
import walnut.server.security.Access;
import walnut.server.security.Sessions;
import walnut.server.security.SignInLinks;
import walnut.server.security.SignInThrottle;
import walnut.server.security.Tokens;
import walnut.store.InstanceIndex;
import walnut.store.InstanceStore;
import walnut.store.StoreConfig;
import walnut.store.StoredInstance;

/**
 * One node. Started from the disk outwards, so that whatever listens has everything below it; the DICOM port opens last.
 * Stopped in the reverse order: first nothing new comes in, then what is in is finished, then the disk is let go.
 */
public final class WalnutServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WalnutServer.class);
    private static final long START_STOP_SECONDS = 60;
    /** A heatmap without a prediction that is older than this belongs to a process that died. */
    private static final Duration UNFINISHED = Duration.ofHours(1);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final ServedModel model;
    private volatile int dicomPort;
    private int httpPort;
    private @Nullable HttpDependencies rooms;

    private WalnutServer(ServedModel model) {
        this.model = model;
    }

    /**
     * @param dataDir opened by the caller and closed with the server
     * @param modelPackage the model to serve
     * @throws WalnutException PORT_IN_USE, MODEL_… or whatever keeps the node from starting; then nothing stays open
     */
    public static WalnutServer start(
            WalnutConfig config,
            DataDir dataDir,
            ModelPackage modelPackage,
            String walnutVersion,
            Clock clock,
            CaseListener listener) {
        return start(config, dataDir, modelPackage, walnutVersion, clock, listener, StepObserver.NOBODY);
    }

    /** @param steps told after each step of each case; who ends the process there learns what a restart makes of it */
    public static WalnutServer start(
            WalnutConfig config,
            DataDir dataDir,
            ModelPackage modelPackage,
            String walnutVersion,
            Clock clock,
            CaseListener listener,
            StepObserver steps) {
        ServedModel model;
        try {
            model = ServedModel.load(
                    modelPackage, id -> ModelRegistry.open(dataDir.models()).find(id), walnutVersion);
        } catch (RuntimeException e) {
            dataDir.close();
            throw e;
        }
        WalnutServer server = new WalnutServer(model);
        server.parts.push(dataDir);
        server.parts.push(model);
        try {
            server.open(config, dataDir, clock, listener, steps);
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void open(WalnutConfig config, DataDir dataDir, Clock clock, CaseListener listener, StepObserver steps) {
        Ids ids = new Ids(clock, new SecureRandom());
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        parts.push(registry::close);
        NodeMeters meters = new NodeMeters(registry, clock);
        Database database = opened(NodeDatabase.open(config.database(), dataDir));
        boolean alone = !database.isShared();
        String holder = ids.next();
        Ledger ledger = Ledger.open(new LedgerTable(database), dataDir.node(), new SecureRandom(), clock);
        if (!alone) {
            // So that this node knows how far the shared ledger had come, before it has anything else to say.
            ledger.append(Tokens.NODE, "NODE_STARTED", config.database().nodeName(), "");
        }
        Access access = access(database, config, ledger, clock, ids);
        ModelDesk models = new ModelDesk(model, new DeploymentTable(database), clock, ids);
        models.runKnownAnswers();
        meters.watchModels(models);
        opened(KnownAnswerSchedule.start(models::runKnownAnswers, config.knownAnswers()));

        CaseTable cases = new CaseTable(database, clock);
        meters.watchStudies(cases::count);
        PredictionTable predictions = new PredictionTable(database);
        DatabaseInstanceIndex index =
                new DatabaseInstanceIndex(database, config.assembly().quiet(), clock, ids);
        InstanceIndex ofThisNode =
                alone ? index : new NodeInstanceIndex(index, dataDir.root().relativize(dataDir.node()));
        StoreConfig storeConfig = StoreConfig.defaults();
        InstanceStore store =
                opened(InstanceStore.open(dataDir.node(), ofThisNode, meters.instances(), storeConfig, clock));
        Function<StoredInstance, Path> pathOf = instance -> dataDir.root().resolve(instance.file());

        CasePipeline pipeline = new CasePipeline(model);
        HeatmapFolder heatmaps = new HeatmapFolder(dataDir.predictions());
        heatmaps.sweep(id -> predictions.find(id).isPresent(), clock.instant().minus(UNFINISHED));
        ContextTable contexts = new ContextTable(database);
        LabelDesk labels =
                new LabelDesk(new LabelTable(database), cases, predictions, contexts, clock, config.siteZone(), ids);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        parts.push(() -> await(vertx.close()));
        CaseArchive archive = new CaseArchive(cases, predictions, index, heatmaps, pipeline, pathOf);
        StoredInputs inputs = new StoredInputs(cases, index, contexts, pathOf);
        RecordedModels recorded = new RecordedModels(pipeline, ModelRegistry.open(dataDir.models()));
        ReplayService replay = meters.counting(
                new ReplayDesk(predictions, inputs, new ReplayTable(database), heatmaps, recorded, clock, ids));
        OutboxTable outgoing = new OutboxTable(database);
        Map<String, Destination> destinations = config.dicom().destinations();
        DimseClient client = DimseClient.create(
                vertx,
                DimseClientConfig.defaults().withCallingAeTitle(config.dicom().aeTitle()));
        Outbox outbox = new Outbox(
                outgoing,
                new StoredResults(predictions, inputs, heatmaps, pipeline, config.siteZone()),
                dataDir.results(),
                client,
                destinations,
                holder,
                meters.outbox(),
                steps,
                clock);
        DeliveryDesk delivery = new DeliveryDesk(outgoing, destinations, client, outbox::wake, clock);
        meters.watchOutbox(delivery);
        CaseListener afterCase = (stored, outcome, prediction) -> {
            outbox.wake();
            labels.retryOrphansOf(stored);
            meters.finished(stored, outcome, prediction);
            listener.finished(stored, outcome, prediction);
        };
        ReviewTable reviews = new ReviewTable(database);
        CaseWorker worker = new CaseWorker(
                cases,
                index,
                predictions,
                heatmaps,
                pathOf,
                pipeline,
                contexts,
                models::workingState,
                reviews::isReviewed,
                new CaseWorker.Limits(config.assembly().cap(), config.pipeline().attempts()),
                clock,
                ids,
                afterCase,
                steps);
        CaseQueue queue = new CaseQueue(
                cases,
                worker,
                () -> models.workingState() == DeploymentState.STOPPED,
                CaseQueue.Settings.of(holder, config.pipeline(), config.assembly()),
                clock);
        CaseDesk desk = new CaseDesk(
                cases,
                predictions,
                stored -> predictions
                        .findEqual(
                                stored.caseId(),
                                CaseWorker.inputDigest(
                                        index.ofStudy(stored.studyInstanceUid()),
                                        contexts.newestOf(stored.caseId()).orElse(null)),
                                pipeline.model().digest(),
                                pipeline.configDigest(),
                                CaseWorker.kindFor(models.workingState()))
                        .map(StoredPrediction::predictionId),
                queue::wake);
        RetentionDesk retention = opened(new RetentionDesk(
                new RetentionTable(database),
                config.retention(),
                dataDir.root(),
                () -> DiskSpace.of(dataDir.root()),
                storeConfig.reserveBytes(),
                ledger,
                clock,
                System::nanoTime));
        Upkeep upkeep = new Upkeep(desk, new ConflictDesk(index), retention, new NonPatientDesk(index));
        LiveFigures figures = new LiveFigures(
                cases,
                predictions,
                new LabelTable(database),
                new ReplayTable(database),
                reviews,
                model.passport(),
                clock);
        ReviewDesk reviewDesk = new ReviewDesk(reviews, archive::predictionById, clock, ids::next);
        ContextDesk contextDesk = new ContextDesk(
                contexts,
                caseId -> archive.caseById(caseId).map(CaseDetail::summary),
                caseId -> {
                    cases.reopen(caseId);
                    queue.wake();
                },
                clock,
                config.siteZone(),
                ids::next);
        SenderBook senders = new SenderBook(config.dicom().callers(), meters.associations(), clock);
        HttpDependencies dependencies = new HttpDependencies(
                archive,
                archive,
                labels,
                reviewDesk,
                contextDesk,
                figures,
                models,
                new NotedDeployments(models, ledger),
                delivery,
                senders,
                replay,
                upkeep,
                () -> readiness(models.check(), database.isSynced()),
                access,
                ledger,
                registry,
                clock);
        HttpSettings settings = new HttpSettings(
                config.http().host(), config.http().port(), config.http().trustedProxies());
        WalnutHttp http = await(WalnutHttp.start(vertx, settings, dependencies));
        rooms = dependencies;
        parts.push(() -> await(http.close()));
        httpPort = http.port();

        new IngestWarmUp(dataDir.warmUp(), config.dicom().warmUp(), clock, ids).run(vertx);
        outbox.start(alone);
        parts.push(outbox);
        retention.start();
        queue.start(alone);
        parts.push(queue);
        DimseServer dimse = await(
                DimseServer.create(vertx, dimseConfig(config), store, senders).start());
        parts.push(() -> await(dimse.stop()));
        dicomPort = dimse.port();
        LOG.info("DICOM: {}@{}:{}", config.dicom().aeTitle(), config.dicom().host(), dicomPort);
    }

    private static Access access(Database database, WalnutConfig config, Ledger ledger, Clock clock, Ids ids) {
        SecureRandom random = new SecureRandom();
        Tokens tokens =
                new Tokens(new AccessTokenTable(database), config.http().token(), ledger, clock, random, ids::next);
        return new Access(
                tokens,
                new Sessions(new BrowserSessionTable(database), tokens, clock, random),
                new SignInLinks(tokens, clock, random),
                new SignInThrottle(clock));
    }

    /** Its models, whether the disk keeps what is stored, and the DICOM port, which opens last: who sends before is turned away. */
    private ReadinessReport readiness(ReadinessReport ofModels, boolean databaseIsSynced) {
        List<ReadinessReport.Check> checks = new ArrayList<>(ofModels.checks());
        checks.add(new ReadinessReport.Check(
                "database on disk",
                databaseIsSynced,
                databaseIsSynced
                        ? "synced"
                        : "its log could not be synced; nothing is stored until the disk takes it (INDEX_NOT_SYNCED)"));
        boolean open = dicomPort != 0;
        checks.add(new ReadinessReport.Check("DICOM port", open, open ? "open" : "not open yet"));
        return new ReadinessReport(checks);
    }

    private static DimseServerConfig dimseConfig(WalnutConfig config) {
        return DimseServerConfig.defaults()
                .withHost(config.dicom().host())
                .withPort(config.dicom().port())
                .withAeTitle(config.dicom().aeTitle())
                .withCallingAeTitles(Set.copyOf(config.dicom().callers()));
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    /** The port that was bound, also when 0 was asked for. */
    public int dicomPort() {
        return dicomPort;
    }

    public int httpPort() {
        return httpPort;
    }

    public ServedModel model() {
        return model;
    }

    /** Who may ask this node. */
    public Access access() {
        return rooms().access();
    }

    /** What was done on this node, and by whom. */
    public Ledger ledger() {
        return rooms().ledger();
    }

    public CaseQueries cases() {
        return rooms().cases();
    }

    public LabelIntake labels() {
        return rooms().labels();
    }

    public MonitoringQueries monitoring() {
        return rooms().monitoring();
    }

    public DeploymentControl deployments() {
        return rooms().control();
    }

    public Delivery delivery() {
        return rooms().delivery();
    }

    public Upkeep upkeep() {
        return rooms().upkeep();
    }

    public ReplayService replay() {
        return rooms().replay();
    }

    private HttpDependencies rooms() {
        if (rooms == null) {
            throw new IllegalStateException("the node is not started");
        }
        return rooms;
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(START_STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WalnutException foreseen) {
                throw foreseen;
            }
            throw new WalnutException(FailureCode.INTERNAL_ERROR, "a part of the node failed to start or stop", e);
        } catch (TimeoutException e) {
            throw new WalnutException(
                    FailureCode.INTERNAL_ERROR, "a part of the node did not start or stop in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WalnutException(FailureCode.INTERNAL_ERROR, "interrupted while starting or stopping", e);
        }
    }

    /** Stops what was started, newest first; one part that fails to stop keeps no other from it. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("a part of the node did not stop cleanly", e);
            }
        }
    }
}
