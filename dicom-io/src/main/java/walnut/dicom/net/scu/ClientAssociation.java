package walnut.dicom.net.scu;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import walnut.dicom.net.association.Association;
import walnut.dicom.net.association.AssociationLimits;
import walnut.dicom.net.association.AssociationState;
import walnut.dicom.net.association.AssociationUser;
import walnut.dicom.net.dimse.CommandSet;
import walnut.dicom.net.dimse.MessageAssembler;
import walnut.dicom.net.dimse.MessageFragments;
import walnut.dicom.net.dimse.MessageHandler;
import walnut.dicom.net.pdu.AnsweredContext;
import walnut.dicom.net.pdu.AssociateAc;
import walnut.dicom.net.pdu.AssociateRj;
import walnut.dicom.net.pdu.AssociateRq;
import walnut.dicom.net.pdu.OperationsWindow;
import walnut.dicom.net.pdu.PDataTf;
import walnut.dicom.net.pdu.ProposedContext;
import walnut.dicom.net.pdu.UserInformation;
import walnut.dicom.net.transport.WireBytes;
import walnut.dicom.net.transport.WireSocket;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * One association that we asked for, with as many operations outstanding as the peer grants; one, when it does not say
 * (PS3.7 Annex D.3.3.3). Confined to its connection's event loop, where its futures complete too; whatever ends the
 * association fails all that are waited for.
 */
final class ClientAssociation implements AssociationUser, MessageHandler {
    private static final Duration PEER_CLOSES_WITHIN = Duration.ofSeconds(5);

    private final Association association;
    private final Duration responseTimeout;
    private final int maximumOperations;
    private final MessageAssembler assembler = new MessageAssembler(this);
    private final Promise<ClientAssociation> established = Promise.promise();
    private final Promise<Void> released = Promise.promise();
    private List<AnsweredContext> contexts = List.of();
    private int longestFragment;
    private int window = 1;
    /** By Message ID, oldest first. */
    private final Map<Integer, Promise<CommandSet>> responses = new LinkedHashMap<>();

    private @Nullable WalnutException ended;
    private Runnable stopTimer = () -> {};

    private ClientAssociation(Association association, DimseClientConfig config) {
        this.association = association;
        this.responseTimeout = config.responseTimeout();
        this.maximumOperations = config.maximumOperations();
    }

    /** Asks for an association; fails with ASSOCIATION_REJECTED, PEER_BUSY, ASSOCIATION_ABORTED or PEER_TIMEOUT. */
    static Future<ClientAssociation> establish(
            WireSocket socket, Destination destination, DimseClientConfig config, List<ProposedContext> proposed) {
        AssociateRq request = new AssociateRq(
                destination.aeTitle(),
                config.callingAeTitle(),
                proposed,
                UserInformation.walnut(config.maximumPduLength(), proposedWindow(config)));
        List<ClientAssociation> created = new ArrayList<>(1);
        Association.request(
                socket, request, new AssociationLimits(config.maximumPduLength(), PEER_CLOSES_WITHIN), association -> {
                    created.add(new ClientAssociation(association, config));
                    return created.get(0);
                });
        ClientAssociation client = created.get(0);
        client.startTimer("no answer to the association request");
        return client.established.future();
    }

    /** Not proposed where it would say nothing: the default is one each. */
    private static Optional<OperationsWindow> proposedWindow(DimseClientConfig config) {
        return config.maximumOperations() > 1
                ? Optional.of(new OperationsWindow(config.maximumOperations(), 1))
                : Optional.empty();
    }

    /** What the peer granted of what we proposed; 0 grants any number. */
    private static int granted(Optional<OperationsWindow> answer, int proposed) {
        return answer.map(window -> window.invoked() == 0 ? proposed : Math.min(window.invoked(), proposed))
                .orElse(1);
    }

    /** Whether another operation may be invoked before a response comes. */
    boolean hasRoom() {
        return responses.size() < window;
    }

    /** The answers to what was proposed. */
    List<AnsweredContext> contexts() {
        return contexts;
    }

    int longestFragment() {
        return longestFragment;
    }

    Optional<WalnutException> ended() {
        return Optional.ofNullable(ended);
    }

