package walnut.dicom.net.scp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.NonPatientObject;
import walnut.dicom.data.Tag;
import walnut.dicom.data.UidRegistry;
import walnut.dicom.net.dimse.CEchoRq;
import walnut.dicom.net.dimse.CEchoRsp;
import walnut.dicom.net.dimse.CStoreRq;
import walnut.dicom.net.dimse.CStoreRsp;
import walnut.dicom.net.pdu.Abort;
import walnut.dicom.net.pdu.AnsweredContext;
import walnut.dicom.net.pdu.AssociateAc;
import walnut.dicom.net.pdu.AssociateRj;
import walnut.dicom.net.pdu.AssociateRq;
import walnut.dicom.net.pdu.OperationsWindow;
import walnut.dicom.net.pdu.Pdu;
import walnut.dicom.net.pdu.ProposedContext;
import walnut.dicom.net.pdu.ReleaseRp;
import walnut.dicom.net.pdu.ReleaseRq;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.InstanceListener;
import walnut.store.InstanceReceiver;
import walnut.store.InstanceStore;
import walnut.store.InstanceWriter;
import walnut.store.StoreConfig;
import walnut.store.StoredInstance;
import walnut.testing.InMemoryInstanceIndex;
import walnut.testing.MrInstances;
import walnut.testing.RawPeer;

class DimseServerTest {
    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    private Path directory;

