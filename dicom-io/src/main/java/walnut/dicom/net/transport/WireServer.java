package walnut.dicom.net.transport;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.net.BindException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** Listens on a TCP port and hands over each connection on its event loop. */
public final class WireServer {
    /** One read takes this much at most; an image of 132 kB then needs two or three instead of five. */
    private static final int RECEIVE_BUFFER_BYTES = 256 * 1024;

    private final Vertx vertx;
    private @Nullable NetServer server;

    public WireServer(Vertx vertx) {
        this.vertx = vertx;
    }

    public Future<WireServer> listen(String host, int port, Consumer<WireSocket> connected) {
        NetServer created = vertx.createNetServer(new NetServerOptions()
                .setHost(host)
                .setPort(port)
                .setTcpNoDelay(true)
                .setTcpQuickAck(true)
                .setReuseAddress(true)
                .setReceiveBufferSize(RECEIVE_BUFFER_BYTES));
        created.connectHandler(socket -> {
            Context context = vertx.getOrCreateContext();
            connected.accept(new WireSocket(vertx, context, socket));
        });
        server = created;
        return created.listen()
                .map(this)
                .recover(failure -> Future.failedFuture(
                        failure instanceof BindException || failure.getCause() instanceof BindException
                                ? new WalnutException(
                                        FailureCode.PORT_IN_USE,
                                        "cannot listen on " + host + ":" + port + ": " + failure.getMessage(),
                                        failure)
                                : failure));
    }

    /** The port bound, also when 0 was asked for. */
    public int port() {
        NetServer listening = server;
        if (listening == null) {
            throw new IllegalStateException("not listening");
        }
        return listening.actualPort();
    }

    /** Frees the port and closes every connection. */
    public Future<Void> close() {
        NetServer listening = server;
        return listening == null ? Future.succeededFuture() : listening.close();
    }
}
