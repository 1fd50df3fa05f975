package walnut.server.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.BindException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
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
import walnut.server.api.WorkerAnswers;
import walnut.server.events.EventRoutes;
import walnut.server.frames.FrameCache;
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

    private final HttpServer server;
    private final List<WorkerExecutor> workers;

    private WalnutHttp(HttpServer server, List<WorkerExecutor> workers) {
        this.server = server;
        this.workers = workers;
    }

    /**
     * Binds and serves. A port that is taken is {@link FailureCode#PORT_IN_USE}.
     *
     * @return completes when requests are answered; {@link #port()} then tells which port it is
     */
    public static Future<WalnutHttp> start(Vertx vertx, HttpSettings settings, HttpDependencies dependencies) {
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
        List<Routes> served = List.of(
                new CaseRoutes(from.cases(), queries),
                new FrameRoutes(frames, queries),
                new LabelRoutes(from.labels(), queries),
                new ClinicalContextRoutes(from.contexts(), from.cases(), Actor::caller, queries),
                new ReviewRoutes(from.reviews(), from.cases(), Actor::caller, queries),
                new MonitoringRoutes(from.monitoring(), from.deployments(), queries),
                new OperationRoutes(from.control(), from.delivery(), queries),
                new ReplayRoutes(from.replay(), replays),
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
                        Actor::caller,
                        queries));

        Router router = Router.router(vertx);
        router.route().handler(new RequestMeters(from.meters()));
        router.route().handler(SecurityHeaders::put);
        router.route().handler(new OriginGuard(settings));
        if (settings.token() != null) {
            new TokenGuard(settings.token(), new Sessions(from.clock())).mount(router);
        }
        AccessLedger.mount(router, from.ledger(), from.clock());
        served.forEach(routes -> routes.mount(router));
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
