package walnut.server.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import walnut.server.api.Routes;

/**
 * Counts and times requests: {@code walnut_http_requests_seconds{method,route,status}} and
 * {@code walnut_http_requests_under_way}. The route is the declared pattern and unknown methods are one value, so that no
 * request can add a series of its own, nor an id become a label.
 */
final class RequestMeters implements Handler<RoutingContext> {
    private static final Set<HttpMethod> KNOWN_METHODS =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE);

    private final MeterRegistry meters;
    private final AtomicInteger underWay = new AtomicInteger();

    RequestMeters(MeterRegistry meters) {
        this.meters = meters;
        Gauge.builder("walnut.http.requests.under.way", underWay, AtomicInteger::get)
                .description("HTTP requests being answered")
                .register(meters);
    }

    @Override
    public void handle(RoutingContext context) {
        Timer.Sample sample = Timer.start(meters);
        underWay.incrementAndGet();
        context.addEndHandler(ended -> {
            underWay.decrementAndGet();
            sample.stop(Timer.builder("walnut.http.requests")
                    .description("HTTP requests answered, by declared route")
                    .tag("method", method(context.request().method()))
                    .tag("route", route(context))
                    .tag("status", Integer.toString(context.response().getStatusCode()))
                    .register(meters));
        });
        context.next();
    }

    private static String method(HttpMethod method) {
        return KNOWN_METHODS.contains(method) ? method.name() : "OTHER";
    }

    /** Guards match every path and have none of their own; what they refuse, or nobody takes, is "none". */
    private static String route(RoutingContext context) {
        String taken = context.get(Routes.TAKEN_BY);
        if (taken != null) {
            return taken;
        }
        Route route = context.currentRoute();
        return route == null || route.getPath() == null ? "none" : route.getPath();
    }
}
