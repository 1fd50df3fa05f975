package walnut.dicom.net.scp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.net.scu.Destination;
import walnut.dicom.net.scu.DimseClient;
import walnut.dicom.net.scu.DimseClientConfig;
import walnut.dicom.net.scu.SendOutcome;
import walnut.dicom.part10.Part10Reader;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.InstanceListener;
import walnut.store.InstanceStore;
import walnut.store.StoreConfig;
import walnut.store.StoredInstance;
import walnut.testing.InMemoryInstanceIndex;
import walnut.testing.MrInstances;
import walnut.testing.Peers;

/** Both sides against DCMTK's own programs, and against each other. */
class DcmtkPeersTest {
    @TempDir
    private Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final InMemoryInstanceIndex index = new InMemoryInstanceIndex();
    private @Nullable InstanceStore store;
    private @Nullable DimseServer server;

    @BeforeEach
    void start() throws Exception {
        store = InstanceStore.open(
                directory.resolve("data"),
                index,
                new InstanceListener() {},
                new StoreConfig(4, 1 << 30, 0),
                Clock.systemUTC());
        server = DimseServer.create(
                vertx,
                DimseServerConfig.defaults().withPort(0).withCallingAeTitles(Set.of("SCANNER", "WALNUT")),
                store,
                new DimseServerListener() {});
        await(server.start());
    }

    @AfterEach
    void stop() throws Exception {
        await(server.stop());
        store.close();
        await(vertx.close());
    }

    @Test
    void echoscu_is_answered_and_an_unknown_one_rejected() throws Exception {
        Path echoscu = Peers.require("dcmtk", "echoscu");
        assertThat(run(List.of(echoscu.toString(), "-v", "-aet", "SCANNER", "-aec", "WALNUT", "127.0.0.1", port())))
                .isZero();
        assertThat(run(List.of(echoscu.toString(), "-aet", "STRANGER", "-aec", "WALNUT", "127.0.0.1", port())))
                .isNotZero();
    }

    @Test
    void storescu_at_its_defaults_is_stored_byte_for_byte() throws Exception {
        Path storescu = Peers.require("dcmtk", "storescu");
        List<Path> files = MrInstances.files(directory.resolve("sent"), 60, 131072);
        List<String> command = new ArrayList<>(List.of(
                storescu.toString(),
                "-xe",
                "-pdu",
                "131072",
                "-aet",
                "SCANNER",
                "-aec",
                "WALNUT",
                "127.0.0.1",
                port()));
        files.forEach(file -> command.add(file.toString()));
        assertThat(run(command)).isZero();

        assertThat(index.all()).hasSize(60);
        for (StoredInstance stored : index.all()) {
            int number =
                    Integer.parseInt(stored.sopInstanceUid().substring(MrInstances.SERIES_INSTANCE_UID.length() + 1));
            assertThat(MrInstances.bytes(Part10Reader.read(store.path(stored)).dataSet()))
                    .isEqualTo(MrInstances.bytes(
                            Part10Reader.read(files.get(number - 1)).dataSet()));
        }
    }

    @Test
    void many_storescu_at_once_with_small_pdus_and_implicit_vr_lose_nothing() throws Exception {
        Path storescu = Peers.require("dcmtk", "storescu");
        List<Path> files = MrInstances.files(directory.resolve("sent"), 40, 20_000);
        List<Process> senders = new ArrayList<>();
        for (int sender = 0; sender < 4; sender++) {
            List<String> command = new ArrayList<>(List.of(
                    storescu.toString(),
                    "-xi",
                    "-pdu",
                    "4096",
                    "-aet",
                    "SCANNER",
                    "-aec",
                    "WALNUT",
                    "127.0.0.1",
                    port()));
            // The halves overlap, so that resends race with first sends.
            files.subList(sender * 5, sender * 5 + 25).forEach(file -> command.add(file.toString()));
            senders.add(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            directory.resolve("sender" + sender + ".log").toFile())
                    .start());
        }
        for (Process sender : senders) {
            assertThat(sender.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(sender.exitValue()).isZero();
        }
        assertThat(index.all()).hasSize(40).allSatisfy(stored -> assertThat(stored.transferSyntaxUid())
                .isEqualTo(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid()));
        try (Stream<Path> kept = Files.walk(directory.resolve("data/instances"))) {
            assertThat(kept.filter(file -> file.toString().endsWith(".dcm"))).hasSize(40);
        }
    }

