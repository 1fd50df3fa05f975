package walnut.server.http;

import io.vertx.core.http.HttpServerRequest;
import walnut.server.security.TrustedProxies;

/** From where a request comes, as the throttle counts it and the ledger says it. */
record ClientAddress(TrustedProxies proxies) {
    private static final String FORWARDED_FOR = "X-Forwarded-For";

    String of(HttpServerRequest request) {
        return request.remoteAddress() == null
                ? "nowhere"
                : proxies.client(
                        String.valueOf(request.remoteAddress().hostAddress()),
                        request.headers().getAll(FORWARDED_FOR));
    }
}
