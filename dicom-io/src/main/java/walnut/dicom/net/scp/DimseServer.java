package walnut.dicom.net.scp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import walnut.dicom.net.association.Association;
import walnut.dicom.net.association.AssociationLimits;
import walnut.dicom.net.transport.WireServer;
import walnut.dicom.net.transport.WireSocket;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.InstanceReceiver;

/**
 * Listens for associations and serves Verification and Storage on them. Connections live on one event loop; everything
 * that blocks is the receiver's.
 */
public final class DimseServer {
    /** How long a stop waits for answers that are under way. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final DimseServerConfig config;
    private final InstanceReceiver receiver;
    private final DimseServerListener listener;
    private final WireServer wire;
    private final AtomicInteger associations = new AtomicInteger();
    /** Received and not yet written, over all associations. */
    private final AtomicLong bytesInFlight = new AtomicLong();

    private volatile boolean stopping;
    /** Every connection, with or without an association, and its socket. */
    private final ConcurrentHashMap<ServerAssociation, WireSocket> connections = new ConcurrentHashMap<>();

    private DimseServer(
            Vertx vertx, DimseServerConfig config, InstanceReceiver receiver, DimseServerListener listener) {
        this.vertx = vertx;
        this.config = config;
        this.receiver = receiver;
        this.listener = listener;
        this.wire = new WireServer(vertx);
    }

    public static DimseServer create(
            Vertx vertx, DimseServerConfig config, InstanceReceiver receiver, DimseServerListener listener) {
        return new DimseServer(vertx, config, receiver, listener);
    }

    /** Binds the port; fails with PORT_IN_USE, or CONFIGURATION_INVALID for an open bind without an AE list. */
    public Future<DimseServer> start() {
        if (config.callingAeTitles().isEmpty() && !isLoopback(config.host())) {
            return Future.failedFuture(new WalnutException(
                    FailureCode.CONFIGURATION_INVALID,
                    "DICOM on " + config.host() + " would let any sender in: list the calling AE titles that may,"
                            + " or bind to 127.0.0.1"));
        }
        return wire.listen(config.host(), config.port(), this::connected).map(this);
    }

    /** The port bound, also when 0 was asked for. */
    public int port() {
        return wire.port();
    }

    /** Associations established now. */
    public int associations() {
        return associations.get();
    }

    /** Connections open now, with or without an association. */
    int connections() {
        return connections.size();
    }

    /** Stops accepting, aborts what is still open after acknowledging what is already durable, frees the port. */
    public Future<Void> stop() {
        stopping = true;
        connections.forEach((association, socket) -> socket.run(association::stop));
        Promise<Void> quiet = Promise.promise();
        awaitQuiet(quiet, System.nanoTime() + STOP_PATIENCE.toNanos());
        return quiet.future().compose(nothing -> wire.close());
    }

    private void awaitQuiet(Promise<Void> quiet, long deadlineNanos) {
        if (associations.get() == 0) {
            quiet.complete();
        } else if (System.nanoTime() - deadlineNanos > 0) {
            connections.forEach((association, socket) -> socket.run(association::stopNow));
            quiet.complete();
        } else {
            vertx.setTimer(20, id -> awaitQuiet(quiet, deadlineNanos));
        }
    }

    private void connected(WireSocket socket) {
        // Connections without an association count too, or idle ones could fill memory; they close without a word.
        if (connections.size() >= 2 * config.maximumAssociations() + 16) {
            socket.close();
            return;
        }
        Association.onIncoming(
                socket, new AssociationLimits(config.maximumPduLength(), config.artimTimeout()), association -> {
                    ServerAssociation served = new ServerAssociation(this, association);
                    connections.put(served, socket);
                    return served;
                });
    }

    DimseServerConfig config() {
        return config;
    }

    InstanceReceiver receiver() {
        return receiver;
    }

    DimseServerListener listener() {
        return listener;
    }

    /** Adds to, or with a negative number takes from, what was received and not yet written. */
    void bytesInFlight(long added) {
        bytesInFlight.addAndGet(added);
    }

    /** Whether half of what all associations together may have in flight is; or the node is about to stop. */
    boolean isCongested() {
        long most = (long) config.maximumAssociations() * config.maximumBytesInFlight();
        return stopping || bytesInFlight.get() > most / 2;
    }

    void associationBegan() {
        associations.incrementAndGet();
    }

    void associationEnded() {
        associations.decrementAndGet();
    }

    void forget(ServerAssociation association) {
        connections.remove(association);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
