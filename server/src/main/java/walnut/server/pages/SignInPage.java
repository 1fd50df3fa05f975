package walnut.server.pages;

import io.vertx.ext.web.RoutingContext;

/** Where a browser shows the token once. */
public final class SignInPage {
    private SignInPage() {}

    /** {@code next} is the path to go to afterwards; {@code refused} says that the token was not right. */
    public static void send(RoutingContext context, int status, String next, boolean refused) {
        Templates.send(context, status, Templates.render("signin", new View(next, refused)));
    }

    public record View(String next, boolean refused) {}
}
