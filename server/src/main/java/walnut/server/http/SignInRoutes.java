package walnut.server.http;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.server.api.Parameters;
import walnut.server.api.Routes;
import walnut.server.api.WorkerAnswers;
import walnut.server.pages.SignInPage;
import walnut.server.security.Access;
import walnut.server.security.Caller;
import walnut.server.security.Sessions;

/**
 * Where a browser shows a token once; afterwards a cookie that scripts cannot read stands for it, and never leaves with a
 * request that another site caused. Who tries too often waits ({@link walnut.server.security.SignInThrottle}).
 */
final class SignInRoutes implements Routes {
    private static final long LARGEST_FORM = 4096;

    private final Access access;
    private final AccessLedger ledger;
    private final WorkerAnswers workers;
    private final ClientAddress client;

    SignInRoutes(Access access, AccessLedger ledger, WorkerAnswers workers, ClientAddress client) {
        this.access = access;
        this.ledger = ledger;
        this.workers = workers;
        this.client = client;
    }

    @Override
    public void mount(Router router) {
        router.get("/sign-in").handler(context -> SignInPage.send(context, 200, next(context), null));
        router.post("/sign-in")
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
                .handler(workers.answer(this::withToken, this::answer));
        router.get("/sign-in/:link").handler(workers.answer(this::withLink, this::answer));
        router.post("/sign-out").handler(workers.answer(this::signOut, (context, done) -> {
            context.response().removeCookie(AccessGuard.COOKIE);
            seeOther(context, "/sign-in");
        }));
    }

    /**
     * What became of an attempt.
     *
     * @param session key of the session that was opened; null where none was
     * @param delay how long to wait before the next attempt; null where there is no need to
     */
    private record Attempt(
            @Nullable String session,
            String problem,
            @Nullable Duration delay) {}

    private Callable<Attempt> withToken(RoutingContext context) {
        String token = context.request().getFormAttribute("token");
        String address = client.of(context.request());
        return () -> attempt(
                address,
                () -> token == null ? Optional.empty() : access.tokens().callerWith(token.trim()),
                "That is no token of this server, or one that was revoked or has expired.");
    }

    private Callable<Attempt> withLink(RoutingContext context) {
        String link = Parameters.path(context, "link");
        String address = client.of(context.request());
        return () -> attempt(
                address,
                () -> access.links().use(link),
                "That link was used, or is too old: it opens once. Sign in with a token.");
    }

    private Attempt attempt(String address, Callable<Optional<Caller>> shown, String problem) throws Exception {
        Optional<Duration> wait = access.throttle().wait(address);
        if (wait.isPresent()) {
            return new Attempt(null, "Too many attempts from your address.", wait.orElseThrow());
        }
        Optional<Caller> caller = shown.call();
        if (caller.isEmpty()) {
            access.throttle().failed(address);
            ledger.signInRefused(address);
            return new Attempt(null, problem, null);
        }
        access.throttle().succeeded(address);
        ledger.signedIn(caller.orElseThrow(), address);
        return new Attempt(access.sessions().open(caller.orElseThrow()), "", null);
    }

    private void answer(RoutingContext context, Attempt attempt) {
        String session = attempt.session();
        String next = next(context);
        Duration wait = attempt.delay();
        if (wait != null) {
            long seconds = wait.toSeconds() + 1;
            context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
            SignInPage.send(
                    context,
                    FailureCode.TOO_MANY_ATTEMPTS.httpStatus(),
                    next,
                    attempt.problem() + " Try again in " + seconds + " seconds (" + FailureCode.TOO_MANY_ATTEMPTS
                            + ").");
        } else if (session == null) {
            SignInPage.send(context, FailureCode.UNAUTHENTICATED.httpStatus(), next, attempt.problem());
        } else {
            context.response()
                    .addCookie(Cookie.cookie(AccessGuard.COOKIE, session)
                            .setPath("/")
                            .setHttpOnly(true)
                            .setSameSite(CookieSameSite.STRICT)
                            .setSecure(isEncrypted(context.request()))
                            .setMaxAge(Sessions.LIFETIME.toSeconds()));
            seeOther(context, next);
        }
    }

    /** Here, or at the proxy before us. */
    private static boolean isEncrypted(HttpServerRequest request) {
        return request.isSSL() || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"));
    }

    private Callable<Boolean> signOut(RoutingContext context) {
        Cookie cookie = context.request().getCookie(AccessGuard.COOKIE);
        return () -> {
            if (cookie != null) {
                access.sessions().close(cookie.getValue());
            }
            return true;
        };
    }

    /** 303, so that the browser asks with GET. */
    private static void seeOther(RoutingContext context, String path) {
        context.response()
                .setStatusCode(303)
                .putHeader(HttpHeaders.LOCATION, path)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end();
    }

    /** Where to go after signing in: a path of ours, never another site. */
    private static String next(RoutingContext context) {
        String next = context.request().getParam("next");
        boolean ours = next != null && next.matches("/[A-Za-z0-9._~/-]*") && !next.startsWith("//");
        return ours ? next : "/";
    }
}
