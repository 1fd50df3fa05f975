package walnut.dicom.net.scp;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.dicom.data.Tag;
import walnut.dicom.net.association.Association;
import walnut.dicom.net.association.AssociationState;
import walnut.dicom.net.association.AssociationUser;
import walnut.dicom.net.dimse.CEchoRq;
import walnut.dicom.net.dimse.CEchoRsp;
import walnut.dicom.net.dimse.CStoreRq;
import walnut.dicom.net.dimse.CStoreRsp;
import walnut.dicom.net.dimse.CommandField;
import walnut.dicom.net.dimse.CommandSet;
import walnut.dicom.net.dimse.MessageAssembler;
import walnut.dicom.net.dimse.MessageFragments;
import walnut.dicom.net.dimse.MessageHandler;
import walnut.dicom.net.dimse.Status;
import walnut.dicom.net.dimse.UnrecognizedOperation;
import walnut.dicom.net.pdu.AnsweredContext;
import walnut.dicom.net.pdu.AssociateAc;
import walnut.dicom.net.pdu.AssociateRj;
import walnut.dicom.net.pdu.AssociateRq;
import walnut.dicom.net.pdu.OperationsWindow;
import walnut.dicom.net.pdu.PDataTf;
import walnut.dicom.net.pdu.ProposedContext;
import walnut.dicom.net.pdu.UserInformation;
import walnut.dicom.net.transport.WireBytes;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.InstanceOrigin;
import walnut.store.InstanceWriter;

/**
 * One association served: negotiates, echoes, streams data sets to the store and answers when they are durable.
 *
 * <p>Confined to its connection's event loop; the store's answers are brought back there. Reading pauses while more is in
 * flight than allowed, in bytes not yet written or in operations not yet answered, and the peer's TCP window closes.
 */
