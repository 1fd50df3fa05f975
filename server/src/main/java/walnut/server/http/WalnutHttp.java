package walnut.server.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.net.BindException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.api.AuditRoutes;
import walnut.server.api.CaseRoutes;
import walnut.server.api.ClinicalContextRoutes;
import walnut.server.api.FrameRoutes;
import walnut.server.api.HealthRoutes;
import walnut.server.api.LabelRoutes;
import walnut.server.api.MonitoringRoutes;
import walnut.server.api.OpenApiRoutes;
import walnut.server.api.OperationRoutes;
import walnut.server.api.ReplayRoutes;
import walnut.server.api.ReviewRoutes;
import walnut.server.api.Routes;
import walnut.server.api.SenderRoutes;
import walnut.server.api.TokenRoutes;
import walnut.server.api.UpkeepRoutes;
import walnut.server.api.WorkerAnswers;
import walnut.server.events.EventRoutes;
import walnut.server.frames.FrameCache;
import walnut.server.pages.AdminRoutes;
import walnut.server.pages.PageRoutes;

/**
 * The HTTP listener with everything that hangs on it.
 *
 * <p>Threads: requests are read and answers written on an event loop; what may block runs on the worker pools
 * {@code walnut-http} (queries, pictures, pages) and {@code walnut-replay} (models), so that a list never waits for a
 * model.
 */
public final class WalnutHttp {
    private static final int QUERY_WORKERS = 4;
    private static final int REPLAY_WORKERS = 1;
    /** Before the guard. */
    private static final int FIRST = AccessGuard.ORDER - 1;

    private final HttpServer server;
    private final List<WorkerExecutor> workers;

    private WalnutHttp(HttpServer server, List<WorkerExecutor> workers) {
        this.server = server;
        this.workers = workers;
    }

    /**
     * Binds and serves. A port that is taken is {@link FailureCode#PORT_IN_USE}; another address than loopback before
     * anybody has a token is {@link FailureCode#CONFIGURATION_INVALID}.
     *
     * @return completes when requests are answered; {@link #port()} then tells which port it is
     */
    public static Future<WalnutHttp> start(Vertx vertx, HttpSettings settings, HttpDependencies dependencies) {
        settings.checkReachableOnlyWithToken(dependencies.access().tokens().isEmpty());
        WorkerExecutor queries = vertx.createSharedWorkerExecutor("walnut-http", QUERY_WORKERS, 30, TimeUnit.SECONDS);
        WorkerExecutor replays =
                vertx.createSharedWorkerExecutor("walnut-replay", REPLAY_WORKERS, 10, TimeUnit.MINUTES);
        Router router = router(vertx, settings, dependencies, new WorkerAnswers(queries), new WorkerAnswers(replays));
        HttpServer server = vertx.createHttpServer(options(settings)).requestHandler(router);
        List<WorkerExecutor> workers = List.of(queries, replays);
        return server.listen().map(bound -> new WalnutHttp(bound, workers)).recover(failure -> {
            workers.forEach(WorkerExecutor::close);
            return Future.failedFuture(explained(failure, settings));
        });
    }

    /** The port that was bound; the configured one unless that was 0. */
    public int port() {
        return server.actualPort();
    }

    public Future<Void> close() {
        return server.close().onComplete(closed -> workers.forEach(WorkerExecutor::close));
    }

    static Router router(
            Vertx vertx, HttpSettings settings, HttpDependencies from, WorkerAnswers queries, WorkerAnswers replays) {
        FrameCache frames = new FrameCache(from.panes());
        AccessLedger ledger = new AccessLedger(from.ledger(), from.clock());
        ClientAddress client = new ClientAddress(settings.proxies());
        List<Routes> served = List.of(
                new SignInRoutes(from.access(), ledger, queries, client),
                new CaseRoutes(from.cases(), queries),
                new FrameRoutes(from.cases(), frames, queries),
                new LabelRoutes(from.labels(), queries),
                new ClinicalContextRoutes(from.contexts(), from.cases(), queries),
                new ReviewRoutes(from.reviews(), from.cases(), queries),
                new MonitoringRoutes(from.monitoring(), from.deployments(), queries),
                new OperationRoutes(from.cases(), from.control(), from.delivery(), queries),
                new SenderRoutes(from.senders(), queries),
                new ReplayRoutes(from.cases(), from.replay(), replays),
                new TokenRoutes(from.access().tokens(), queries),
                new AuditRoutes(from.ledger(), queries),
                new UpkeepRoutes(from.upkeep(), queries),
                new HealthRoutes(from.readiness(), from.meters(), queries),
                new OpenApiRoutes(),
                new EventRoutes(vertx, from.cases(), UUID.randomUUID().toString(), EventRoutes.Settings.standard()),
                new PageRoutes(
                        from.cases(),
                        frames,
                        from.monitoring(),
                        from.deployments(),
                        from.reviews(),
                        from.contexts(),
                        queries),
                new AdminRoutes(
                        from.cases(),
                        from.deployments(),
                        from.delivery(),
                        from.senders(),
                        from.upkeep().storage(),
                        queries));

        Router router = Router.router(vertx);
        served.forEach(routes -> routes.mount(router));
        // What is mounted after the served routes comes before them by its order.
        List<Route> answering = router.getRoutes();
        router.route().order(FIRST).handler(new RequestMeters(from.meters()));
        router.route().order(FIRST).handler(SecurityHeaders::put);
        router.route().order(FIRST).handler(Failures::refuseUnreadablePath);
        router.route().order(FIRST).handler(OriginGuard::check);
        new AccessGuard(from.access(), ledger, client).mount(router, answering);
        Failures.mount(router);
        return router;
    }

    private static HttpServerOptions options(HttpSettings settings) {
        return new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                // HTTP/2 without TLS has no client here, and its upgrade path is one more thing to attack.
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout(75)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
    }

    private static Throwable explained(Throwable failure, HttpSettings settings) {
        if (failure instanceof BindException) {
            return new WalnutException(
                    FailureCode.PORT_IN_USE,
                    "HTTP port " + settings.port() + " on " + settings.host()
                            + " is taken: stop what listens there, or choose another (0 takes any free one)",
                    failure);
        }
        return failure;
    }
}
