package walnut.server.http;

import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import walnut.server.api.Caller;

/** Who a request comes from, by the name that the ledger keeps. */
final class Actor {
    /** Somebody at this machine, where no token is asked for. */
    private static final String LOCAL = "local";

    private static final String KEY = "walnut.actor";

    private Actor() {}

    static String of(RoutingContext context) {
        String name = context.get(KEY);
        return name == null ? LOCAL : name;
    }

    /** The same, for those who keep what the caller hands in. */
    static Caller caller(RoutingContext context) {
        return new Caller(of(context), Optional.empty());
    }

    static void is(RoutingContext context, String name) {
        context.put(KEY, name);
    }
}