    @Test
    void our_scu_sends_to_storescp_also_where_it_takes_only_implicit_vr() throws Exception {
        for (String accepts : List.of("+x=", "+xi")) {
            Path received = Files.createDirectories(directory.resolve("received" + accepts.substring(2)));
            int port = freePort();
            Process storescp = new ProcessBuilder(
                            Peers.require("dcmtk", "storescp").toString(),
                            accepts,
                            "-od",
                            received.toString(),
                            Integer.toString(port))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("storescp.log").toFile())
                    .start();
            try {
                awaitListening(port);
                List<Path> files = MrInstances.files(directory.resolve("sent"), 5, 300_000);
                DimseClient client = DimseClient.create(vertx, DimseClientConfig.defaults());
                Destination destination = new Destination("STORESCP", "127.0.0.1", port);
                assertThat(await(client.echo(destination))).isPositive();
                List<SendOutcome> outcomes = await(client.send(destination, files, outcome -> {}));
                assertThat(outcomes).hasSize(5).allMatch(SendOutcome::delivered);
                try (Stream<Path> kept = Files.list(received)) {
                    List<Path> copies = kept.sorted().toList();
                    assertThat(copies).hasSize(5);
                    assertThat(MrInstances.bytes(
                                    Part10Reader.read(copies.get(0)).dataSet()))
                            .isEqualTo(MrInstances.bytes(
                                    Part10Reader.read(files.get(0)).dataSet()));
                }
            } finally {
                storescp.destroy();
                storescp.waitFor();
            }
        }
    }

    @Test
    void our_scu_sends_to_our_scp_and_tells_each_files_outcome() throws Exception {
        List<Path> files = new ArrayList<>(MrInstances.files(directory.resolve("sent"), 3, 2_500_000));
        Path text = Files.writeString(directory.resolve("note.txt"), "no DICOM here");
        files.add(1, text);
        files.add(directory.resolve("absent.dcm"));
        List<SendOutcome> told = Collections.synchronizedList(new ArrayList<>());
        DimseClient client = DimseClient.create(vertx, DimseClientConfig.defaults());
        List<SendOutcome> outcomes =
                await(client.send(new Destination("WALNUT", "127.0.0.1", server.port()), files, told::add));
        assertThat(outcomes).extracting(SendOutcome::file).containsExactlyElementsOf(files);
        assertThat(outcomes).extracting(SendOutcome::delivered).containsExactly(true, false, true, true, false);
        assertThat(outcomes.get(1).failure()).hasValue(FailureCode.NOT_DICOM);
        assertThat(outcomes.get(4).failure()).hasValue(FailureCode.NOT_FOUND);
        assertThat(told).containsExactlyInAnyOrderElementsOf(outcomes);
        assertThat(index.all()).hasSize(3);
    }

    @Test
    void our_scu_names_a_rejection_and_an_absent_peer() throws Exception {
        DimseClient stranger =
                DimseClient.create(vertx, DimseClientConfig.defaults().withCallingAeTitle("STRANGER"));
        assertThatThrownBy(() -> await(stranger.echo(new Destination("WALNUT", "127.0.0.1", server.port()))))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.ASSOCIATION_REJECTED))
                .hasMessageContaining("1/1/3");
        int nobody = freePort();
        assertThatThrownBy(() -> await(stranger.echo(new Destination("WALNUT", "127.0.0.1", nobody))))
                .cause()
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PEER_UNREACHABLE));
    }

    private String port() {
        return Integer.toString(server.port());
    }

    private int run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("peer.log").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static int freePort() throws Exception {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    private static void awaitListening(int port) throws Exception {
        for (int attempt = 0; attempt < 400; attempt++) {
            try (Socket probe = new Socket("127.0.0.1", port)) {
                return;
            } catch (java.net.ConnectException e) {
                Thread.sleep(25);
            }
        }
        throw new AssertionError("the peer does not listen");
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
