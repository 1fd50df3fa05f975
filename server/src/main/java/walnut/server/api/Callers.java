package walnut.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;
import walnut.server.security.Caller;

/** Who asked, as the guard in front of every address found out. */
public final class Callers {
    private static final String KEY = "walnut.caller";
    private static final String AGAIN = "walnut.caller.again";

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

    /** @param question whether the caller would be let in now; may block */
    public static void mayStill(RoutingContext context, Callable<Boolean> question) {
        context.put(AGAIN, question);
    }

    /** The question to ask again while an answer lasts. */
    public static Callable<Boolean> mayStill(RoutingContext context) {
        Callable<Boolean> question = context.get(AGAIN);
        if (question == null) {
            throw new IllegalStateException("nobody was asked who they are");
        }
        return question;
    }

    /**
     * Whose name stands beside a change: the token's, and before it the person's where one token serves several people and
     * they say who they are.
     */
    static String actor(RoutingContext context, JsonNode body) {
        String token = of(context).name();
        String person = JsonBody.text(body, "actor");
        return person.isEmpty() ? token : person + " (" + token + ")";
    }
}
