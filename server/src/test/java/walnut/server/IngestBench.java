package walnut.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * C-STORE images a second into the packaged node ({@code walnut serve}, everything synced before it answers), beside
 * DCMTK's {@code storescp --fork} (never syncs) and Orthanc with SyncStorageArea, from DCMTK's {@code storescu}. All peers
 * take turns within each round of one run; medians, ranges and ratios are printed, with the disk's own rate of synced
 * files, the load of the machine, server CPU and peak memory, and on request with bare receivers ({@link IngestFloor}).
 * Assembly waits a day, so that no model runs meanwhile.
 *
 * <p>Run by hand, never part of a build; it needs the JDK and Debian's dcmtk and orthanc only. See docs/bench/ingest.md.
 */
public final class IngestBench {
    private static final int PIXEL_BYTES = 131072;
    private static final int[] ASSOCIATIONS = {1, 4, 8};

    /** A server under load; what it answers to, and what it has to be told. */
    private record Server(String name, String aeTitle, int port, Process process) {}

    /**
     * @param cpuMillis of the server, per image
     * @param others share of the machine's processors that neither the server nor its senders had
     */
    private record Sample(double imagesPerSecond, double cpuMillis, double others) {}

    private final Path scratch;
    /** Where the images to be sent lie: in memory, so that writing them does not compete with the disk under test. */
    private final Path sent;

    private final Path checkout;
    private final Path jar;
    private final int images;
    private final int rounds;
    private final int delayMillis;
    /** Images that Walnut and Orthanc get each before anything is counted. */
    private final int warmUp;

    private final List<String> floors;
    private final List<String> javaOptions;
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
    private final List<Double> syncRates = new ArrayList<>();
    private final List<Double> directorySyncRates = new ArrayList<>();
    private int batch;

