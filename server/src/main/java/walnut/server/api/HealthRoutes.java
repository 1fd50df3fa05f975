package walnut.server.api;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Map;

/** What the machines around a node ask: is it alive, can it take work, how does it do. */
public final class HealthRoutes implements Routes {
    private final Readiness readiness;
    private final PrometheusMeterRegistry meters;
    private final WorkerAnswers workers;

    public HealthRoutes(Readiness readiness, PrometheusMeterRegistry meters, WorkerAnswers workers) {
        this.readiness = readiness;
        this.meters = meters;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        // Alive means that the event loop turns: nothing else is asked, so that a slow disk never gets us killed.
        router.get("/health/live")
                .handler(context -> ApiJson.send(context, 200, "application/json", Map.of("alive", true)));
        router.get("/health/ready")
                .handler(workers.answer(
                        context -> readiness::check,
                        (context, report) -> ApiJson.send(
                                context,
                                report.ready() ? 200 : 503,
                                "application/json",
                                new Ready(report.ready(), report.checks()))));
        router.get("/metrics")
                .handler(workers.answer(context -> () -> meters.scrape(), (context, scrape) -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                        .end(scrape)));
    }

    private record Ready(boolean ready, List<ReadinessReport.Check> checks) {}
}
