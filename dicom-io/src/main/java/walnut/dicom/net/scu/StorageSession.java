package walnut.dicom.net.scu;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.net.dimse.CStoreRq;
import walnut.dicom.net.dimse.CStoreRsp;
import walnut.dicom.net.dimse.CommandSet;
import walnut.dicom.net.dimse.Status;
import walnut.dicom.net.pdu.AnsweredContext;
import walnut.dicom.net.pdu.ProposedContext;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Sends instances over one association, in their order, with as many unanswered as the peer grants. Each is proposed in its own transfer syntax; uncompressed
 * ones also in Implicit VR Little Endian, which every peer must take, and are converted where only that is accepted.
 */
final class StorageSession {
    /** Odd IDs from 1 to 255. */
    static final int MAXIMUM_CONTEXTS = 128;

    /** Read from disk at once; several PDUs. */
    private static final int BLOCK_BYTES = 1 << 20;

    /** What a presentation context is proposed for. */
    private record Syntaxes(String sopClassUid, TransferSyntax transferSyntax) {}

    /** An accepted context and the encoding to send in. */
    private record Way(int contextId, TransferSyntax transferSyntax) {}

    private final Vertx vertx;
    private final List<OutgoingInstance> instances;
    private final Consumer<SendOutcome> progress;
    private final Map<Syntaxes, Integer> contextIds;

    StorageSession(Vertx vertx, List<OutgoingInstance> instances, Consumer<SendOutcome> progress) {
        this.vertx = vertx;
        this.instances = instances;
        this.progress = progress;
        this.contextIds = new LinkedHashMap<>();
        for (OutgoingInstance instance : instances) {
            proposals(instance).forEach(syntaxes -> contextIds.putIfAbsent(syntaxes, 2 * contextIds.size() + 1));
        }
    }

    /** Cuts instances into runs, in order, that each need no more contexts than one association has. */
    static List<List<OutgoingInstance>> runs(List<OutgoingInstance> instances) {
        List<List<OutgoingInstance>> runs = new ArrayList<>();
        List<OutgoingInstance> run = new ArrayList<>();
        Map<Syntaxes, Boolean> needed = new LinkedHashMap<>();
        for (OutgoingInstance instance : instances) {
            List<Syntaxes> proposals = proposals(instance);
            long added = proposals.stream().filter(s -> !needed.containsKey(s)).count();
            if (needed.size() + added > MAXIMUM_CONTEXTS) {
                runs.add(run);
                run = new ArrayList<>();
                needed.clear();
            }
            proposals.forEach(s -> needed.put(s, true));
            run.add(instance);
        }
        if (!run.isEmpty()) {
            runs.add(run);
        }
        return runs;
    }

    List<ProposedContext> proposedContexts() {
        return contextIds.entrySet().stream()
                .map(entry -> new ProposedContext(
                        entry.getValue(),
                        entry.getKey().sopClassUid(),
                        List.of(entry.getKey().transferSyntax().uid())))
                .toList();
    }

    /** Sends everything, releases, and completes with one outcome per instance in their order; never fails. */
    Future<List<SendOutcome>> run(ClientAssociation association) {
        Sending sending = new Sending(association);
        sending.goOn();
        return sending.done.future();
    }

    /**
     * The way through the instances on one association. Data sets go one after the other, as the wire wants them; the
     * next begins as soon as the last is sent and the peer's window has room, whether or not it was answered.
     */
    private final class Sending {
        private final ClientAssociation association;
        private final SendOutcome[] outcomes = new SendOutcome[instances.size()];
        private final Promise<List<SendOutcome>> done = Promise.promise();
        private int next;
        private int known;
        private boolean onTheWire;
        private boolean releasing;

        Sending(ClientAssociation association) {
            this.association = association;
        }

        void goOn() {
            while (next < instances.size() && !onTheWire) {
                OutgoingInstance instance = instances.get(next);
                Optional<WalnutException> ended = association.ended();
                Optional<Way> way = way(instance, association);
                if (ended.isPresent()) {
                    tell(next++, failed(instance, ended.get()));
                } else if (way.isEmpty()) {
                    tell(
                            next++,
                            failed(
                                    instance,
                                    new WalnutException(
                                            FailureCode.UNSUPPORTED_TRANSFER_SYNTAX,
                                            "the peer accepts this SOP class in no transfer syntax we can send")));
                } else if (association.hasRoom()) {
                    int index = next++;
                    onTheWire = true;
                    send(instance, way.get(), association, this::sent).onComplete(outcome -> {
                        // Sent or not, the wire is free for the next when there is an outcome.
                        tell(index, outcome.result());
                        goOn();
                    });
                } else {
                    return;
                }
            }
            if (known == outcomes.length && !releasing) {
                releasing = true;
                association.release().onComplete(released -> done.complete(List.of(outcomes)));
            }
        }

        private void sent() {
            onTheWire = false;
            goOn();
        }