    private IngestBench(Map<String, String> options) throws IOException {
        scratch = Files.createDirectories(Path.of(options.getOrDefault("scratch", "target/ingest-bench")))
                .toAbsolutePath();
        Path memory = Path.of("/dev/shm");
        sent = (Files.isWritable(memory) ? memory : scratch)
                .resolve("walnut-ingest-bench-" + ProcessHandle.current().pid());
        // From the top of the checkout, or, as Maven runs it, from the module.
        checkout = Path.of(Files.exists(Path.of("docs")) ? "." : "..")
                .toAbsolutePath()
                .normalize();
        jar = Path.of(options.getOrDefault("jar", checkout + "/server/target/walnut.jar"))
                .toAbsolutePath();
        images = Integer.parseInt(options.getOrDefault("images", "400"));
        rounds = Integer.parseInt(options.getOrDefault("rounds", "5"));
        delayMillis = Integer.parseInt(options.getOrDefault("delay", "0"));
        warmUp = Integer.parseInt(options.getOrDefault("warm-up", "9000"));
        floors = Stream.of(options.getOrDefault("floor", "").split(","))
                .filter(way -> !way.isEmpty())
                .toList();
        javaOptions = Stream.of(options.getOrDefault("java", "").split(" "))
                .filter(option -> !option.isEmpty())
                .toList();
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i].replaceFirst("^--", ""), args[i + 1]);
        }
        new IngestBench(options).run();
    }

    private void run() throws Exception {
        System.out.printf(
                Locale.ROOT,
                "%d images of 132 kB a sample, %d rounds, %d ms added to every sync; load %s%n",
                images,
                rounds,
                delayMillis,
                load());
        Server walnut = walnut();
        Server orthanc = orthanc();
        Server storescp = delayMillis == 0 ? storescp() : null;
        List<Server> bare = new ArrayList<>();
        try {
            for (String way : floors) {
                bare.add(floor(way));
            }
            for (int i = 0; i < 4; i++) {
                Sample young = send(walnut, 1, 100, true);
                System.out.printf(
                        Locale.ROOT,
                        "walnut, images %d to %d of its life: %.0f images/s, CPU %.1f ms/image%n",
                        i * 100 + 1,
                        i * 100 + 100,
                        young.imagesPerSecond(),
                        young.cpuMillis());
            }
            for (int sent = 0; sent < warmUp; sent += images) {
                send(walnut, 8, images, false);
                send(orthanc, 8, images, false);
                for (Server floor : bare) {
                    send(floor, 8, images, false);
                }
            }
            if (storescp != null) {
                send(storescp, 1, Math.min(images, 100), true);
            }
            System.out.printf(
                    "each server has now received %d images or more (storescp starts a process for each association)%n",
                    warmUp);
            for (int round = 0; round < rounds; round++) {
                round(walnut, orthanc, storescp, bare);
                System.out.printf("round %d done, load %s%n", round + 1, load());
            }
            report(walnut, orthanc, storescp);
        } finally {
            for (Server server : Stream.concat(Stream.of(walnut, orthanc, storescp), bare.stream())
                    .filter(started -> started != null)
                    .toList()) {
                server.process().destroy();
                server.process().waitFor(20, TimeUnit.SECONDS);
                server.process().destroyForcibly();
            }
            wipe(scratch);
            if (Files.exists(sent)) {
                wipe(sent);
            }
        }
    }

    private void round(Server walnut, Server orthanc, Server storescp, List<Server> bare) throws Exception {
        syncRates.add(syncedFiles(false));
        directorySyncRates.add(syncedFiles(true));
        if (storescp != null) {
            // Slow enough that fewer images tell as much.
            sample(storescp, 1, Math.min(images, 100), true);
        }
        for (int associations : ASSOCIATIONS) {
            sample(walnut, associations, images, true);
            sample(walnut, associations, images, false);
            sample(orthanc, associations, images, false);
            for (Server floor : bare) {
                sample(floor, associations, images, false);
            }
        }
    }

    private void sample(Server server, int associations, int count, boolean nagle) throws Exception {
        samples.computeIfAbsent(key(server.name(), associations, nagle), name -> new ArrayList<>())
                .add(send(server, associations, count, nagle));
    }

    private static String key(String server, int associations, boolean nagle) {
        return String.format(
                "%-12s %d association%s, sender %s",
                server, associations, associations == 1 ? " " : "s", nagle ? "at its defaults" : "TCP_NODELAY    ");
    }

    // Servers

    private Server walnut() throws Exception {
        int port = freePort();
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(javaOptions);
        command.addAll(List.of(
                "-jar",
                jar.toString(),
                "serve",
                "--data-dir",
                scratch.resolve("walnut").toString(),
                "--dicom-port",
                Integer.toString(port),
                "--http-port",
                "0"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("WALNUT_ASSEMBLY_QUIET", "24h");
        return start("walnut", "WALNUT", port, builder);
    }

    /** A bare receiver that stores in one way; it takes SQLite's driver from the node's jar. */
    private Server floor(String way) throws Exception {
        int port = freePort();
        return start(
                way,
                "FLOOR",
                port,
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        jar.toString(),
                        checkout + "/server/src/test/java/walnut/server/IngestFloor.java",
                        Integer.toString(port),
                        way,
                        Files.createDirectories(scratch.resolve(way)).toString()));
    }

    private Server storescp() throws Exception {
        int port = freePort();
        Path received = Files.createDirectories(scratch.resolve("storescp"));
        return start(
                "storescp",
                "STORESCP",
                port,
                new ProcessBuilder("storescp", "--fork", "-od", received.toString(), "+xa", Integer.toString(port)));
    }

    private Server orthanc() throws Exception {
        int port = freePort();
        Path store = Files.createDirectories(scratch.resolve("orthanc"));
        Path configuration = Files.writeString(scratch.resolve("orthanc.json"), String.format("""
                {"StorageDirectory": "%s", "IndexDirectory": "%s", "HttpServerEnabled": false, "DicomPort": %d,
                 "DicomAet": "ORTHANC", "DicomAlwaysAllowStore": true, "DicomCheckCalledAet": false,
                 "OverwriteInstances": true, "StableAge": 5, "ConcurrentJobs": 2, "DicomThreadsCount": 8,
                 "SyncStorageArea": true}
                """, store, store, port));
        ProcessBuilder builder = new ProcessBuilder("/usr/sbin/Orthanc", configuration.toString());
        builder.environment().put("TCP_NODELAY", "1");
        return start("orthanc", "ORTHANC", port, builder);
    }

    private Server start(String name, String aeTitle, int port, ProcessBuilder builder) throws Exception {
        if (delayMillis > 0) {
            Path shim = scratch.resolve("slow-sync.so");
            if (!Files.exists(shim)) {
                Process compiler = new ProcessBuilder(
                                "cc", "-O2", "-shared", "-fPIC", "-o", shim.toString(), "slow-sync.c", "-ldl")
                        .directory(checkout.resolve("docs/bench").toFile())
                        .inheritIO()
                        .start();
                require(compiler.waitFor() == 0, "docs/bench/slow-sync.c was not compiled");
            }
            builder.environment().put("LD_PRELOAD", shim.toString());
            builder.environment().put("SYNC_DELAY_US", Integer.toString(delayMillis * 1000));
        }
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(scratch.resolve(name + ".log").toFile())
                .start();
        for (int attempt = 0; attempt < 600; attempt++) {
            require(process.isAlive(), name + " ended; see its log in " + scratch);
            Process echo = new ProcessBuilder(
                            "echoscu", "-to", "2", "-aec", aeTitle, "127.0.0.1", Integer.toString(port))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (echo.waitFor() == 0) {
                return new Server(name, aeTitle, port, process);
            }
            Thread.sleep(200);
        }
        throw new IllegalStateException(name + " did not come up; see its log in " + scratch);
    }

    // Load

    /** New images each time, since a resend takes another path; the senders' own start is part of the time. */
    private Sample send(Server server, int associations, int count, boolean nagle) throws Exception {
        Path folder = Files.createDirectories(sent);
        List<Path> files = images(folder, count);
        List<ProcessBuilder> senders = new ArrayList<>();
        for (int sender = 0; sender < associations; sender++) {
            List<String> command = new ArrayList<>(List.of(
                    "storescu",
                    "-xe",
                    "-pdu",
                    "131072",
                    "-aet",
                    "BENCH" + sender,
                    "-aec",
                    server.aeTitle(),
                    "127.0.0.1",
                    Integer.toString(server.port())));
            for (int i = sender; i < count; i += associations) {
                command.add(files.get(i).toString());
            }
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            scratch.resolve("storescu" + sender + ".log").toFile());
            builder.environment().remove("TCP_NODELAY");
            if (!nagle) {
                builder.environment().put("TCP_NODELAY", "1");
            }
            senders.add(builder);
        }
        double cpuBefore = cpuSeconds(server.process().pid());
        double[] machineBefore = machineSeconds();
        double sendersBefore = childrenSeconds();
        long began = System.nanoTime();
        List<Process> running = new ArrayList<>();
        for (ProcessBuilder sender : senders) {
            running.add(sender.start());
        }
        for (Process sender : running) {
            require(sender.waitFor() == 0, "storescu to " + server.name() + " failed; see its log in " + scratch);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        double cpu = cpuSeconds(server.process().pid()) - cpuBefore;
        double[] machine = machineSeconds();
        double busy = machine[0] - machineBefore[0] - cpu - (childrenSeconds() - sendersBefore);
        wipe(folder);
        return new Sample(count / seconds, 1e3 * cpu / count, Math.max(0, busy / (machine[1] - machineBefore[1])));
    }

    private List<Path> images(Path folder, int count) throws IOException {
        batch++;
        byte[] pixels = new byte[PIXEL_BYTES];
        new Random(batch).nextBytes(pixels);
        List<Path> files = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            files.add(Files.write(folder.resolve(i + ".dcm"), image(batch, i / 25 + 1, i + 1, pixels)));
        }
        return files;
    }

    /** An MR image of 256 × 256 × 16 bit, Explicit VR Little Endian. */
    private static byte[] image(int study, int series, int number, byte[] pixels) {
        String root =
                "1.2.826.0.1.3680043.10.9999.77." + ProcessHandle.current().pid() + "." + study;
        String instance = root + "." + series + "." + number;
        ByteArrayOutputStream meta = new ByteArrayOutputStream();
        text(meta, 0x0002, 0x0002, "UI", "1.2.840.10008.5.1.4.1.1.4");
        text(meta, 0x0002, 0x0003, "UI", instance);
        text(meta, 0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1");
        text(meta, 0x0002, 0x0012, "UI", "1.2.826.0.1.3680043.10.9999.77");
        ByteArrayOutputStream out = new ByteArrayOutputStream(pixels.length + 1500);
        out.writeBytes(new byte[128]);
        out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        element(out, 0x0002, 0x0000, "UL", littleEndian(meta.size(), 4));
        out.writeBytes(meta.toByteArray());
        text(out, 0x0008, 0x0005, "CS", "ISO_IR 100");
        text(out, 0x0008, 0x0008, "CS", "ORIGINAL\\PRIMARY\\M\\NORM\\DIS2D");
        text(out, 0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.4");
        text(out, 0x0008, 0x0018, "UI", instance);
        text(out, 0x0008, 0x0020, "DA", "20261101");
        text(out, 0x0008, 0x0030, "TM", "101500");
        text(out, 0x0008, 0x0050, "SH", "BENCH" + study);
        text(out, 0x0008, 0x0060, "CS", "MR");
        text(out, 0x0008, 0x0070, "LO", "SYNTHETIC");
        text(out, 0x0008, 0x1030, "LO", "MR prostate bp");
        text(out, 0x0008, 0x103e, "LO", "t2_tse_tra");
        text(out, 0x0010, 0x0010, "PN", "Synthetic^Bench" + study);
        text(out, 0x0010, 0x0020, "LO", "BENCH-" + study);
        text(out, 0x0010, 0x0030, "DA", "19600101");
        text(out, 0x0010, 0x0040, "CS", "M");
        text(out, 0x0018, 0x0050, "DS", "3");
        text(out, 0x0018, 0x0080, "DS", "4000");
        text(out, 0x0018, 0x0081, "DS", "100");
        text(out, 0x0018, 0x1030, "LO", "t2_tse_tra");
        text(out, 0x0018, 0x5100, "CS", "HFS");
        text(out, 0x0020, 0x000d, "UI", root);
        text(out, 0x0020, 0x000e, "UI", root + "." + series);
        text(out, 0x0020, 0x0011, "IS", Integer.toString(series));
        text(out, 0x0020, 0x0013, "IS", Integer.toString(number));
        text(out, 0x0020, 0x0032, "DS", "-64\\-64\\" + 3 * number);
        text(out, 0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0");
        text(out, 0x0020, 0x0052, "UI", root + ".0");
        element(out, 0x0028, 0x0002, "US", littleEndian(1, 2));
        text(out, 0x0028, 0x0004, "CS", "MONOCHROME2");
        element(out, 0x0028, 0x0010, "US", littleEndian(256, 2));
        element(out, 0x0028, 0x0011, "US", littleEndian(256, 2));
        text(out, 0x0028, 0x0030, "DS", ".5\\.5");
        element(out, 0x0028, 0x0100, "US", littleEndian(16, 2));
        element(out, 0x0028, 0x0101, "US", littleEndian(16, 2));
        element(out, 0x0028, 0x0102, "US", littleEndian(15, 2));
        element(out, 0x0028, 0x0103, "US", littleEndian(0, 2));
        out.writeBytes(littleEndian(0x7fe0, 2));
        out.writeBytes(littleEndian(0x0010, 2));
        out.writeBytes("OW".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(new byte[2]);
        out.writeBytes(littleEndian(pixels.length, 4));
        out.writeBytes(pixels);
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, int group, int number, String vr, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        byte[] even = Arrays.copyOf(bytes, bytes.length + bytes.length % 2);
        if (even.length > bytes.length && !vr.equals("UI")) {
            even[bytes.length] = ' ';
        }
        element(out, group, number, vr, even);
    }

    private static void element(ByteArrayOutputStream out, int group, int number, String vr, byte[] value) {
        out.writeBytes(littleEndian(group, 2));
        out.writeBytes(littleEndian(number, 2));
        out.writeBytes(vr.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(littleEndian(value.length, 2));
        out.writeBytes(value);
    }

    private static byte[] littleEndian(int value, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (value >>> 8 * i);
        }
        return bytes;
    }

    // The machine

    /** New files of an image's size, each synced before the next: what the disk gives a sender that waits. */
    private double syncedFiles(boolean withDirectory) throws IOException {
        Path folder = Files.createDirectories(scratch.resolve("syncs"));
        ByteBuffer bytes = ByteBuffer.allocateDirect(PIXEL_BYTES);
        int count = Math.min(images, 100);
        long began = System.nanoTime();
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            for (int i = 0; i < count; i++) {
                try (FileChannel file = FileChannel.open(
                        folder.resolve(Integer.toString(i)), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    file.write(bytes.clear());
                    file.force(true);
                }
                if (withDirectory) {
                    directory.force(true);
                }
            }
        }
        double rate = count / ((System.nanoTime() - began) / 1e9);
        wipe(folder);
        return rate;
    }

    /** User and system time of a process and of its children that have ended. */
    private static double cpuSeconds(long pid) throws IOException {
        return ticks(pid, 11, 14);
    }

    /** That of our own children that have ended: the senders. */
    private static double childrenSeconds() throws IOException {
        return ticks(ProcessHandle.current().pid(), 13, 14);
    }

    private static double ticks(long pid, int from, int to) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = 0;
        for (int field = from; field <= to; field++) {
            ticks += Long.parseLong(fields[field]);
        }
        return ticks / 100.0;
    }

    /** Seconds that all processors together were busy, and seconds they had; proc(5), the first line of /proc/stat. */
    private static double[] machineSeconds() throws IOException {
        String[] fields =
                Files.readAllLines(Path.of("/proc/stat")).get(0).trim().split(" +");
        long all = 0;
        for (int field = 1; field <= 8; field++) {
            all += Long.parseLong(fields[field]);
        }
        long idle = Long.parseLong(fields[4]) + Long.parseLong(fields[5]);
        return new double[] {(all - idle) / 100.0, all / 100.0};
    }

    private static String peakMemory(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB")
                .findFirst()
                .orElse("unknown");
    }

    /** What a full collection leaves: the sum at the end of the class histogram of live objects. */
    private static String liveHeap(long pid) throws IOException {
        Process histogram = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        try (Stream<String> lines = histogram.inputReader().lines()) {
            return lines.filter(line -> line.startsWith("Total"))
                    .map(line -> Long.parseLong(line.trim().split(" +")[2]) / (1 << 20) + " MiB")
                    .findFirst()
                    .orElse("unknown");
        }
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static void wipe(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void require(boolean condition, String sentence) {
        if (!condition) {
            throw new IllegalStateException(sentence);
        }
    }

    // Results

    private void report(Server walnut, Server orthanc, Server storescp) throws IOException {
        System.out.println();
        samples.forEach((name, values) -> System.out.printf(
                Locale.ROOT,
                "%s %8s images/s, CPU %.2f ms/image, %.0f %% of the machine taken by others%n",
                name,
                spread(rates(values)),
                median(values.stream().map(Sample::cpuMillis).toList()),
                100 * median(values.stream().map(Sample::others).toList())));
        System.out.printf("disk, file synced                                %8s files/s%n", spread(syncRates));
        System.out.printf("disk, file and directory synced                  %8s files/s%n", spread(directorySyncRates));
        System.out.printf(
                "peak memory: walnut %s (of it live on the heap after a collection: %s), orthanc %s%n",
                peakMemory(walnut.process().pid()),
                liveHeap(walnut.process().pid()),
                peakMemory(orthanc.process().pid()));
        for (int associations : ASSOCIATIONS) {
            System.out.printf(
                    Locale.ROOT,
                    "walnut / orthanc, %d at once, sender TCP_NODELAY: %.2f%n",
                    associations,
                    rate("walnut", associations, false) / rate("orthanc", associations, false));
        }
        System.out.printf(
                Locale.ROOT,
                "walnut, 1 association, defaults / TCP_NODELAY: %.2f%n",
                rate("walnut", 1, true) / rate("walnut", 1, false));
        System.out.printf(
                Locale.ROOT,
                "walnut, 1 association, TCP_NODELAY / file synced: %.2f; / file and directory: %.2f%n",
                rate("walnut", 1, false) / median(syncRates),
                rate("walnut", 1, false) / median(directorySyncRates));
        if (storescp != null) {
            System.out.printf(
                    Locale.ROOT,
                    "walnut / storescp --fork, 1 association, both at defaults: %.1f%n",
                    rate("walnut", 1, true) / rate("storescp", 1, true));
        }
    }

    private double rate(String server, int associations, boolean nagle) {
        return median(rates(samples.get(key(server, associations, nagle))));
    }

    private static List<Double> rates(List<Sample> values) {
        return values.stream().map(Sample::imagesPerSecond).toList();
    }

    private static String spread(List<Double> values) {
        return String.format(
                Locale.ROOT,
                "%.0f (%.0f to %.0f)",
                median(values),
                values.stream().min(Comparator.naturalOrder()).orElseThrow(),
                values.stream().max(Comparator.naturalOrder()).orElseThrow());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
