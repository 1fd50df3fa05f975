package walnut.dicom.net.association;

import static walnut.dicom.net.association.AssociationEvent.*;
import static walnut.dicom.net.association.AssociationState.*;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.dicom.net.association.AssociationUser.AbortCause;
import walnut.dicom.net.pdu.Abort;
import walnut.dicom.net.pdu.AssociateAc;
import walnut.dicom.net.pdu.AssociateRj;
import walnut.dicom.net.pdu.AssociateRq;
import walnut.dicom.net.pdu.InvalidPduException;
import walnut.dicom.net.pdu.PDataTf;
import walnut.dicom.net.pdu.Pdu;
import walnut.dicom.net.pdu.PduFramer;
import walnut.dicom.net.pdu.PduWriter;
import walnut.dicom.net.pdu.ReleaseRp;
import walnut.dicom.net.pdu.ReleaseRq;
import walnut.dicom.net.transport.WireBytes;
import walnut.dicom.net.transport.WireSocket;

/**
 * One association on one connection: looks each event up in {@link AssociationTable} and carries the action out.
 *
 * <p>Confined to the connection's event loop, both its methods and the calls it makes to its {@link AssociationUser}.
 */
public final class Association {
    private static final Logger LOG = LoggerFactory.getLogger(Association.class);

    private final WireSocket socket;
    private final AssociationLimits limits;
    private final boolean requestor;
    private final PduFramer framer;
    private @Nullable AssociationUser user;
    private @Nullable AssociateRq request;
    private AssociationState state = STA1;
    private Runnable stopArtim = () -> {};
    private boolean understood = true;
    private long lastReceivedNanos = System.nanoTime();

    private Association(WireSocket socket, AssociationLimits limits, boolean requestor) {
        this.socket = socket;
        this.limits = limits;
        this.requestor = requestor;
        this.framer = new PduFramer(limits.maximumPduLength());
    }

    /** Takes an incoming connection; the user learns of the request when it comes. */
    public static Association onIncoming(
            WireSocket socket, AssociationLimits limits, Function<Association, AssociationUser> user) {
        Association association = new Association(socket, limits, false);
        association.user = user.apply(association);
        association.handle(TRANSPORT_CONNECTION_INDICATED, null);
        socket.open(association::received, association::disconnected);
        return association;
    }

    /** Asks for an association on a connection that was just opened. */
    public static Association request(
            WireSocket socket,
            AssociateRq request,
            AssociationLimits limits,
            Function<Association, AssociationUser> user) {
        Association association = new Association(socket, limits, true);
        association.user = user.apply(association);
        association.request = request;
        // The transport connection was opened for us: requested and confirmed in one go.
        association.handle(A_ASSOCIATE_REQUEST_PRIMITIVE, null);
        socket.open(association::received, association::disconnected);
        association.handle(TRANSPORT_CONNECTION_CONFIRMED, null);
        return association;
    }

    public AssociationState state() {
        return state;
    }

    public WireSocket socket() {
        return socket;
    }

    /** {@link System#nanoTime} of the last bytes received, whole PDU or not. */
    public long lastReceivedNanos() {
        return lastReceivedNanos;
    }

    /** A-ASSOCIATE response, accepting. */
    public void accept(AssociateAc answer) {
        handle(A_ASSOCIATE_RESPONSE_ACCEPT, answer);
    }

    /** A-ASSOCIATE response, rejecting. */
    public void reject(AssociateRj answer) {
        handle(A_ASSOCIATE_RESPONSE_REJECT, answer);
    }

    /** P-DATA request; the future completes when the kernel has the bytes, for flow control. */
    public Future<Void> send(PDataTf data) {
        if (state != STA6 && state != STA8) {
            data.release();
            return Future.failedFuture(new IllegalStateException("no association to send on: " + state));
        }
        transition(P_DATA_REQUEST_PRIMITIVE);
        return socket.write(PduWriter.write(data));
    }

    /** A-RELEASE request. */
    public void release() {
        handle(A_RELEASE_REQUEST_PRIMITIVE, null);
    }

    /** A-RELEASE response. */
    public void respondToRelease() {
        handle(A_RELEASE_RESPONSE_PRIMITIVE, null);
    }

    /** A-ABORT request; without effect where there is nothing left to abort. The user is not told. */
    public void abort() {
        if (state == STA2) {
            state = STA1;
            closeTransport();
        } else if (state != STA1 && state != STA13) {
            handle(A_ABORT_REQUEST_PRIMITIVE, null);
        }
    }

    private void received(WireBytes bytes) {
        lastReceivedNanos = System.nanoTime();
        if (!understood || state == STA1) {
            bytes.release();
            return;
        }
        try {
            framer.feed(bytes, this::received);
        } catch (InvalidPduException e) {
            understood = false;
            LOG.info("invalid PDU in {}: {}", state, e.toString());
            handle(INVALID_PDU_RECEIVED, new Abort(Abort.SERVICE_PROVIDER, e.abortReason()), e.toString());
        } catch (RuntimeException e) {
            // A defect of ours ends this association, not the others.
            LOG.error("association failed in {}", state, e);
            understood = false;
            abort();
            user().aborted(AbortCause.PROTOCOL, "internal error");
        }
        if (!understood || state == STA1) {
            framer.release();
        }
    }