        private void tell(int index, SendOutcome outcome) {
            outcomes[index] = outcome;
            known++;
            progress.accept(outcome);
        }
    }

    /** Never fails. {@code sent} is run once, when the last byte is sent or none will be any more. */
    private Future<SendOutcome> send(OutgoingInstance instance, Way way, ClientAssociation association, Runnable sent) {
        return vertx.executeBlocking(() -> instance.open(way.transferSyntax()), false)
                .onFailure(failure -> sent.run())
                .compose(source -> {
                    Promise<Void> wire = Promise.promise();
                    Future<CommandSet> response = association.invoke(
                            way.contextId(),
                            new CStoreRq(nextMessageId(), instance.sopClassUid(), instance.sopInstanceUid())
                                    .toCommandSet());
                    sendBlocks(source, way, association, wire);
                    Future<Void> closed = wire.future().eventually(() -> close(source));
                    closed.onComplete(whatever -> sent.run());
                    return Future.join(closed, response)
                            .map(both -> outcome(instance, CStoreRsp.of(response.result())));
                })
                .recover(failure -> {
                    if (!(failure instanceof WalnutException)
                            && association.ended().isEmpty()) {
                        // A data set that stops in the middle cannot be taken back in any other way.
                        association.abort();
                    }
                    return Future.succeededFuture(failed(instance, failure));
                });
    }

    private int messageId;

    private int nextMessageId() {
        messageId = messageId % 0xffff + 1;
        return messageId;
    }

    private void sendBlocks(
            OutgoingInstance.Source source, Way way, ClientAssociation association, Promise<Void> sent) {
        vertx.executeBlocking(() -> source.read(BLOCK_BYTES), false).onComplete(read -> {
            if (read.failed()) {
                association.abort();
                sent.fail(read.cause());
                return;
            }
            ByteBuffer block = read.result();
            boolean last = !source.hasMore();
            association.sendData(way.contextId(), block, last).onComplete(written -> {
                if (written.failed()) {
                    // A write may fail before the close that explains it is told; it is no fault of the file.
                    sent.fail(association
                            .ended()
                            .orElseGet(() -> new WalnutException(
                                    FailureCode.ASSOCIATION_ABORTED, "the connection broke", written.cause())));
                } else if (last) {
                    sent.complete();
                } else {
                    sendBlocks(source, way, association, sent);
                }
            });
        });
    }

    private Future<Void> close(OutgoingInstance.Source source) {
        return vertx.executeBlocking(
                () -> {
                    source.close();
                    return null;
                },
                false);
    }

    private static List<Syntaxes> proposals(OutgoingInstance instance) {
        Syntaxes own = new Syntaxes(instance.sopClassUid(), instance.transferSyntax());
        return isConvertible(instance.transferSyntax())
                ? List.of(own, new Syntaxes(instance.sopClassUid(), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN))
                : List.of(own);
    }

    private static boolean isConvertible(TransferSyntax syntax) {
        return syntax.equals(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN)
                || syntax.equals(TransferSyntax.EXPLICIT_VR_BIG_ENDIAN)
                || syntax.deflated();
    }

    private Optional<Way> way(OutgoingInstance instance, ClientAssociation association) {
        return proposals(instance).stream()
                .filter(syntaxes -> association.contexts().stream()
                        .filter(AnsweredContext::accepted)
                        .anyMatch(answer -> answer.id() == contextId(syntaxes)))
                .map(syntaxes -> new Way(contextId(syntaxes), syntaxes.transferSyntax()))
                .findFirst();
    }

    private int contextId(Syntaxes syntaxes) {
        Integer id = contextIds.get(syntaxes);
        if (id == null) {
            throw new IllegalStateException("not proposed: " + syntaxes);
        }
        return id;
    }

    private static SendOutcome outcome(OutgoingInstance instance, CStoreRsp response) {
        int status = response.status();
        boolean delivered =
                status == Status.SUCCESS || status == Status.DUPLICATE_SOP_INSTANCE || Status.isWarning(status);
        String detail = Status.hex(status) + (response.errorComment().isEmpty() ? "" : " " + response.errorComment());
        return new SendOutcome(
                instance.file(),
                instance.sopInstanceUid(),
                status,
                delivered ? Optional.empty() : Optional.of(FailureCode.PEER_REFUSED_INSTANCE),
                detail);
    }

    static SendOutcome failed(OutgoingInstance instance, Throwable failure) {
        if (failure instanceof WalnutException) {
            WalnutException foreseen = (WalnutException) failure;
            return new SendOutcome(
                    instance.file(),
                    instance.sopInstanceUid(),
                    -1,
                    Optional.of(foreseen.code()),
                    String.valueOf(foreseen.getMessage()));
        }
        boolean disk = failure instanceof IOException;
        return new SendOutcome(
                instance.file(),
                instance.sopInstanceUid(),
                -1,
                Optional.of(disk ? FailureCode.FILE_UNREADABLE : FailureCode.INTERNAL_ERROR),
                disk ? "the file could not be read" : "internal error");
    }
}