final class ServerAssociation implements AssociationUser, MessageHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ServerAssociation.class);

    /** Of larger objects this much goes to the store at a time; most images are smaller and go at once. */
    private static final int CHUNK_BYTES = 512 * 1024;

    /** Digits and dots, PS3.5 section 9.1; a component with a leading zero is a fault, but one that is met. */
    private static final Pattern UID = Pattern.compile("[0-9.]{1,64}");

    /** Accepted contexts: what may be sent under an ID, and how it is encoded. */
    private record Context(String abstractSyntax, String transferSyntax) {}

    /** A C-STORE being served; {@code ownsMessageId} unless its Message ID is another's, still outstanding. */
    private record Operation(CStoreRq request, int contextId, long beganNanos, boolean ownsMessageId) {}

    /** The object whose bytes are arriving, with those that were not handed to the store yet. */
    private record Reception(Operation operation, InstanceWriter writer, List<WireBytes> gathered) {}

    private final DimseServer server;
    private final DimseServerConfig config;
    private final Association association;
    private final MessageAssembler assembler = new MessageAssembler(this);
    private final Map<Integer, Context> contexts = new HashMap<>();
    private String callingAeTitle = "";
    private int longestFragment;
    private @Nullable Reception reception;
    /** Message IDs of what is not answered yet. */
    private final Set<Integer> outstanding = new HashSet<>();

    private int operations;
    /** Received and not yet written; the store's threads take from it. */
    private final AtomicLong bytesInFlight = new AtomicLong();

    private volatile boolean waitingForStore;
    private int bytesGathered;
    private boolean counted;
    private boolean ended;
    private boolean releaseWanted;
    private boolean stopping;
    private Runnable stopIdleTimer = () -> {};

    ServerAssociation(DimseServer server, Association association) {
        this.server = server;
        this.config = server.config();
        this.association = association;
    }

    // Negotiation

    @Override
    public void associationIndicated(AssociateRq request) {
        callingAeTitle = printable(request.callingAeTitle());
        Optional<AssociateRj> refusal = refusal(request);
        if (refusal.isPresent()) {
            AssociateRj rejection = refusal.get();
            LOG.info("association from '{}' {}", callingAeTitle, rejection.meaning());
            server.listener().associationRejected(callingAeTitle, code(rejection));
            association.reject(rejection);
            return;
        }
        counted = true;
        server.associationBegan();
        List<AnsweredContext> answers = new ArrayList<>();
        for (ProposedContext proposed : request.presentationContexts()) {
            AnsweredContext answer = StorageContexts.answer(proposed);
            answers.add(answer);
            if (answer.accepted()) {
                contexts.put(proposed.id(), new Context(proposed.abstractSyntax(), answer.transferSyntax()));
            }
        }
        longestFragment =
                MessageFragments.longestFragment(request.userInformation().maximumLength());
        Optional<OperationsWindow> window =
                request.userInformation().operationsWindow().map(this::answer);
        association.accept(
                new AssociateAc(request, answers, UserInformation.walnut(config.maximumPduLength(), window)));
        LOG.info(
                "association from '{}' accepted: {} of {} presentation contexts",
                callingAeTitle,
                contexts.size(),
                answers.size());
        server.listener().associationAccepted(callingAeTitle);
        watchIdle(config.idleTimeout());
    }

    private Optional<AssociateRj> refusal(AssociateRq request) {
        if (!request.applicationContext().equals(AssociateRq.DICOM_APPLICATION_CONTEXT)) {
            return Optional.of(AssociateRj.APPLICATION_CONTEXT_NOT_SUPPORTED);
        }
        if (!request.calledAeTitle().equals(config.aeTitle())) {
            return Optional.of(AssociateRj.CALLED_AE_TITLE_NOT_RECOGNIZED);
        }
        if (!config.callingAeTitles().isEmpty() && !config.callingAeTitles().contains(request.callingAeTitle())) {
            return Optional.of(AssociateRj.CALLING_AE_TITLE_NOT_RECOGNIZED);
        }
        long peerMaximum = request.userInformation().maximumLength();
        if (peerMaximum != 0 && peerMaximum < MessageFragments.SMALLEST_MAXIMUM_LENGTH) {
            return Optional.of(AssociateRj.NO_REASON_GIVEN);
        }
        if (server.associations() >= config.maximumAssociations()) {
            return Optional.of(AssociateRj.LOCAL_LIMIT_EXCEEDED);
        }
        if (server.isCongested()) {
            return Optional.of(AssociateRj.TEMPORARY_CONGESTION);
        }
        return Optional.empty();
    }

    private static FailureCode code(AssociateRj rejection) {
        if (rejection.isTransient()) {
            return FailureCode.BUSY;
        }
        boolean unknown = rejection.equals(AssociateRj.CALLED_AE_TITLE_NOT_RECOGNIZED)
                || rejection.equals(AssociateRj.CALLING_AE_TITLE_NOT_RECOGNIZED);
        return unknown ? FailureCode.UNKNOWN_AE : FailureCode.PROTOCOL_VIOLATION;
    }

    /** Never more than proposed, where 0 proposes any number; we invoke nothing ourselves. */
    private OperationsWindow answer(OperationsWindow proposed) {
        int invoked = proposed.invoked() == 0
                ? config.maximumOperations()
                : Math.min(proposed.invoked(), config.maximumOperations());
        return new OperationsWindow(invoked, 1);
    }

    // Messages

    @Override
    public void dataIndicated(PDataTf data) {
        try {
            assembler.accept(data);
        } catch (WalnutException e) {
            LOG.info("association from '{}' aborted: {}", callingAeTitle, e.toString());
            association.abort();
            end(true);
        }
    }

    @Override
    public void command(int contextId, CommandSet command) {
        Context context = contexts.get(contextId);
        if (context == null) {
            throw new WalnutException(
                    FailureCode.PROTOCOL_VIOLATION,
                    "a message on presentation context " + contextId + ", not accepted");
        }
        if (command.commandField() == CommandField.C_STORE_RQ && StorageContexts.isStorage(context.abstractSyntax())) {
            beginStore(contextId, context, CStoreRq.of(command), command.hasDataSet());
        } else if (command.commandField() == CommandField.C_ECHO_RQ) {
            answer(contextId, new CEchoRsp(CEchoRq.of(command).messageId(), Status.SUCCESS).toCommandSet());
            server.listener().echoed(callingAeTitle);
        } else if (CommandField.isResponse(command.commandField())) {
            throw new WalnutException(FailureCode.PROTOCOL_VIOLATION, "a response to nothing");
        } else if (command.commandField() != CommandField.C_CANCEL_RQ) {
            answer(contextId, UnrecognizedOperation.responseTo(command));
        }
    }

    private void beginStore(int contextId, Context context, CStoreRq request, boolean hasDataSet) {
        operations++;
        boolean firstOfItsId = outstanding.add(request.messageId());
        Operation operation = new Operation(request, contextId, System.nanoTime(), firstOfItsId);
        // What is refused at once has no reception; bytes that still come are passed over.
        if (!firstOfItsId) {
            respond(operation, Status.DUPLICATE_INVOCATION, List.of(), "this Message ID is still outstanding");
        } else if (!hasDataSet) {
            respond(operation, Status.CANNOT_UNDERSTAND, List.of(), "no data set");
        } else if (!request.affectedSopClassUid().equals(context.abstractSyntax())) {
            respond(
                    operation,
                    Status.SOP_CLASS_NOT_SUPPORTED,
                    List.of(),
                    "SOP class is not the presentation context's");
        } else if (request.affectedSopInstanceUid().isEmpty()) {
            respond(operation, Status.CANNOT_UNDERSTAND, List.of(), "no Affected SOP Instance UID");
        } else if (!UID.matcher(request.affectedSopInstanceUid()).matches()) {
            respond(operation, Status.INVALID_OBJECT_INSTANCE, List.of(), "Affected SOP Instance UID is no UID");
        } else {
            InstanceWriter writer = server.receiver()
                    .begin(new InstanceOrigin(
                            request.affectedSopClassUid(),
                            request.affectedSopInstanceUid(),
                            context.transferSyntax(),
                            callingAeTitle));
            reception = new Reception(operation, writer, new ArrayList<>());
            balance();
        }
    }

    @Override
    public void data(WireBytes bytes, boolean last) {
        Reception receiving = reception;
        if (receiving == null) {
            bytes.release();
            return;
        }
        receiving.gathered().add(bytes);
        bytesGathered += bytes.length();
        bytesInFlight.addAndGet(bytes.length());
        server.bytesInFlight(bytes.length());
        if (last || bytesGathered >= CHUNK_BYTES || bytesInFlight.get() > config.maximumBytesInFlight()) {
            write(receiving);
        }
        InstanceWriter writer = receiving.writer();
        if (last) {
            reception = null;
            writer.commit().onComplete(outcome -> association.socket().run(() -> {
                if (outcome.succeeded()) {
                    respond(receiving.operation(), Status.SUCCESS, List.of(), "");
                } else {
                    respond(receiving.operation(), outcome.cause());
                }
            }));
        }
        balance();
    }

    /** Hands over what was gathered: one task of the store for an image, not one for each fragment. */
    private void write(Reception receiving) {
        List<WireBytes> chunk = List.copyOf(receiving.gathered());
        int length = bytesGathered;
        receiving.gathered().clear();
        bytesGathered = 0;
        List<ByteBuffer> buffers = new ArrayList<>(chunk.size());
        chunk.forEach(bytes -> buffers.addAll(bytes.byteBuffers()));
        receiving.writer().write(buffers).onComplete(written -> {
            chunk.forEach(WireBytes::release);
            bytesInFlight.addAndGet(-length);
            server.bytesInFlight(-length);
            if (waitingForStore) {
                association.socket().run(this::balance);
            }
        });
    }

    private void respond(Operation answered, Throwable failure) {
        if (failure instanceof WalnutException) {
            FailureCode code = ((WalnutException) failure).code();
            respond(answered, code.dimseStatus(), offendingElements(code), String.valueOf(failure.getMessage()));
        } else {
            LOG.error("C-STORE failed", failure);
            respond(answered, Status.PROCESSING_FAILURE, List.of(), "internal error");
        }
    }

    private void respond(Operation answered, int status, List<Integer> offendingElements, String comment) {
        operations--;
        if (answered.ownsMessageId()) {
            outstanding.remove(answered.request().messageId());
        }
        if (!ended) {
            CStoreRq request = answered.request();
            answer(
                    answered.contextId(),
                    new CStoreRsp(
                                    request.messageId(),
                                    request.affectedSopClassUid(),
                                    request.affectedSopInstanceUid(),
                                    status,
                                    offendingElements,
                                    comment)
                            .toCommandSet());
            server.listener()
                    .storeAnswered(callingAeTitle, status, Duration.ofNanos(System.nanoTime() - answered.beganNanos()));
        }
        balance();
    }

    private static List<Integer> offendingElements(FailureCode code) {
        if (code == FailureCode.SOP_CLASS_MISMATCH) {
            return List.of(Tag.SOPClassUID);
        }
        return code == FailureCode.SOP_INSTANCE_MISMATCH ? List.of(Tag.SOPInstanceUID) : List.of();
    }

    private void answer(int contextId, CommandSet response) {
        MessageFragments.ofCommand(contextId, response, longestFragment).forEach(association::send);
    }

    /** Reads on or pauses, and does what waited for the last answer. */
    private void balance() {
        if (ended) {
            // What still comes is discarded without being held.
            association.socket().resume();
            return;
        }
        // Said before it is asked, so that the store's last word is not missed in between.
        waitingForStore = true;
        boolean storeIsBehind = bytesInFlight.get() > config.maximumBytesInFlight();
        waitingForStore = storeIsBehind;
        if (storeIsBehind || operations > config.maximumOperations()) {
            association.socket().pause();
        } else {
            association.socket().resume();
        }
        if (operations == 0 && releaseWanted) {
            association.respondToRelease();
            end(false);
        } else if (stopping && isQuiet()) {
            association.abort();
            end(true);
        }
    }

    // The end

    @Override
    public void releaseIndicated() {
        releaseWanted = true;
        balance();
    }

    @Override
    public void releaseConfirmed() {
        throw new IllegalStateException("we never ask for release");
    }

    @Override
    public void aborted(AbortCause cause, String reason) {
        if (counted && !ended) {
            LOG.info("association from '{}' aborted: {}", callingAeTitle, reason);
        }
        end(true);
    }

    /** Ends as soon as nothing is outstanding: what the store has taken is still answered. */
    void stop() {
        stopping = true;
        if (isQuiet()) {
            association.abort();
            end(true);
        }
    }

    /** Ends now, answered or not. */
    void stopNow() {
        association.abort();
        end(true);
    }

    private boolean isQuiet() {
        return operations == 0 || (operations == 1 && reception != null);
    }

    private void end(boolean aborted) {
        if (ended) {
            return;
        }
        ended = true;
        stopIdleTimer.run();
        Reception unfinished = reception;
        reception = null;
        if (unfinished != null) {
            server.bytesInFlight(-bytesGathered);
            unfinished.gathered().forEach(WireBytes::release);
            unfinished.writer().abandon();
        }
        if (counted) {
            server.associationEnded();
            server.listener().associationEnded(callingAeTitle, aborted);
        }
        association.socket().resume();
    }

    @Override
    public void disconnected() {
        end(true);
        server.forget(this);
    }

    private void watchIdle(Duration wait) {
        stopIdleTimer = association.socket().schedule(wait, () -> {
            if (ended) {
                return;
            }
            Duration silent = Duration.ofNanos(System.nanoTime() - association.lastReceivedNanos());
            boolean waitingForUs = operations > (reception == null ? 0 : 1);
            Duration left = config.idleTimeout().minus(silent);
            if (waitingForUs) {
                watchIdle(config.idleTimeout());
            } else if (left.toMillis() > 0) {
                watchIdle(left);
            } else if (association.state() == AssociationState.STA6) {
                LOG.info("association from '{}' aborted: idle for {}", callingAeTitle, config.idleTimeout());
                stopNow();
            }
        });
    }

    /** A peer's text for the log: nothing in it may look like another line. */
    private static String printable(String aeTitle) {
        return aeTitle.replaceAll("[^\\x20-\\x7E]", "?");
    }
}