    /** Sends a command; the future is its response's. A data set that it announces is sent by {@link #sendData}. */
    Future<CommandSet> invoke(int contextId, CommandSet command) {
        if (ended != null) {
            return Future.failedFuture(ended);
        }
        Promise<CommandSet> waiting = Promise.promise();
        if (responses.putIfAbsent(command.messageId(), waiting) != null) {
            throw new IllegalStateException("a Message ID is used twice at a time: " + command.messageId());
        }
        MessageFragments.ofCommand(contextId, command, longestFragment).forEach(association::send);
        startTimer("no response");
        return waiting.future();
    }

    /** Sends a block of a data set; the future completes when the kernel has taken it. */
    Future<Void> sendData(int contextId, ByteBuffer block, boolean last) {
        if (ended != null) {
            return Future.failedFuture(ended);
        }
        Future<Void> sent = Future.succeededFuture();
        do {
            int length = Math.min(longestFragment, block.remaining());
            ByteBuffer fragment = block.slice(block.position(), length);
            block.position(block.position() + length);
            sent = association.send(MessageFragments.ofData(contextId, fragment, last && !block.hasRemaining()));
        } while (block.hasRemaining());
        startTimer("no response");
        return sent;
    }

    /** Releases; completes when the peer agreed, and also when it ended the association instead. */
    Future<Void> release() {
        if (association.state() == AssociationState.STA6) {
            startTimer("no answer to the release request");
            association.release();
        } else {
            released.tryComplete();
        }
        return released.future();
    }

    void abort() {
        association.abort();
        end(new WalnutException(FailureCode.ASSOCIATION_ABORTED, "we aborted the association"));
    }

    @Override
    public void associationAccepted(AssociateAc answer) {
        stopTimer.run();
        window = granted(answer.userInformation().operationsWindow(), maximumOperations);
        contexts = answer.presentationContexts();
        longestFragment =
                MessageFragments.longestFragment(answer.userInformation().maximumLength());
        established.complete(this);
    }

    @Override
    public void associationRejected(AssociateRj answer) {
        FailureCode code = answer.isTransient() ? FailureCode.PEER_BUSY : FailureCode.ASSOCIATION_REJECTED;
        end(new WalnutException(code, "the peer " + answer.meaning()));
    }

    @Override
    public void dataIndicated(PDataTf data) {
        try {
            assembler.accept(data);
        } catch (WalnutException e) {
            association.abort();
            end(e);
        }
    }

    @Override
    public void command(int presentationContextId, CommandSet command) {
        stopTimer.run();
        Promise<CommandSet> waiting = responses.remove(command.messageIdBeingRespondedTo());
        if (waiting == null) {
            throw new WalnutException(FailureCode.PROTOCOL_VIOLATION, "the peer sent a message that nobody asked for");
        }
        if (!responses.isEmpty()) {
            startTimer("no response");
        }
        waiting.complete(command);
    }

    /** Responses to C-ECHO and C-STORE have no data set. */
    @Override
    public void data(WireBytes bytes, boolean last) {
        bytes.release();
    }

    @Override
    public void releaseIndicated() {
        association.respondToRelease();
        end(new WalnutException(FailureCode.ASSOCIATION_ABORTED, "the peer released the association"));
    }

    @Override
    public void releaseConfirmed() {
        end(new WalnutException(FailureCode.ASSOCIATION_ABORTED, "the association is released"));
    }

    @Override
    public void aborted(AbortCause cause, String reason) {
        end(new WalnutException(FailureCode.ASSOCIATION_ABORTED, "the association ended: " + reason));
    }

    private void end(WalnutException reason) {
        stopTimer.run();
        if (ended != null) {
            return;
        }
        ended = reason;
        established.tryFail(reason);
        List<Promise<CommandSet>> waiting = List.copyOf(responses.values());
        responses.clear();
        waiting.forEach(response -> response.tryFail(reason));
        released.tryComplete();
    }

    private void startTimer(String what) {
        stopTimer.run();
        stopTimer = association.socket().schedule(responseTimeout, () -> {
            if (ended == null) {
                association.abort();
                end(new WalnutException(FailureCode.PEER_TIMEOUT, what + " within " + responseTimeout));
            }
        });
    }
}
