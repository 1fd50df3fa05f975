package walnut.server.pages;

import io.vertx.ext.web.RoutingContext;
import walnut.server.api.Problem;

/** A failure for people: what happened, its code, the way back. */
public final class ProblemPage {
    private ProblemPage() {}

    public static void send(RoutingContext context, Problem problem) {
        Templates.send(context, problem.status(), Templates.render("problem", problem));
    }
}
