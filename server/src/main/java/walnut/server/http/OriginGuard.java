package walnut.server.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Keeps other web sites out of a browser that is signed in here: a request that changes something and comes from a page of
 * another origin is refused (Fetch Metadata, else Origin). The session's cookie would not come with it either; a site that
 * points its own name at this address (DNS rebinding) has no cookie of ours at all.
 */
final class OriginGuard {
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private OriginGuard() {}

    static void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!READING.contains(request.method()) && comesFromElsewhere(request)) {
            context.fail(
                    new WalnutException(FailureCode.FORBIDDEN, "a page of another site may not change anything here"));
        } else {
            context.next();
        }
    }

    private static boolean comesFromElsewhere(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return !site.equals("same-origin") && !site.equals("none");
        }
        String origin = request.getHeader("Origin");
        return origin != null && !sameAuthority(origin, request.getHeader("Host"));
    }

    /** The scheme is left out: behind a proxy that ends TLS it differs. */
    private static boolean sameAuthority(String origin, @Nullable String host) {
        try {
            return host != null && host.equalsIgnoreCase(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
