package walnut.dicom.net.scu;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.net.dimse.CStoreRq;
import walnut.dicom.net.dimse.CStoreRsp;
import walnut.dicom.net.dimse.CommandSet;
import walnut.dicom.net.dimse.MessageFragments;
import walnut.dicom.net.dimse.Status;
import walnut.dicom.net.pdu.AnsweredContext;
import walnut.dicom.net.pdu.AssociateAc;
import walnut.dicom.net.pdu.AssociateRq;
import walnut.dicom.net.pdu.InvalidPduException;
import walnut.dicom.net.pdu.PDataTf;
import walnut.dicom.net.pdu.Pdu;
import walnut.dicom.net.pdu.PduFramer;
import walnut.dicom.net.pdu.PduWriter;
import walnut.dicom.net.pdu.PresentationDataValue;
import walnut.dicom.net.pdu.ReleaseRp;
import walnut.dicom.net.pdu.UserInformation;
import walnut.dicom.net.transport.WireBytes;
import walnut.failure.FailureCode;
import walnut.testing.MrInstances;

/** What our SCU makes of each status that a peer may answer C-STORE with, PS3.4 Table B.2-1. */
class StoreWarningsTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final int[] STATUSES = {0x0000, 0xB000, 0xB006, 0xB007, 0x0111, 0xA700, 0xA900, 0xC123, 0x0213};

    @TempDir
    private Path directory;

    @AfterAll
    static void closeVertx() throws Exception {
        VERTX.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void warnings_count_as_delivered_and_say_so() throws Exception {
        List<Path> files = MrInstances.files(directory, STATUSES.length, 500);
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread peer = new Thread(() -> answer(listening));
            peer.start();
            List<SendOutcome> outcomes = DimseClient.create(
                            VERTX, DimseClientConfig.defaults().withMaximumOperations(1))
                    .send(new Destination("PEER", "127.0.0.1", listening.getLocalPort()), files, outcome -> {})
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
            peer.join(TimeUnit.SECONDS.toMillis(60));
            for (int i = 0; i < STATUSES.length; i++) {
                SendOutcome outcome = outcomes.get(i);
                boolean warning = (STATUSES[i] & 0xF000) == 0xB000;
                boolean delivered = warning || STATUSES[i] == 0 || STATUSES[i] == 0x0111;
                assertThat(outcome.status()).isEqualTo(STATUSES[i]);
                assertThat(outcome.isWarning()).as(Status.hex(STATUSES[i])).isEqualTo(warning);
                assertThat(outcome.failure())
                        .isEqualTo(delivered ? Optional.empty() : Optional.of(FailureCode.PEER_REFUSED_INSTANCE));
                assertThat(outcome.detail()).isEqualTo(Status.hex(STATUSES[i]) + " as tried");
            }
        }
    }

    /** Takes one association and answers the n-th object with the n-th status. */
    private static void answer(ServerSocket listening) {
        try (Socket socket = listening.accept()) {
            socket.setSoTimeout(60_000);
            Incoming incoming = new Incoming(socket.getInputStream());
            AssociateRq request = (AssociateRq) incoming.next();
            List<AnsweredContext> accepted = request.presentationContexts().stream()
                    .map(proposed -> new AnsweredContext(
                            proposed.id(),
                            AnsweredContext.ACCEPTANCE,
                            proposed.transferSyntaxes().get(0)))
                    .toList();
            write(socket, new AssociateAc(request, accepted, UserInformation.walnut(16384, Optional.empty())));
            for (int status : STATUSES) {
                PresentationDataValue command =
                        ((PDataTf) incoming.next()).values().get(0);
                CStoreRq store = CStoreRq.of(CommandSet.read(command.data().toByteArray()));
                boolean last = false;
                while (!last) {
                    last = ((PDataTf) incoming.next()).values().get(0).last();
                }
                CommandSet response = new CStoreRsp(
                                store.messageId(),
                                store.affectedSopClassUid(),
                                store.affectedSopInstanceUid(),
                                status,
                                List.of(),
                                "as tried")
                        .toCommandSet();
                for (PDataTf pdu : MessageFragments.ofCommand(command.presentationContextId(), response, 16378)) {
                    write(socket, pdu);
                }
            }
            incoming.next();
            write(socket, new ReleaseRp());
        } catch (IOException | InvalidPduException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Socket socket, Pdu pdu) throws IOException {
        socket.getOutputStream().write(PduWriter.write(pdu).toByteArray());
    }

    /** PDUs as they come. */
    private static final class Incoming {
        private final InputStream in;
        private final PduFramer framer = new PduFramer(131072);
        private final Queue<Pdu> read = new ArrayDeque<>();

        Incoming(InputStream in) {
            this.in = in;
        }

        Pdu next() throws IOException, InvalidPduException {
            byte[] chunk = new byte[8192];
            while (read.isEmpty()) {
                int length = in.read(chunk);
                if (length < 0) {
                    throw new IOException("the SCU went away");
                }
                framer.feed(WireBytes.wrap(Arrays.copyOf(chunk, length)), read::add);
            }
            return read.remove();
        }
    }
}