    private final InMemoryInstanceIndex index = new InMemoryInstanceIndex();
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private @Nullable InstanceStore store;
    private @Nullable DimseServer server;

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            await(server.stop());
        }
        if (store != null) {
            store.close();
        }
    }

    @AfterAll
    static void closeVertx() throws Exception {
        await(VERTX.close());
    }

    private static DimseServerConfig config() {
        return DimseServerConfig.defaults().withPort(0);
    }

    private int start(DimseServerConfig config) throws Exception {
        store = InstanceStore.open(
                directory, index, new InstanceListener() {}, new StoreConfig(4, 1 << 30, 0), Clock.systemUTC());
        return start(config, store);
    }

    private int start(DimseServerConfig config, InstanceReceiver receiver) throws Exception {
        server = DimseServer.create(VERTX, config, receiver, new DimseServerListener() {
            @Override
            public void associationAccepted(String callingAeTitle) {
                told.add("accepted " + callingAeTitle);
            }

            @Override
            public void associationRejected(String callingAeTitle, FailureCode reason) {
                told.add("rejected " + callingAeTitle + " " + reason);
            }

            @Override
            public void associationEnded(String callingAeTitle, boolean aborted) {
                told.add((aborted ? "aborted " : "released ") + callingAeTitle);
            }
        });
        return await(server.start()).port();
    }

    // Negotiation

    @Test
    void accepts_every_storage_class_in_the_senders_first_syntax() throws Exception {
        try (RawPeer peer = new RawPeer(start(config()))) {
            AssociateRq base = RawPeer.request("WALNUT", "RAW", Optional.of(new OperationsWindow(0, 3)));
            String jpegLossless = "1.2.840.10008.1.2.4.70";
            String implicit = "1.2.840.10008.1.2";
            String bigEndian = "1.2.840.10008.1.2.2";
            peer.write(new AssociateRq(
                    "WALNUT",
                    "RAW",
                    List.of(
                            new ProposedContext(1, RawPeer.VERIFICATION, List.of(implicit)),
                            new ProposedContext(3, RawPeer.MR_IMAGE_STORAGE, List.of(jpegLossless, implicit)),
                            new ProposedContext(5, RawPeer.MR_IMAGE_STORAGE, List.of(bigEndian, implicit)),
                            new ProposedContext(7, RawPeer.MR_IMAGE_STORAGE, List.of(bigEndian)),
                            new ProposedContext(9, "1.3.12.2.1107.5.9.1", List.of(implicit)),
                            new ProposedContext(11, "1.2.840.10008.5.1.4.1.2.2.1", List.of(implicit)),
                            new ProposedContext(13, RawPeer.MR_IMAGE_STORAGE, List.of("1.2.3.4"))),
                    base.userInformation()));
            AssociateAc answer = (AssociateAc) peer.read();
            assertThat(answer.presentationContexts())
                    .containsExactly(
                            new AnsweredContext(1, 0, implicit),
                            new AnsweredContext(3, 0, jpegLossless),
                            new AnsweredContext(5, 0, implicit),
                            new AnsweredContext(7, 0, bigEndian),
                            new AnsweredContext(9, 0, implicit),
                            new AnsweredContext(11, AnsweredContext.ABSTRACT_SYNTAX_NOT_SUPPORTED, implicit),
                            new AnsweredContext(13, AnsweredContext.TRANSFER_SYNTAXES_NOT_SUPPORTED, implicit));
            assertThat(answer.userInformation().operationsWindow()).hasValue(new OperationsWindow(16, 1));
            assertThat(answer.userInformation().maximumLength()).isEqualTo(131072);
        }
    }

    @Test
    void rejects_unknown_ae_titles_with_the_standards_reasons() throws Exception {
        int port = start(config().withCallingAeTitles(Set.of("SCANNER")));
        assertThat(answer(port, RawPeer.request("OTHER", "SCANNER", Optional.empty())))
                .isEqualTo(new AssociateRj(1, 1, 7));
        assertThat(answer(port, RawPeer.request("WALNUT", "STRANGER", Optional.empty())))
                .isEqualTo(new AssociateRj(1, 1, 3));
        assertThat(answer(port, RawPeer.request("WALNUT", "SCANNER", Optional.empty())))
                .isInstanceOf(AssociateAc.class);
        assertThat(told).contains("rejected SCANNER UNKNOWN_AE", "rejected STRANGER UNKNOWN_AE", "accepted SCANNER");
    }

    @Test
    void rejects_another_protocol_version_and_application_context() throws Exception {
        int port = start(config());
        AssociateRq good = RawPeer.request("WALNUT", "RAW", Optional.empty());
        assertThat(answer(
                        port,
                        new AssociateRq(
                                2,
                                "WALNUT",
                                "RAW",
                                good.applicationContext(),
                                good.presentationContexts(),
                                good.userInformation())))
                .isEqualTo(AssociateRj.PROTOCOL_VERSION_NOT_SUPPORTED);
        assertThat(answer(
                        port,
                        new AssociateRq(
                                1, "WALNUT", "RAW", "1.2.3", good.presentationContexts(), good.userInformation())))
                .isEqualTo(AssociateRj.APPLICATION_CONTEXT_NOT_SUPPORTED);
    }

    @Test
    void one_association_too_many_is_rejected_for_now() throws Exception {
        int port = start(config().withMaximumAssociations(2));
        try (RawPeer first = associate(port);
                RawPeer second = associate(port)) {
            assertThat(answer(port, RawPeer.request("WALNUT", "RAW", Optional.empty())))
                    .isEqualTo(new AssociateRj(2, 3, 2));
            first.write(new ReleaseRq());
            assertThat(first.read()).isEqualTo(new ReleaseRp());
            first.close();
            try (RawPeer third = associate(port)) {
                echo(third);
                echo(second);
            }
        }
    }

    /** Half of what two associations of 1 MiB each may have in flight is 1 MiB; the store takes nothing. */
    @Test
    void an_association_is_rejected_for_now_while_the_store_is_behind() throws Exception {
        SlowReceiver slow = new SlowReceiver();
        int port = start(config().withMaximumAssociations(2).withMaximumBytesInFlight(1 << 20), slow);
        try (RawPeer flood = associate(port)) {
            Thread writer = new Thread(() -> {
                try {
                    flood.write(store(1, 1, new byte[8 << 20]));
                } catch (IOException e) {
                    told.add("flood ended");
                }
            });
            writer.start();
            awaitTrue(() -> slow.outstanding.get() > 1 << 20);
            assertThat(answer(port, RawPeer.request("WALNUT", "RAW", Optional.empty())))
                    .isEqualTo(new AssociateRj(2, 3, 1));
            slow.open();
            assertThat(CStoreRsp.of(flood.readCommand()).status()).isEqualTo(0xA700);
            writer.join();
            try (RawPeer second = associate(port)) {
                echo(second);
            }
        }
        assertThat(told).contains("rejected RAW BUSY");
    }

    @Test
    void does_not_bind_to_the_world_without_an_ae_list() {
        assertThatThrownBy(() -> start(config().withHost("0.0.0.0")))
                .cause()
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.CONFIGURATION_INVALID));
    }

    @Test
    void names_a_port_in_use() throws Exception {
        int port = start(config());
        DimseServer second =
                DimseServer.create(VERTX, config().withPort(port), new SlowReceiver(), new DimseServerListener() {});
        assertThatThrownBy(() -> await(second.start()))
                .cause()
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PORT_IN_USE));
    }

    // Storing

    @Test
    void stores_an_image_and_answers_success() throws Exception {
        try (RawPeer peer = associate(start(config()))) {
            byte[] image = MrInstances.bytes(MrInstances.image(1, 200_000, 1));
            peer.write(store(7, 1, image));
            CStoreRsp response = CStoreRsp.of(peer.readCommand());
            assertThat(response)
                    .isEqualTo(new CStoreRsp(
                            7, RawPeer.MR_IMAGE_STORAGE, MrInstances.sopInstanceUid(1), 0, List.of(), ""));
            StoredInstance stored = index.all().get(0);
            byte[] file = Files.readAllBytes(directory.resolve(stored.file()));
            assertThat(Arrays.copyOfRange(file, file.length - image.length, file.length))
                    .isEqualTo(image);
            assertThat(stored.callingAeTitle()).isEqualTo("RAW");
            echo(peer);
            peer.write(new ReleaseRq());
            assertThat(peer.read()).isEqualTo(new ReleaseRp());
        }
        assertThat(told).containsExactly("accepted RAW", "released RAW");
    }

    @Test
    void answers_a_window_of_operations_and_releases_after_the_last() throws Exception {
        int port = start(config());
        try (RawPeer peer = new RawPeer(port)) {
            peer.write(RawPeer.request("WALNUT", "RAW", Optional.of(new OperationsWindow(8, 1))));
            assertThat(((AssociateAc) peer.read()).userInformation().operationsWindow())
                    .hasValue(new OperationsWindow(8, 1));
            for (int number = 1; number <= 30; number++) {
                peer.write(store(number, number, MrInstances.bytes(MrInstances.image(number, 1000, number))));
            }
            peer.write(new ReleaseRq());
            List<Integer> answered = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                CStoreRsp response = CStoreRsp.of(peer.readCommand());
                assertThat(response.status()).isZero();
                answered.add(response.messageIdBeingRespondedTo());
            }
            assertThat(answered).doesNotHaveDuplicates();
            assertThat(peer.read()).isEqualTo(new ReleaseRp());
        }
        assertThat(index.all()).hasSize(30);
    }

    @Test
    void refuses_each_bad_object_by_status_and_serves_on() throws Exception {
        try (RawPeer peer = associate(start(config()))) {
            byte[] image = MrInstances.bytes(MrInstances.image(1, 1000, 1));
            // Another SOP Instance UID than announced.
            peer.write(store(1, 2, image));
            CStoreRsp mismatch = CStoreRsp.of(peer.readCommand());
            assertThat(mismatch.status()).isEqualTo(0xA900);
            assertThat(mismatch.errorComment()).contains("differ");
            // No data set at all, by its bytes.
            peer.write(
                    store(2, 1, "this is not a data set, however long you look".getBytes(StandardCharsets.US_ASCII)));
            assertThat(CStoreRsp.of(peer.readCommand()).status()).isEqualTo(0xC000);
            // Another SOP class than the presentation context's.
            peer.write(RawPeer.message(
                    1,
                    new CStoreRq(3, "1.2.840.10008.5.1.4.1.1.2", MrInstances.sopInstanceUid(1)).toCommandSet(),
                    image));
            assertThat(CStoreRsp.of(peer.readCommand()).status()).isEqualTo(0x0122);
            // No study.
            peer.write(store(
                    4,
                    1,
                    MrInstances.bytes(MrInstances.image(1, 10, 1).toBuilder()
                            .remove(Tag.StudyInstanceUID)
                            .build())));
            assertThat(CStoreRsp.of(peer.readCommand()).status()).isEqualTo(0xA900);
            peer.write(store(5, 1, image));
            assertThat(CStoreRsp.of(peer.readCommand()).status()).isZero();
        }
        assertThat(index.all()).hasSize(1);
        try (Stream<Path> quarantined = Files.list(directory.resolve("quarantine"))) {
            assertThat(quarantined).hasSize(3);
        }
    }

    @Test
    void refuses_what_is_no_sop_instance_uid() throws Exception {
        try (RawPeer peer = associate(start(config()))) {
            byte[] image = MrInstances.bytes(MrInstances.image(1, 1000, 1));
            for (String uid : List.of("IMAGE 1", "1.2.840.x", "1." + "2".repeat(63))) {
                peer.write(RawPeer.message(1, new CStoreRq(1, RawPeer.MR_IMAGE_STORAGE, uid).toCommandSet(), image));
                assertThat(CStoreRsp.of(peer.readCommand()).status()).as(uid).isEqualTo(0x0117);
            }
            peer.write(store(2, 1, image));
            assertThat(CStoreRsp.of(peer.readCommand()).status()).isZero();
        }
        assertThat(index.all()).hasSize(1);
    }

    @Test
    void refuses_a_message_id_that_is_still_outstanding_and_no_other() throws Exception {
        SlowReceiver slow = new SlowReceiver();
        int port = start(config(), slow);
        try (RawPeer peer = new RawPeer(port)) {
            peer.write(RawPeer.request("WALNUT", "RAW", Optional.of(new OperationsWindow(8, 1))));
            assertThat(peer.read()).isInstanceOf(AssociateAc.class);
            peer.write(store(5, 1, new byte[100]));
            peer.write(store(6, 2, new byte[100]));
            peer.write(store(5, 3, new byte[100]));
            CStoreRsp duplicate = CStoreRsp.of(peer.readCommand());
            assertThat(duplicate.status()).isEqualTo(0x0210);
            assertThat(duplicate.affectedSopInstanceUid()).isEqualTo(MrInstances.sopInstanceUid(3));
            slow.open();
            assertThat(CStoreRsp.of(peer.readCommand()).status()).isEqualTo(0xA700);
            assertThat(CStoreRsp.of(peer.readCommand()).status()).isEqualTo(0xA700);
            // Answered, so free again.
            peer.write(store(5, 3, new byte[100]));
            assertThat(CStoreRsp.of(peer.readCommand()).status()).isEqualTo(0xA700);
        }
    }

    @Test
    void stores_what_belongs_to_no_patient_under_no_study() throws Exception {
        List<String> classes = UidRegistry.ofKind("SOP Class").stream()
                .map(UidRegistry.Entry::uid)
                .filter(NonPatientObject::isSopClass)
                .toList();
        assertThat(classes).hasSize(9);
        int port = start(config());
        for (String sopClass : classes) {
            try (RawPeer peer = new RawPeer(port)) {
                AssociateRq base = RawPeer.request("WALNUT", "RAW", Optional.empty());
                peer.write(new AssociateRq(
                        "WALNUT",
                        "RAW",
                        List.of(new ProposedContext(1, sopClass, List.of(RawPeer.EXPLICIT_VR_LITTLE_ENDIAN))),
                        base.userInformation()));
                assertThat(((AssociateAc) peer.read()).presentationContexts()).allMatch(AnsweredContext::accepted);
                String uid = sopClass + ".1";
                byte[] object = MrInstances.bytes(DataSet.builder()
                        .putString(Tag.SOPClassUID, sopClass)
                        .putString(Tag.SOPInstanceUID, uid)
                        .build());
                peer.write(RawPeer.message(1, new CStoreRq(1, sopClass, uid).toCommandSet(), object));
                assertThat(CStoreRsp.of(peer.readCommand()).status())
                        .as(sopClass)
                        .isZero();
            }
        }
        assertThat(index.all()).hasSize(9).noneMatch(StoredInstance::isOfStudy);
    }

    @Test
    void answers_what_it_does_not_serve_with_unrecognized_operation() throws Exception {
        try (RawPeer peer = associate(start(config()))) {
            // C-FIND-RQ (0020H) on the Verification context, no data set.
            byte[] command = HexFormat.of()
                    .parseHex("0000000002000000" + "3100" // (0000,0000) of a wrong VR length is not read
                            + "0000000102000000" + "2000"
                            + "0000100102000000" + "0900"
                            + "0000000802000000" + "0101");
            peer.write(RawPeer.message(3, walnut.dicom.net.dimse.CommandSet.read(command), new byte[0]));
            CEchoRsp response = CEchoRsp.of(peer.readCommand());
            assertThat(response.messageIdBeingRespondedTo()).isEqualTo(9);
            assertThat(response.status()).isEqualTo(0x0211);
            echo(peer);
        }
    }

    // Bad peers

    @Test
    void aborts_what_is_no_dicom_and_serves_on() throws Exception {
        int port = start(config());
        byte[] tlsHello = HexFormat.of().parseHex("16030102000100 01fc0303".replace(" ", ""));
        byte[] http = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] hugePdu = HexFormat.of().parseHex("0100ffffffff");
        for (byte[] garbage : List.of(tlsHello, http, hugePdu, new byte[1000])) {
            try (RawPeer peer = new RawPeer(port)) {
                peer.write(garbage);
                assertThat(peer.read()).isInstanceOf(Abort.class);
            }
        }
        try (RawPeer peer = associate(port)) {
            echo(peer);
        }
    }

    @Test
    void aborts_garbage_within_an_association_by_the_providers_reason() throws Exception {
        int port = start(config());
        try (RawPeer peer = associate(port)) {
            peer.write(new byte[] {0x55});
            assertThat(peer.read()).isEqualTo(new Abort(Abort.SERVICE_PROVIDER, Abort.UNRECOGNIZED_PDU));
        }
        try (RawPeer peer = associate(port)) {
            peer.write(RawPeer.request("WALNUT", "RAW", Optional.empty()));
            assertThat(peer.read()).isEqualTo(new Abort(Abort.SERVICE_PROVIDER, Abort.UNEXPECTED_PDU));
        }
        try (RawPeer peer = associate(port)) {
            peer.write(RawPeer.message(99, new CEchoRq(1).toCommandSet(), new byte[0]));
            assertThat(peer.read()).isEqualTo(Abort.BY_SERVICE_USER);
        }
    }

    @Test
    void a_peer_that_vanishes_after_any_byte_leaves_nothing_behind() throws Exception {
        int port = start(config());
        byte[] request = RawPeer.bytes(RawPeer.request("WALNUT", "RAW", Optional.empty()));
        byte[] message = store(1, 1, MrInstances.bytes(MrInstances.image(1, 64, 1)));
        byte[] session = Arrays.copyOf(request, request.length + message.length);
        System.arraycopy(message, 0, session, request.length, message.length);
        for (int length = 0; length < session.length; length++) {
            try (RawPeer peer = new RawPeer(port)) {
                peer.write(Arrays.copyOf(session, length));
            }
        }
        awaitTrue(() -> server != null && server.connections() == 0);
        assertThat(index.all()).isEmpty();
        awaitTrue(() -> dcmFiles() == 0);
        try (RawPeer peer = associate(port)) {
            peer.write(message);
            assertThat(CStoreRsp.of(peer.readCommand()).status()).isZero();
        }
    }

    @Test
    void artim_ends_a_connection_that_says_nothing() throws Exception {
        int port = start(config().withTimeouts(Duration.ofMillis(200), Duration.ofSeconds(60)));
        try (RawPeer peer = new RawPeer(port)) {
            peer.awaitClose();
        }
        try (RawPeer peer = new RawPeer(port)) {
            peer.write(new byte[] {1, 0, 0});
            peer.awaitClose();
        }
    }

    @Test
    void an_idle_association_is_aborted_also_within_a_message() throws Exception {
        int port = start(config().withTimeouts(Duration.ofSeconds(2), Duration.ofMillis(300)));
        try (RawPeer idle = associate(port);
                RawPeer stalled = associate(port)) {
            byte[] message = store(1, 1, MrInstances.bytes(MrInstances.image(1, 5000, 1)));
            stalled.write(Arrays.copyOf(message, message.length - 100));
            assertThat(idle.read()).isEqualTo(Abort.BY_SERVICE_USER);
            assertThat(stalled.read()).isEqualTo(Abort.BY_SERVICE_USER);
        }
        awaitTrue(() -> dcmFiles() == 0);
    }

    @Test
    void a_slow_store_stops_the_reading_and_nobody_else() throws Exception {
        SlowReceiver slow = new SlowReceiver();
        int port = start(config().withMaximumBytesInFlight(1 << 20), slow);
        byte[] message = store(1, 1, new byte[64 << 20]);
        try (RawPeer flood = associate(port);
                RawPeer other = associate(port)) {
            Thread writer = new Thread(() -> {
                try {
                    flood.write(message);
                } catch (IOException e) {
                    told.add("flood ended");
                }
            });
            writer.start();
            awaitTrue(() -> slow.outstanding.get() > 1 << 20);
            for (int i = 0; i < 20; i++) {
                echo(other);
                Thread.sleep(10);
            }
            // The limit, and the reads that were under way when it was passed.
            assertThat(slow.outstanding.get()).isLessThan(16 << 20);
            slow.open();
            assertThat(CStoreRsp.of(flood.readCommand()).status()).isEqualTo(0xA700);
            writer.join();
            assertThat(slow.total.get()).isEqualTo(64 << 20);
            assertThat(slow.peak.get()).isLessThan(16 << 20);
        }
    }

    @Test
    void a_stop_answers_what_is_under_way() throws Exception {
        SlowReceiver slow = new SlowReceiver();
        int port = start(config(), slow);
        try (RawPeer peer = associate(port)) {
            peer.write(store(1, 1, new byte[1000]));
            awaitTrue(() -> slow.outstanding.get() == 1000);
            DimseServer stopping = server;
            assertThat(stopping).isNotNull();
            Future<Void> stopped = stopping.stop();
            Thread.sleep(50);
            slow.open();
            assertThat(CStoreRsp.of(peer.readCommand()).status()).isEqualTo(0xA700);
            assertThat(peer.read()).isEqualTo(Abort.BY_SERVICE_USER);
            await(stopped);
        }
    }

    /** Takes bytes and keeps them outstanding until it is opened; stores nothing. */
    private static final class SlowReceiver implements InstanceReceiver {
        private final AtomicLong outstanding = new AtomicLong();
        private final AtomicLong peak = new AtomicLong();
        private final AtomicLong total = new AtomicLong();
        private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
        private volatile boolean open;

        @Override
        public InstanceWriter begin(walnut.store.InstanceOrigin origin) {
            return new InstanceWriter() {
                @Override
                public Future<Void> write(List<ByteBuffer> chunk) {
                    int length = chunk.stream().mapToInt(ByteBuffer::remaining).sum();
                    total.addAndGet(length);
                    peak.accumulateAndGet(outstanding.addAndGet(length), Math::max);
                    Promise<Void> consumed = Promise.promise();
                    later(() -> {
                        outstanding.addAndGet(-length);
                        consumed.complete();
                    });
                    return consumed.future();
                }

                @Override
                public Future<StoredInstance> commit() {
                    Promise<StoredInstance> durable = Promise.promise();
                    later(() -> durable.fail(new WalnutException(FailureCode.STORAGE_FULL, "the disk is full")));
                    return durable.future();
                }

                @Override
                public void abandon() {}
            };
        }

        private void later(Runnable task) {
            if (open) {
                task.run();
            } else {
                waiting.add(task);
                if (open) {
                    open();
                }
            }
        }

        void open() {
            open = true;
            for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
                task.run();
            }
        }
    }

    private static byte[] store(int messageId, int number, byte[] dataSet) {
        return RawPeer.message(
                1,
                new CStoreRq(messageId, RawPeer.MR_IMAGE_STORAGE, MrInstances.sopInstanceUid(number)).toCommandSet(),
                dataSet);
    }

    private static RawPeer associate(int port) throws Exception {
        RawPeer peer = new RawPeer(port);
        peer.write(RawPeer.request("WALNUT", "RAW", Optional.empty()));
        assertThat(peer.read()).isInstanceOf(AssociateAc.class);
        return peer;
    }

    private static void echo(RawPeer peer) throws Exception {
        peer.write(RawPeer.message(3, new CEchoRq(5).toCommandSet(), new byte[0]));
        assertThat(CEchoRsp.of(peer.readCommand())).isEqualTo(new CEchoRsp(5, 0));
    }

    private static Pdu answer(int port, AssociateRq request) throws Exception {
        try (RawPeer peer = new RawPeer(port)) {
            peer.write(request);
            return peer.read();
        }
    }

    private long dcmFiles() {
        try (Stream<Path> files = Files.walk(directory.resolve("instances"))) {
            return files.filter(file -> file.toString().endsWith(".dcm")).count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void awaitTrue(Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private static <T> T await(Future<T> future) throws InterruptedException, ExecutionException, Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
