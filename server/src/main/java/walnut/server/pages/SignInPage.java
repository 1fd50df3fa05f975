package walnut.server.pages;

import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** Where a browser shows a token once. */
public final class SignInPage {
    private SignInPage() {}

    /**
     * @param next the path to go to afterwards
     * @param problem why the attempt before failed; null for the first
     */
    public static void send(RoutingContext context, int status, String next, @Nullable String problem) {
        Templates.send(context, status, Templates.render("signin", new View(next, problem)));
    }

    public record View(String next, @Nullable String problem) {}
}
