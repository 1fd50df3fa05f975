package walnut.dicom.net.scu;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.net.pdu.AnsweredContext;
import walnut.dicom.net.pdu.AssociateAc;
import walnut.dicom.net.pdu.AssociateRq;
import walnut.dicom.net.pdu.OperationsWindow;
import walnut.dicom.net.pdu.Pdu;
import walnut.dicom.net.pdu.PduFramer;
import walnut.dicom.net.pdu.PduWriter;
import walnut.dicom.net.pdu.UserInformation;
import walnut.dicom.net.scp.DimseServer;
import walnut.dicom.net.scp.DimseServerConfig;
import walnut.dicom.net.scp.DimseServerListener;
import walnut.dicom.net.transport.WireBytes;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.InstanceOrigin;
import walnut.store.InstanceReceiver;
import walnut.store.InstanceWriter;
import walnut.store.StoredInstance;
import walnut.testing.MrInstances;

/** How many operations our SCU has outstanding, seen by a store that answers late, and in the wrong order. */
class OperationsWindowTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final int IMAGES = 12;

    @TempDir
    private Path directory;

    @AfterAll
    static void closeVertx() throws Exception {
        await(VERTX.close());
    }

    @Test
    void sends_on_without_waiting_as_far_as_the_peer_grants() throws Exception {
        HoldingReceiver holding = new HoldingReceiver(4);
        List<SendOutcome> outcomes = send(holding, DimseClientConfig.defaults().withMaximumOperations(4));
        assertThat(holding.mostOutstanding).isEqualTo(4);
        assertOutcomes(outcomes);
    }

    @Test
    void has_one_operation_outstanding_when_no_window_was_agreed() throws Exception {
        HoldingReceiver holding = new HoldingReceiver(1);
        List<SendOutcome> outcomes = send(holding, DimseClientConfig.defaults().withMaximumOperations(1));
        assertThat(holding.mostOutstanding).isEqualTo(1);
        assertOutcomes(outcomes);
    }

    @Test
    void a_peer_that_goes_away_fails_all_that_was_outstanding() throws Exception {
        List<Path> files = MrInstances.files(directory, IMAGES, 2000);
        try (ServerSocket listening = new ServerSocket(0)) {
            Future<List<SendOutcome>> sent = DimseClient.create(VERTX, DimseClientConfig.defaults())
                    .send(new Destination("PEER", "127.0.0.1", listening.getLocalPort()), files, outcome -> {});
            try (Socket peer = listening.accept()) {
                acceptWithWindow(peer, IMAGES);
                // Enough of what follows the request to know that several objects are on their way.
                peer.getInputStream().readNBytes(3 * 2000);
            }
            assertThat(await(sent)).hasSize(IMAGES).allSatisfy(outcome -> assertThat(outcome.failure())
                    .hasValue(FailureCode.ASSOCIATION_ABORTED));
        }
    }

    private static void acceptWithWindow(Socket peer, int operations) throws Exception {
        PduFramer framer = new PduFramer(131072);
        List<Pdu> read = new ArrayList<>();
        while (read.isEmpty()) {
            framer.feed(WireBytes.wrap(new byte[] {(byte) peer.getInputStream().read()}), read::add);
        }
        AssociateRq request = (AssociateRq) read.get(0);
        List<AnsweredContext> accepted = request.presentationContexts().stream()
                .map(proposed -> new AnsweredContext(
                        proposed.id(),
                        AnsweredContext.ACCEPTANCE,
                        proposed.transferSyntaxes().get(0)))
                .toList();
        peer.getOutputStream()
                .write(PduWriter.write(new AssociateAc(
                                request,
                                accepted,
                                UserInformation.walnut(16384, Optional.of(new OperationsWindow(operations, 1)))))
                        .toByteArray());
    }

    /** Each image's outcome stands at its place and says what was answered to it, not to its neighbour. */
    private void assertOutcomes(List<SendOutcome> outcomes) {
        assertThat(outcomes).hasSize(IMAGES);
        for (int i = 0; i < IMAGES; i++) {
            assertThat(outcomes.get(i).sopInstanceUid()).isEqualTo(MrInstances.sopInstanceUid(i + 1));
            assertThat(outcomes.get(i).detail()).contains("refused " + MrInstances.sopInstanceUid(i + 1));
        }
    }

    private List<SendOutcome> send(HoldingReceiver receiver, DimseClientConfig config) throws Exception {
        List<Path> files = MrInstances.files(directory, IMAGES, 200_000);
        DimseServer server = start(receiver);
        try {
            return await(DimseClient.create(VERTX, config).send(destination(server), files, outcome -> {}));
        } finally {
            await(server.stop());
        }
    }

    private static DimseServer start(InstanceReceiver receiver) throws Exception {
        return await(DimseServer.create(
                        VERTX, DimseServerConfig.defaults().withPort(0), receiver, new DimseServerListener() {})
                .start());
    }

    private static Destination destination(DimseServer server) {
        return new Destination("WALNUT", "127.0.0.1", server.port());
    }

    /** Keeps answers back until so many wait, then gives them, the latest first; each names its object. */
    private static final class HoldingReceiver implements InstanceReceiver {
        private final int hold;
        private final Deque<Promise<StoredInstance>> waiting = new ArrayDeque<>();
        private final Deque<String> names = new ArrayDeque<>();
        private int begun;
        private volatile int mostOutstanding;

        HoldingReceiver(int hold) {
            this.hold = hold;
        }

        @Override
        public InstanceWriter begin(InstanceOrigin origin) {
            return new InstanceWriter() {
                @Override
                public Future<Void> write(List<ByteBuffer> chunk) {
                    return Future.succeededFuture();
                }

                @Override
                public Future<StoredInstance> commit() {
                    return await(origin.sopInstanceUid());
                }

                @Override
                public void abandon() {}
            };
        }

        private synchronized Future<StoredInstance> await(String name) {
            Promise<StoredInstance> answer = Promise.promise();
            waiting.push(answer);
            names.push(name);
            begun++;
            mostOutstanding = Math.max(mostOutstanding, waiting.size());
            if (waiting.size() == hold || begun == IMAGES && hold < IMAGES) {
                answerAll();
            }
            return answer.future();
        }

        private void answerAll() {
            while (!waiting.isEmpty()) {
                waiting.pop().fail(new WalnutException(FailureCode.STORAGE_FULL, "refused " + names.pop()));
            }
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
