package walnut.dicom.net.transport;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.time.Duration;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** Opens TCP connections. */
public final class WireClient {
    private final Vertx vertx;
    private final NetClient client;

    public WireClient(Vertx vertx, Duration connectTimeout) {
        this.vertx = vertx;
        this.client = vertx.createNetClient(new NetClientOptions()
                .setConnectTimeout(Math.toIntExact(connectTimeout.toMillis()))
                .setTcpNoDelay(true)
                .setTcpQuickAck(true));
    }

    /** Connects; the future completes on the connection's event loop, or fails with PEER_UNREACHABLE. */
    public Future<WireSocket> connect(String host, int port) {
        Context context = vertx.getOrCreateContext();
        Promise<WireSocket> promise = Promise.promise();
        context.runOnContext(nothing -> client.connect(port, host).onComplete(result -> {
            if (result.succeeded()) {
                promise.complete(new WireSocket(vertx, vertx.getOrCreateContext(), result.result()));
            } else {
                promise.fail(new WalnutException(
                        FailureCode.PEER_UNREACHABLE,
                        "cannot connect to " + host + ":" + port + ": "
                                + result.cause().getMessage(),
                        result.cause()));
            }
        }));
        return promise.future();
    }

    public Future<Void> close() {
        return client.close();
    }
}
