package walnut.server.api;

import io.vertx.ext.web.RoutingContext;
import walnut.server.security.Caller;

/** Who asked, as the guard in front of every address found out. */
public final class Callers {
    private static final String KEY = "walnut.caller";

    private Callers() {}

    /** An address that is open to everybody has no caller. */
    public static Caller of(RoutingContext context) {
        Caller caller = context.get(KEY);
        if (caller == null) {
            throw new IllegalStateException("nobody was asked who they are");
        }
        return caller;
    }

    public static void is(RoutingContext context, Caller caller) {
        context.put(KEY, caller);
    }
}
