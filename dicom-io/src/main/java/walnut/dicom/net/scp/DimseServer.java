package walnut.dicom.net.scp;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.InstanceReceiver;

/** Listens for associations and serves Verification and Storage on them. */
public final class DimseServer {

    private DimseServer() {}

    public static DimseServer create(
            Vertx vertx, DimseServerConfig config, InstanceReceiver receiver, DimseServerListener listener) {
        return new DimseServer();
    }

    /** Binds the port; fails with PORT_IN_USE, or CONFIGURATION_INVALID for an open bind without an AE list. */
    public Future<DimseServer> start() {
        return Future.failedFuture(new WalnutException(FailureCode.INTERNAL_ERROR, "DimseServer is about to be built"));
    }

    /** The port bound, also when 0 was asked for. */
    public int port() {
        return 0;
    }

    /** Associations established now. */
    public int associations() {
        return 0;
    }

    /** Stops accepting, aborts what is still open after acknowledging what is already durable, frees the port. */
    public Future<Void> stop() {
        return Future.succeededFuture();
    }
}
