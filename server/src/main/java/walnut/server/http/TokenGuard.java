package walnut.server.http;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.pages.SignInPage;

/**
 * Lets in who shows the token: programs as a bearer token, browsers once at {@code /sign-in}, after which a cookie that
 * scripts cannot read stands for it. Liveness, readiness and the style sheet are open.
 */
final class TokenGuard {
    private static final String COOKIE = "walnut_session";
    private static final String BEARER = "Bearer ";
    private static final long LARGEST_FORM = 4096;
    /** There is one token: who shows it is known by that alone. */
    private static final String TOKEN_HOLDER = "token";

    private final byte[] tokenDigest;
    private final Sessions sessions;

    TokenGuard(String token, Sessions sessions) {
        this.tokenDigest = sha256(token);
        this.sessions = sessions;
    }

    void mount(Router router) {
        router.get("/sign-in").handler(context -> SignInPage.send(context, 200, next(context), false));
        router.post("/sign-in")
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
                .handler(this::signIn);
        router.post("/sign-out").handler(this::signOut);
        router.route().handler(this::check);
    }

    private void check(RoutingContext context) {
        String path = context.request().path();
        boolean open = path.startsWith("/health/") || path.startsWith("/web/");
        if (open || showsToken(context.request().getHeader(HttpHeaders.AUTHORIZATION)) || hasSession(context)) {
            Actor.is(context, TOKEN_HOLDER);
            context.next();
        } else if (Failures.wantsPage(context.request())) {
            String next = URLEncoder.encode(path, StandardCharsets.UTF_8);
            context.redirect("/sign-in?next=" + next);
        } else {
            context.response().putHeader("WWW-Authenticate", "Bearer realm=\"walnut\"");
            context.fail(new WalnutException(FailureCode.UNAUTHENTICATED, "a bearer token is needed"));
        }
    }

    private void signIn(RoutingContext context) {
        String token = context.request().getFormAttribute("token");
        String next = next(context);
        if (token == null || !matches(token.trim())) {
            SignInPage.send(context, 401, next, true);
            return;
        }
        Cookie cookie = Cookie.cookie(COOKIE, sessions.open())
                .setPath("/")
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.STRICT)
                .setSecure("https".equalsIgnoreCase(context.request().getHeader("X-Forwarded-Proto")))
                .setMaxAge(Sessions.LIFETIME.toSeconds());
        context.response().addCookie(cookie);
        seeOther(context, next);
    }

    private void signOut(RoutingContext context) {
        Cookie cookie = context.request().getCookie(COOKIE);
        if (cookie != null) {
            sessions.close(cookie.getValue());
            context.response().removeCookie(COOKIE);
        }
        seeOther(context, "/sign-in");
    }

    /** 303, so that the browser asks with GET. */
    private static void seeOther(RoutingContext context, String path) {
        context.response()
                .setStatusCode(303)
                .putHeader(HttpHeaders.LOCATION, path)
                .end();
    }

    private boolean hasSession(RoutingContext context) {
        Cookie cookie = context.request().getCookie(COOKIE);
        return cookie != null && sessions.isOpen(cookie.getValue());
    }

    private boolean showsToken(@Nullable String authorization) {
        return authorization != null
                && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && matches(authorization.substring(BEARER.length()).trim());
    }

    /** Digests are compared, so that the time taken says nothing of the token. */
    private boolean matches(String candidate) {
        return MessageDigest.isEqual(tokenDigest, sha256(candidate));
    }

    /** Where to go after signing in: a path of ours, never another site. */
    private static String next(RoutingContext context) {
        String next = context.request().getParam("next");
        boolean ours = next != null && next.matches("/[A-Za-z0-9._~/-]*") && !next.startsWith("//");
        return ours ? next : "/";
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
