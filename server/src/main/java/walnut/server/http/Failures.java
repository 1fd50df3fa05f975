package walnut.server.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.failure.FailureCode;
import walnut.server.api.Problem;
import walnut.server.api.Routes;
import walnut.server.pages.ProblemPage;

/** The one edge where failures become answers: problem details for programs, a page for people, the log for defects. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static void mount(Router router) {
        router.route().failureHandler(Failures::answer);
        router.errorHandler(404, Failures::answer);
        router.errorHandler(405, Failures::answer);
    }

    /** A path with a broken escape matches nothing and would end, with a stack trace, in the router's own log. */
    static void refuseUnreadablePath(RoutingContext context) {
        try {
            context.normalizedPath();
        } catch (IllegalArgumentException e) {
            Problem.of(FailureCode.INVALID_ARGUMENT, "the path cannot be read: an escape is % and two hex digits", "/")
                    .send(context);
            return;
        }
        context.next();
    }

    /** Whether a person is asking with a browser, not a program. */
    static boolean wantsPage(HttpServerRequest request) {
        String path = request.path();
        String accept = request.getHeader("Accept");
        boolean machinery =
                path != null && (path.startsWith("/api/") || path.startsWith("/health/") || path.equals("/metrics"));
        return !machinery && accept != null && accept.contains("text/html");
    }

    private static void answer(RoutingContext context) {
        Problem problem = Problem.of(context);
        if (problem.status() >= 500) {
            // The declared route, not the path: a path may hold an id that is none of the log's business.
            LOG.error(
                    "{} answered {} to {} {}",
                    problem.code(),
                    problem.status(),
                    context.request().method(),
                    context.get(Routes.TAKEN_BY, "none"),
                    context.failure());
        }
        if (context.response().headWritten()) {
            context.response().reset();
        } else if (wantsPage(context.request())) {
            ProblemPage.send(context, problem);
        } else {
            problem.send(context);
        }
    }
}
