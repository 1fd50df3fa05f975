package walnut.dicom.net.scp;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import walnut.store.InstanceListener;
import walnut.store.InstanceStore;
import walnut.store.StoreConfig;
import walnut.testing.JournalInstanceIndex;
import walnut.testing.MrInstances;

/**
 * Images a second from DCMTK's {@code storescu} at its defaults (Nagle on) and with TCP_NODELAY, one association: our SCP
 * with a store that syncs everything before it answers, beside {@code storescp --fork} at its defaults, which never
 * syncs. Rounds alternate; medians and ranges are printed, with the disk's own rate of synced files in between.
 *
 * <p>Not a test: {@code java -cp … walnut.dicom.net.scp.IngestBench SCRATCH_DIR [IMAGES [ROUNDS]]}.
 */
public final class IngestBench {
    private static final int IMAGE_BYTES = 131072;

    private final Path scratch;
    private final List<Path> files;
    private final int rounds;

    private IngestBench(Path scratch, int images, int rounds) throws IOException {
        this.scratch = scratch;
        this.files = MrInstances.files(scratch.resolve("sent"), images, IMAGE_BYTES);
        this.rounds = rounds;
    }

    public static void main(String[] args) throws Exception {
        int images = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
        new IngestBench(Files.createDirectories(Path.of(args[0])), images, rounds).run();
        System.exit(0);
    }

    private void run() throws Exception {
        Vertx vertx = Vertx.vertx();
        walnut(vertx, "warm", true);
        walnut(vertx, "warm-nagle", false);
        double[] walnutDefault = new double[rounds];
        double[] walnutNoDelay = new double[rounds];
        double[] storescpDefault = new double[rounds];
        double[] storescpNoDelay = new double[rounds];
        double[] syncs = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            storescpDefault[round] = storescp(round + "d", false);
            walnutDefault[round] = walnut(vertx, round + "d", false);
            storescpNoDelay[round] = storescp(round + "n", true);
            walnutNoDelay[round] = walnut(vertx, round + "n", true);
            syncs[round] = syncedFiles(round);
        }
        print("storescp --fork, sender at defaults", storescpDefault);
        print("walnut durable,  sender at defaults", walnutDefault);
        print("storescp --fork, sender TCP_NODELAY", storescpNoDelay);
        print("walnut durable,  sender TCP_NODELAY", walnutNoDelay);
        print("disk: new file, write, fsync       ", syncs);
        System.out.printf(
                "ratio at the sender's defaults: %.1f; to the sync rate (NODELAY): %.2f%n",
                median(walnutDefault) / median(storescpDefault), median(walnutNoDelay) / median(syncs));
    }

    /** Fresh data each time, since a resend takes another path. */
    private double walnut(Vertx vertx, String round, boolean noDelay) throws Exception {
        Path data = Files.createDirectories(scratch.resolve("walnut-" + round));
        try (JournalInstanceIndex index = new JournalInstanceIndex(data.resolve("index.journal"));
                InstanceStore store = InstanceStore.open(
                        data, index, new InstanceListener() {}, StoreConfig.defaults(), Clock.systemUTC())) {
            DimseServer server = DimseServer.create(
                    vertx, DimseServerConfig.defaults().withPort(0), store, new DimseServerListener() {});
            server.start().toCompletionStage().toCompletableFuture().get();
            double rate = send(server.port(), noDelay);
            server.stop().toCompletionStage().toCompletableFuture().get();
            if (index.all().size() != files.size()) {
                throw new IllegalStateException(index.all().size() + " of " + files.size() + " stored");
            }
            return rate;
        }
    }

    private double storescp(String round, boolean noDelay) throws Exception {
        int port;
        try (ServerSocket probe = new ServerSocket(0)) {
            port = probe.getLocalPort();
        }
        Path data = Files.createDirectories(scratch.resolve("storescp-" + round));
        Process process = new ProcessBuilder("storescp", "--fork", "-od", data.toString(), Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            awaitListening(port);
            return send(port, noDelay);
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    /** Images a second, the sender's own start included. */
    private double send(int port, boolean noDelay) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("storescu", "-xe", "-pdu", "131072", "-aec", "WALNUT", "127.0.0.1", Integer.toString(port)));
        files.forEach(file -> command.add(file.toString()));
        ProcessBuilder sender = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("storescu.log").toFile());
        sender.environment().remove("TCP_NODELAY");
        if (noDelay) {
            sender.environment().put("TCP_NODELAY", "1");
        }
        long began = System.nanoTime();
        int exit = sender.start().waitFor();
        double seconds = (System.nanoTime() - began) / 1e9;
        if (exit != 0) {
            throw new IllegalStateException("storescu ended with " + exit);
        }
        return files.size() / seconds;
    }

    private double syncedFiles(int round) throws IOException {
        Path directory = Files.createDirectories(scratch.resolve("syncs-" + round));
        ByteBuffer image = ByteBuffer.allocateDirect(IMAGE_BYTES);
        long began = System.nanoTime();
        for (int i = 0; i < files.size(); i++) {
            try (FileChannel channel = FileChannel.open(
                    directory.resolve(Integer.toString(i)), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                channel.write(image.clear());
                channel.force(true);
            }
        }
        return files.size() / ((System.nanoTime() - began) / 1e9);
    }

    private static void awaitListening(int port) throws Exception {
        while (true) {
            try (Socket probe = new Socket("127.0.0.1", port)) {
                return;
            } catch (java.net.ConnectException e) {
                Thread.sleep(20);
            }
        }
    }

    private static void print(String what, double[] rates) {
        double[] sorted = sorted(rates);
        System.out.printf(
                "%s %8.1f images/s (%.1f to %.1f)%n", what, median(rates), sorted[0], sorted[sorted.length - 1]);
    }

    private static double median(double[] values) {
        double[] sorted = sorted(values);
        int middle = sorted.length / 2;
        return IntStream.of(sorted.length % 2 == 0 ? middle - 1 : middle, middle)
                .mapToDouble(i -> sorted[i])
                .average()
                .orElseThrow();
    }

    private static double[] sorted(double[] values) {
        double[] copy = Arrays.copyOf(values, values.length);
        Arrays.sort(copy);
        return copy;
    }
}
