package walnut.server.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import walnut.server.ledger.Ledger;

/**
 * Notes who looks at or changes what, before it is answered: a request that cannot be noted is not answered. A page and
 * its hundred pictures are one look: the same person reading the same thing is noted once in {@link #ONE_LOOK}.
 */
final class AccessLedger implements Handler<RoutingContext> {
    static final Duration ONE_LOOK = Duration.ofMinutes(5);

    private static final int MOST_REMEMBERED = 10_000;
    private static final Pattern CASE = Pattern.compile("(?:/api/v1)?/cases/([^/]+).*");
    private static final Pattern PREDICTION = Pattern.compile("/api/v1/predictions/([^/]+).*");
    private static final Pattern CHANGING = Pattern.compile("/api/v1/(deployments|destinations|labels)(?:/(.+))?");

    private final Ledger ledger;
    private final Clock clock;
    private final Map<String, Instant> looks = new LinkedHashMap<>();

    private AccessLedger(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    static void mount(Router router, Ledger ledger, Clock clock) {
        router.route().handler(new AccessLedger(ledger, clock));
    }

    private record Access(String action, String subject, boolean reading) {}

    @Override
    public void handle(RoutingContext context) {
        Access access = access(context.request().method(), context.request().path());
        String actor = Actor.of(context);
        if (access == null || access.reading() && !isNewLook(actor + " " + access.subject())) {
            context.next();
            return;
        }
        // What the request carries must wait until somebody reads it.
        context.request().pause();
        context.vertx()
                .executeBlocking(() -> ledger.append(actor, access.action(), access.subject(), ""), false)
                .onSuccess(noted -> {
                    context.request().resume();
                    context.next();
                })
                .onFailure(failure -> {
                    forget(actor + " " + access.subject());
                    context.request().resume();
                    context.fail(failure);
                });
    }

    /** A look that could not be noted is none: whoever asks again is noted then. */
    private synchronized void forget(String look) {
        looks.remove(look);
    }

    private static @Nullable Access access(HttpMethod method, String path) {
        boolean reading = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        Matcher ofCase = CASE.matcher(path);
        if (ofCase.matches()) {
            return new Access(reading ? "CASE_READ" : "CASE_CHANGED", ofCase.group(1), reading);
        }
        Matcher ofPrediction = PREDICTION.matcher(path);
        if (ofPrediction.matches()) {
            String action = reading
                    ? "PREDICTION_READ"
                    : path.endsWith("/replay") ? "PREDICTION_REPLAYED" : "PREDICTION_RESENT";
            return new Access(action, ofPrediction.group(1), reading);
        }
        Matcher changing = CHANGING.matcher(path);
        if (!reading && changing.matches()) {
            String what = changing.group(1);
            String action = what.equals("labels")
                    ? "LABELS_SUBMITTED"
                    : what.equals("deployments") ? "DEPLOYMENT_CHANGED" : "DESTINATION_CHANGED";
            return new Access(action, changing.group(2) == null ? what : changing.group(2), false);
        }
        return null;
    }

    /** Event loops may be several; the lock guards a map. */
    private synchronized boolean isNewLook(String look) {
        Instant now = clock.instant();
        Instant before = looks.get(look);
        if (before != null && now.isBefore(before.plus(ONE_LOOK))) {
            return false;
        }
        looks.remove(look);
        looks.put(look, now);
        if (looks.size() > MOST_REMEMBERED) {
            looks.remove(looks.keySet().iterator().next());
        }
        return true;
    }
}
