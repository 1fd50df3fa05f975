package walnut.dicom.net.scu;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.dicom.data.Uid;
import walnut.dicom.net.dimse.CEchoRq;
import walnut.dicom.net.dimse.CEchoRsp;
import walnut.dicom.net.dimse.Status;
import walnut.dicom.net.pdu.AnsweredContext;
import walnut.dicom.net.pdu.ProposedContext;
import walnut.dicom.net.transport.WireClient;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** Calls a peer: Verification and Storage as SCU. */
public final class DimseClient {
    private static final Logger LOG = LoggerFactory.getLogger(DimseClient.class);

    private final Vertx vertx;
    private final DimseClientConfig config;
    private final WireClient wire;

    private DimseClient(Vertx vertx, DimseClientConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.wire = new WireClient(vertx, config.connectTimeout());
    }

    public static DimseClient create(Vertx vertx, DimseClientConfig config) {
        return new DimseClient(vertx, config);
    }

    /**
     * C-ECHO over an association of its own; the round trip of the echo. Fails with PEER_UNREACHABLE,
     * ASSOCIATION_REJECTED, PEER_BUSY, ASSOCIATION_ABORTED or PEER_TIMEOUT.
     */
    public Future<Duration> echo(Destination destination) {
        ProposedContext verification = new ProposedContext(
                1, Uid.Verification, List.of(Uid.ImplicitVRLittleEndian, Uid.ExplicitVRLittleEndian));
        return establish(destination, List.of(verification)).compose(this::echo);
    }

    private Future<Duration> echo(ClientAssociation association) {
        if (association.contexts().stream().noneMatch(AnsweredContext::accepted)) {
            association.release();
            return Future.failedFuture(
                    new WalnutException(FailureCode.ASSOCIATION_REJECTED, "the peer does not accept Verification"));
        }
        long began = System.nanoTime();
        return association
                .invoke(1, new CEchoRq(1).toCommandSet())
                .compose(response -> {
                    Duration elapsed = Duration.ofNanos(System.nanoTime() - began);
                    int status = CEchoRsp.of(response).status();
                    return status == Status.SUCCESS
                            ? Future.succeededFuture(elapsed)
                            : Future.failedFuture(new WalnutException(
                                    FailureCode.PEER_REFUSED_INSTANCE, "C-ECHO answered " + Status.hex(status)));
                })
                .compose(elapsed -> association.release().map(elapsed));
    }

    /**
     * Sends Part 10 files over one association (several when they need more than 128 presentation contexts), in the
     * order given. Completes with one outcome per file, also when the peer refuses some or ends the association in the
     * middle; fails only when no association came about.
     *
     * @param progress told each outcome as it comes, on an event loop
     */
    public Future<List<SendOutcome>> send(Destination destination, List<Path> files, Consumer<SendOutcome> progress) {
        Promise<List<SendOutcome>> done = Promise.promise();
        Consumer<SendOutcome> told = outcome -> tell(progress, outcome);
        vertx.getOrCreateContext().runOnContext(nothing -> vertx.executeBlocking(() -> examine(files), false)
                .compose(examined -> {
                    examined.unreadable().forEach(told);
                    return sendRuns(destination, StorageSession.runs(examined.readable()), 0, told)
                            .map(sent -> inOrder(files, examined.unreadable(), sent));
                })
                .onComplete(done));
        return done.future();
    }

    /** What could be read of the files, and the outcomes of those that could not. */
    private record Examined(List<OutgoingInstance> readable, List<SendOutcome> unreadable) {}

    private static Examined examine(List<Path> files) {
        Examined examined = new Examined(new ArrayList<>(), new ArrayList<>());
        for (Path file : files) {
            try {
                examined.readable().add(OutgoingInstance.read(file));
            } catch (WalnutException e) {
                examined.unreadable()
                        .add(new SendOutcome(file, "", -1, Optional.of(e.code()), String.valueOf(e.getMessage())));
            } catch (NoSuchFileException e) {
                examined.unreadable()
                        .add(new SendOutcome(file, "", -1, Optional.of(FailureCode.NOT_FOUND), "no such file"));
            } catch (IOException e) {
                examined.unreadable()
                        .add(new SendOutcome(
                                file, "", -1, Optional.of(FailureCode.FILE_UNREADABLE), "the file could not be read"));
            }
        }
        return examined;
    }

    /** One association per run; when a later one does not come about, what is left fails with its reason. */
    private Future<List<SendOutcome>> sendRuns(
            Destination destination, List<List<OutgoingInstance>> runs, int at, Consumer<SendOutcome> told) {
        if (at == runs.size()) {
            return Future.succeededFuture(List.of());
        }
        StorageSession session = new StorageSession(vertx, runs.get(at), told);
        Future<List<SendOutcome>> sent =
                establish(destination, session.proposedContexts()).compose(session::run);
        if (at > 0) {
            sent = sent.recover(failure -> Future.succeededFuture(runs.get(at).stream()
                    .map(instance -> StorageSession.failed(instance, failure))
                    .peek(told)
                    .toList()));
        }
        return sent.compose(
                outcomes -> sendRuns(destination, runs, at + 1, told).map(later -> {
                    List<SendOutcome> all = new ArrayList<>(outcomes);
                    all.addAll(later);
                    return all;
                }));
    }

    private Future<ClientAssociation> establish(Destination destination, List<ProposedContext> proposed) {
        return wire.connect(destination.host(), destination.port())
                .compose(socket -> ClientAssociation.establish(socket, destination, config, proposed));
    }

    private static List<SendOutcome> inOrder(List<Path> files, List<SendOutcome> unreadable, List<SendOutcome> sent) {
        Map<Path, SendOutcome> byFile = new HashMap<>();
        unreadable.forEach(outcome -> byFile.put(outcome.file(), outcome));
        sent.forEach(outcome -> byFile.put(outcome.file(), outcome));
        return files.stream().map(byFile::get).toList();
    }

    private static void tell(Consumer<SendOutcome> progress, SendOutcome outcome) {
        try {
            progress.accept(outcome);
        } catch (RuntimeException e) {
            LOG.error("a progress listener failed", e);
        }
    }
}
