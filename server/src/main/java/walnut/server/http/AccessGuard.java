package walnut.server.http;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.api.Callers;
import walnut.server.api.Routes;
import walnut.server.events.EventRoutes;
import walnut.server.security.Access;
import walnut.server.security.AccessRule;
import walnut.server.security.AccessRules;
import walnut.server.security.Caller;
import walnut.server.security.Role;

/**
 * Stands in front of every address and asks the law ({@link AccessRules}): who is it, may they, and what the ledger says
 * of it. Programs show a bearer token, browsers the cookie of a session.
 *
 * <p>Each served route gets a guard of the same method and declared path, so that one matcher decides for both and no
 * spelling of an address (dots, doubled or encoded slashes) passes one and not the other. The first guard that matches is
 * the guard of the route that will answer, since both stand in the same order. A request that no guard knows is answered
 * "not found" only to who is somebody.
 */
final class AccessGuard {
    static final String COOKIE = "walnut_session";
    /** Before what is served (from 0 on). */
    static final int ORDER = -1;

    /** Of what a page asks for by itself, with nobody at it: that keeps no session open. */
    static final String UNATTENDED = "X-Walnut-Unattended";

    private static final String BEARER = "Bearer ";
    private static final String DECIDED = "walnut.access";

    private final Access access;
    private final AccessLedger ledger;
    private final ClientAddress client;

    AccessGuard(Access access, AccessLedger ledger, ClientAddress client) {
        this.access = access;
        this.ledger = ledger;
        this.client = client;
    }

    /** @param served in the order in which they answer */
    void mount(Router router, List<Route> served) {
        for (Route route : served) {
            String path = String.valueOf(route.getName());
            Set<HttpMethod> methods = route.methods();
            if (methods == null || methods.isEmpty()) {
                // The law names methods: a route that takes any of them is in no line of it.
                router.route(path).order(ORDER).handler(context -> check(context, path, Optional.empty()));
                continue;
            }
            for (HttpMethod method : methods) {
                Optional<AccessRule> rule = AccessRules.of(method.name(), path);
                router.route(method, path).order(ORDER).handler(context -> check(context, path, rule));
            }
        }
        router.route().order(ORDER).handler(this::checkUnknown);
    }

    private void check(RoutingContext context, String path, Optional<AccessRule> found) {
        if (context.get(DECIDED) != null) {
            context.next();
            return;
        }
        context.put(DECIDED, Boolean.TRUE);
        context.put(Routes.TAKEN_BY, path);
        if (found.isEmpty()) {
            context.fail(new WalnutException(FailureCode.FORBIDDEN, "this address is open to no role"));
            return;
        }
        AccessRule rule = found.orElseThrow();
        if (rule.isOpenToEverybody()) {
            context.next();
            return;
        }
        String subject = subject(context, rule);
        Shown shown = shownBy(context.request(), path.equals(EventRoutes.PATH));
        Callers.mayStill(context, () -> mayStill(shown, rule));
        afterwards(context, () -> allowed(shown, rule, subject));
    }

    /** Whether there is something at an address is for no stranger to learn. */
    private void checkUnknown(RoutingContext context) {
        if (context.get(DECIDED) != null) {
            context.next();
        } else {
            Shown shown = shownBy(context.request(), false);
            afterwards(context, () -> caller(shown));
        }
    }

    private Caller allowed(Shown shown, AccessRule rule, String subject) {
        Caller caller = caller(shown);
        Set<Role> acting = caller.actingAs(rule.roles());
        if (acting.isEmpty()) {
            ledger.refused(caller, rule);
            throw new WalnutException(
                    FailureCode.FORBIDDEN,
                    "this needs the role " + Role.words(rule.roles()).replace(", ", " or ") + "; the token '"
                            + caller.name() + "' has " + Role.words(caller.roles()));
        }
        AccessRule.Noted noted = rule.noted();
        if (noted != null) {
            ledger.allowed(caller, acting, noted, subject);
        }
        return caller;
    }

    /** Whether what was shown would open the address again; asked while an answer goes on and on. */
    private boolean mayStill(Shown shown, AccessRule rule) {
        String bearer = shown.bearer();
        Optional<Caller> caller =
                bearer == null ? sessionOf(shown) : access.tokens().callerWith(bearer);
        return caller.filter(found -> !found.actingAs(rule.roles()).isEmpty()).isPresent();
    }

    private Optional<Caller> sessionOf(Shown shown) {
        String session = shown.session();
        if (session == null) {
            return Optional.empty();
        }
        return shown.attended()
                ? access.sessions().callerWith(session)
                : access.sessions().holderOf(session);
    }

    private Caller caller(Shown shown) {
        String bearer = shown.bearer();
        if (bearer != null) {
            Optional<Caller> caller = access.tokens().callerWith(bearer);
            if (caller.isEmpty()) {
                ledger.tokenRefused(shown.address());
            }
            return caller.orElseThrow(() -> new WalnutException(
                    FailureCode.UNAUTHENTICATED, "this token is unknown, was revoked, or has expired"));
        }
        return sessionOf(shown)
                .orElseThrow(() -> new WalnutException(
                        FailureCode.UNAUTHENTICATED, "a bearer token is needed (Authorization: Bearer …)"));
    }

    private Shown shownBy(HttpServerRequest request, boolean byThePageItself) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        Cookie cookie = request.getCookie(COOKIE);
        return new Shown(
                authorization == null ? null : Shown.token(authorization),
                cookie == null ? null : cookie.getValue(),
                client.of(request),
                !byThePageItself && request.getHeader(UNATTENDED) == null);
    }

    /** What a request shows of who sent it; a token goes before a session, and a wrong one is not made good by it. */
    private record Shown(@Nullable String bearer, @Nullable String session, String address, boolean attended) {

        /** Another scheme than Bearer shows nothing that could be right. */
        private static String token(String authorization) {
            return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                    ? authorization.substring(BEARER.length()).trim()
                    : "";
        }
    }

    /** Asks on a worker, since tokens, sessions and the ledger are on a disk, and goes on when the answer is a caller. */
    private void afterwards(RoutingContext context, Callable<Caller> question) {
        HttpServerRequest request = context.request();
        // What the request carries must wait until somebody reads it.
        request.pause();
        context.vertx()
                .executeBlocking(question, false)
                .onComplete(
                        caller -> {
                            request.resume();
                            Callers.is(context, caller);
                            context.next();
                        },
                        failure -> {
                            request.resume();
                            refuse(context, failure);
                        });
    }

    private static void refuse(RoutingContext context, Throwable failure) {
        boolean unknown = failure instanceof WalnutException foreseen && foreseen.code() == FailureCode.UNAUTHENTICATED;
        if (unknown && Failures.wantsPage(context.request())) {
            String next = URLEncoder.encode(context.request().path(), StandardCharsets.UTF_8);
            context.redirect("/sign-in?next=" + next);
            return;
        }
        if (unknown) {
            context.response().putHeader("WWW-Authenticate", "Bearer realm=\"walnut\"");
        }
        context.fail(failure);
    }

    private static String subject(RoutingContext context, AccessRule rule) {
        AccessRule.Noted noted = rule.noted();
        if (noted == null || !noted.subject().startsWith(":")) {
            return noted == null ? "" : noted.subject();
        }
        String parameter = noted.subject().substring(1);
        String inPath = context.pathParam(parameter);
        if (inPath != null) {
            return inPath;
        }
        List<String> inQuery = context.queryParam(parameter);
        return inQuery.isEmpty() || inQuery.get(0).isEmpty() ? "*" : inQuery.get(0);
    }
}
