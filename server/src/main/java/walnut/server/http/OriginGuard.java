package walnut.server.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Keeps other web sites out of a browser that can reach this server.
 *
 * <p>Without a token the loopback address is the only protection, and a site can point its own name at 127.0.0.1 (DNS
 * rebinding): then only the names of this machine are answered to. In any case a request that changes something and comes
 * from a page of another origin is refused (Fetch Metadata, else Origin).
 */
final class OriginGuard implements Handler<RoutingContext> {
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    private final HttpSettings settings;

    OriginGuard(HttpSettings settings) {
        this.settings = settings;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (settings.token() == null && !namesThisMachine(request.authority())) {
            context.fail(new WalnutException(
                    FailureCode.FORBIDDEN,
                    "without a token only this machine is served: use http://localhost or configure an HTTP token"));
        } else if (!READING.contains(request.method()) && comesFromElsewhere(request)) {
            context.fail(
                    new WalnutException(FailureCode.FORBIDDEN, "a page of another site may not change anything here"));
        } else {
            context.next();
        }
    }

    private boolean namesThisMachine(@Nullable HostAndPort authority) {
        if (authority == null) {
            return false;
        }
        String host = authority.host().toLowerCase(Locale.ROOT);
        return LOCAL_NAMES.contains(host) || host.equals(settings.host());
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