    private void received(Pdu pdu) {
        if (state == STA1) {
            // Came in one read with what ended the association.
            discard(pdu);
            return;
        }
        switch (pdu.type()) {
            case A_ASSOCIATE_RQ:
                handle(A_ASSOCIATE_RQ_RECEIVED, pdu);
                return;
            case A_ASSOCIATE_AC:
                handle(A_ASSOCIATE_AC_RECEIVED, pdu);
                return;
            case A_ASSOCIATE_RJ:
                handle(A_ASSOCIATE_RJ_RECEIVED, pdu);
                return;
            case P_DATA_TF:
                handle(P_DATA_TF_RECEIVED, pdu);
                return;
            case A_RELEASE_RQ:
                handle(A_RELEASE_RQ_RECEIVED, pdu);
                return;
            case A_RELEASE_RP:
                handle(A_RELEASE_RP_RECEIVED, pdu);
                return;
            case A_ABORT:
                handle(A_ABORT_RECEIVED, pdu);
                return;
        }
    }

    private void disconnected() {
        framer.release();
        understood = false;
        if (state != STA1) {
            handle(TRANSPORT_CONNECTION_CLOSED, null);
        }
        user().disconnected();
    }

    private void handle(AssociationEvent event, @Nullable Pdu pdu) {
        handle(event, pdu, "");
    }

    private void handle(AssociationEvent event, @Nullable Pdu pdu, String detail) {
        AssociationState before = state;
        AssociationAction action = transition(event);
        switch (action) {
            case AE_1:
                return;
            case AE_2:
                write(required(request));
                return;
            case AE_3:
                user().associationAccepted((AssociateAc) required(pdu));
                return;
            case AE_4:
                closeTransport();
                user().associationRejected((AssociateRj) required(pdu));
                return;
            case AE_5:
                startArtim();
                return;
            case AE_6:
                stopArtim.run();
                indicateOrReject((AssociateRq) required(pdu));
                return;
            case AE_7:
                write(required(pdu));
                return;
            case AE_8:
                write(required(pdu));
                startArtim();
                return;
            case DT_2:
            case AR_6:
                user().dataIndicated((PDataTf) required(pdu));
                return;
            case AR_1:
                write(new ReleaseRq());
                return;
            case AR_2:
                user().releaseIndicated();
                return;
            case AR_3:
                closeTransport();
                user().releaseConfirmed();
                return;
            case AR_4:
                write(new ReleaseRp());
                startArtim();
                return;
            case AR_5:
            case AA_5:
                stopArtim.run();
                return;
            case AR_8:
                state = requestor ? STA9 : STA10;
                user().releaseIndicated();
                return;
            case AR_9:
                write(new ReleaseRp());
                return;
            case AR_10:
                user().releaseConfirmed();
                return;
            case AA_1:
                discard(pdu);
                write(Abort.BY_SERVICE_USER);
                startArtim();
                return;
            case AA_2:
                closeTransport();
                return;
            case AA_3:
                closeTransport();
                abortedBy((Abort) required(pdu));
                return;
            case AA_4:
                user().aborted(AbortCause.TRANSPORT, "the connection was closed in " + before);
                return;
            case AA_6:
                discard(pdu);
                return;
            case AA_7:
                discard(pdu);
                write(reasonedAbort(pdu));
                return;
            case AA_8:
                discard(pdu);
                write(reasonedAbort(pdu));
                startArtim();
                user().aborted(AbortCause.PROTOCOL, detail.isEmpty() ? event + " in " + before : detail);
                return;
            case DT_1:
            case AR_7:
                throw new IllegalStateException("sent by send(), not handled here: " + action);
        }
    }

    /** Looks the action up and takes its next state, before the action calls anybody. */
    private AssociationAction transition(AssociationEvent event) {
        Optional<AssociationAction> action = AssociationTable.action(state, event);
        if (action.isEmpty()) {
            throw new IllegalStateException(event + " in " + state);
        }
        if (action.get().nextStates().size() == 1) {
            state = action.get().nextState();
        }
        return action.get();
    }

    /** The provider's own part of AE-6; who may call whom is the user's. */
    private void indicateOrReject(AssociateRq rq) {
        if ((rq.protocolVersion() & 1) == 0) {
            state = STA13;
            write(AssociateRj.PROTOCOL_VERSION_NOT_SUPPORTED);
            startArtim();
            return;
        }
        state = STA3;
        user().associationIndicated(rq);
    }

    private void abortedBy(Abort abort) {
        if (abort.source() == Abort.SERVICE_USER) {
            user().aborted(AbortCause.PEER, "the peer aborted");
        } else {
            user().aborted(AbortCause.PROTOCOL, "the peer's upper layer aborted with reason " + abort.reason());
        }
    }

    /** For an invalid PDU the reader's reason came along; any other PDU was merely unexpected. */
    private static Abort reasonedAbort(@Nullable Pdu cause) {
        return cause instanceof Abort ? (Abort) cause : new Abort(Abort.SERVICE_PROVIDER, Abort.UNEXPECTED_PDU);
    }

    private void write(Pdu pdu) {
        socket.write(PduWriter.write(pdu));
    }

    private void startArtim() {
        stopArtim.run();
        stopArtim = socket.schedule(limits.artimTimeout(), () -> {
            if (state == STA2 || state == STA13) {
                LOG.info("ARTIM expired in {}", state);
                handle(ARTIM_EXPIRED, null);
            }
        });
    }

    private void closeTransport() {
        stopArtim.run();
        socket.close();
    }

    private static void discard(@Nullable Pdu pdu) {
        if (pdu instanceof PDataTf) {
            ((PDataTf) pdu).release();
        }
    }

    private AssociationUser user() {
        return required(user);
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("missing for this action");
        }
        return value;
    }
}
