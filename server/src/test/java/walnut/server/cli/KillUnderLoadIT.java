package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.part10.Part10Reader;
import walnut.dicom.part10.Part10Writer;
import walnut.testing.MrInstances;
import walnut.testing.Peers;

/**
 * {@code walnut serve} is killed with SIGKILL at random moments while four DCMTK senders push, and now and then while it is
 * starting; whatever a sender was told is stored must be there after every restart.
 *
 * <p>{@code -Dwalnut.kills=100} for the long run, {@code -Dwalnut.seed=N} to repeat the moments of an earlier one (the
 * scheduler of the machine still has its say).
 */
class KillUnderLoadIT {
    private static final int KILLS = Integer.getInteger("walnut.kills", 10);
    private static final long SEED = Long.getLong("walnut.seed", System.nanoTime());

    private static final int SENDERS = 4;
    private static final int FRESH_PER_SENDER = 60;
    private static final int RESENDS_PER_SENDER = 10;
    private static final int PIXEL_BYTES = 16_384;

    private static final Pattern DICOM = Pattern.compile("DICOM WALNUT@127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern SENDING = Pattern.compile("Sending file: (.*)");

    @TempDir
    private Path scratch;

    private final Random random = new Random(SEED);
    /** SOP Instance UID to the file that was sent, of everything a sender was told is stored. */
    private final Map<String, Path> acknowledged = new TreeMap<>();

    private final List<Long> startMillis = new ArrayList<>();
    private @Nullable Process node;
    private int port;

    private record Row(String file, long size) {}

    @AfterEach
    void stop() throws InterruptedException {
        if (node != null) {
            node.destroyForcibly().waitFor();
        }
    }

    @Test
    void nothing_acknowledged_is_lost_by_kill_9_under_load() throws Exception {
        Path storescu = Peers.require("dcmtk", "storescu");
        System.out.println("kill -9 under load: " + KILLS + " kills, -Dwalnut.seed=" + SEED);
        serve();
        int underLoad = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            if (random.nextInt(5) == 0) {
                killWhileStarting();
            } else {
                killUnderLoad(storescu, kill);
                underLoad++;
            }
            serve();
            check("after kill " + kill + " of seed " + SEED);
            if (kill % 10 == 0) {
                System.out.println("kill -9 under load: " + kill + " kills, " + acknowledged.size() + " acknowledged");
            }
        }
        System.out.println("kill -9 under load: " + underLoad + " of " + KILLS + " kills under load, "
                + acknowledged.size() + " instances acknowledged, start median " + median(startMillis) + " ms");
        assertThat(acknowledged).hasSizeGreaterThan(underLoad);

        // What was acknowledged is a resend now, and adds nothing.
        Map<String, Row> before = rows();
        List<Path> all = new ArrayList<>(acknowledged.values());
        Path log = scratch.resolve("resend.log");
        assertThat(sender(storescu, "RESEND", all.subList(0, Math.min(500, all.size())), log)
                        .waitFor())
                .isZero();
        assertThat(rows()).isEqualTo(before);
        node.destroy();
        assertThat(node.waitFor(1, TimeUnit.MINUTES))
                .as("a node that is told to stop")
                .isTrue();
        check("after a clean stop");
        checkEveryByte();
    }

    /** Four associations at once, fresh images and resends mixed; the kill comes somewhere within. */
    private void killUnderLoad(Path storescu, int round) throws Exception {
        List<Path> logs = new ArrayList<>();
        List<Process> senders = new ArrayList<>();
        List<Path> known = new ArrayList<>(acknowledged.values());
        List<List<Path>> loads = new ArrayList<>();
        for (int sender = 0; sender < SENDERS; sender++) {
            List<Path> load = freshImages(round, sender);
            for (int i = 0; i < RESENDS_PER_SENDER && !known.isEmpty(); i++) {
                load.add(known.get(random.nextInt(known.size())));
            }
            Collections.shuffle(load, random);
            loads.add(load);
        }
        for (int sender = 0; sender < SENDERS; sender++) {
            Path log = scratch.resolve("sender-" + sender + ".log");
            logs.add(log);
            senders.add(sender(storescu, "SENDER" + sender, loads.get(sender), log));
        }
        awaitFirstResponse(logs, senders);
        Thread.sleep(random.nextInt(1000));
        node.destroyForcibly().waitFor();
        for (int sender = 0; sender < SENDERS; sender++) {
            senders.get(sender).waitFor();
            noteAcknowledged(logs.get(sender));
        }
    }

    /** DCMTK looks at all files first; a kill before the first image is what {@link #killWhileStarting} is for. */
    private static void awaitFirstResponse(List<Path> logs, List<Process> senders) throws Exception {
        while (senders.stream().anyMatch(Process::isAlive)) {
            for (Path log : logs) {
                if (Files.readString(log, StandardCharsets.ISO_8859_1).contains("Received Store Response")) {
                    return;
                }
            }
            Thread.sleep(20);
        }
    }

    /** The settlement of the kill before is interrupted by this one. */
    private void killWhileStarting() throws Exception {
        node.destroyForcibly().waitFor();
        Process starting = start();
        Thread.sleep(random.nextInt(startMillis.get(0).intValue()));
        starting.destroyForcibly().waitFor();
    }

    private List<Path> freshImages(int round, int sender) throws IOException {
        Path folder = Files.createDirectories(scratch.resolve("sent/" + round + "-" + sender));
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < FRESH_PER_SENDER; i++) {
            int number = (round * SENDERS + sender) * FRESH_PER_SENDER + i;
            DataSet image = MrInstances.image(number, PIXEL_BYTES, number).toBuilder()
                    .putString(Tag.StudyInstanceUID, "2.25.2000." + round)
                    .putString(Tag.SeriesInstanceUID, "2.25.2000." + round + "." + (sender + 1))
                    .build();
            Path file = folder.resolve(number + ".dcm");
            Part10Writer.write(file, image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
            files.add(file);
        }
        return files;
    }

    private Process sender(Path storescu, String aeTitle, List<Path> files, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of(storescu.toString(), "-v", "-xe", "-aet", aeTitle));
        command.addAll(List.of("-aec", "WALNUT", "127.0.0.1", Integer.toString(port)));
        files.forEach(file -> command.add(file.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private void noteAcknowledged(Path log) throws IOException {
        String sending = "";
        for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
            Matcher matcher = SENDING.matcher(line);
            if (matcher.find()) {
                sending = matcher.group(1).trim();
            } else if (line.contains("Received Store Response") && line.contains("Success")) {
                Path file = Path.of(sending);
                String number = file.getFileName().toString().replace(".dcm", "");
                acknowledged.put(MrInstances.sopInstanceUid(Integer.parseInt(number)), file);
            }
        }
    }

    private Process start() throws IOException {
        ProcessBuilder builder = WalnutJar.builder(
                "serve", "--data-dir", scratch.resolve("data").toString(), "--dicom-port", "0", "--http-port", "0");
        // Assembly is not what is tried here.
        builder.environment().put("WALNUT_ASSEMBLY_QUIET", "10m");
        return builder.redirectError(scratch.resolve("serve.err").toFile()).start();
    }

    private void serve() throws IOException {
        long began = System.nanoTime();
        node = start();
        BufferedReader out = node.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher matcher = DICOM.matcher(line);
            if (matcher.find()) {
                port = Integer.parseInt(matcher.group(1));
                startMillis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
                return;
            }
        }
        throw new AssertionError(
                "the node ended before it said where it listens: " + Files.readString(scratch.resolve("serve.err")));
    }

    /** Every acknowledged instance has one row and one file of its size; no row lacks a file, no file a row. */
    private void check(String moment) throws Exception {
        Map<String, Row> rows = rows();
        assertThat(rows.keySet()).as(moment).containsAll(acknowledged.keySet());
        Map<String, Long> files = new HashMap<>();
        try (Stream<Path> walk = Files.walk(scratch.resolve("data/instances"))) {
            for (Path file :
                    walk.filter(path -> path.toString().endsWith(".dcm")).toList()) {
                files.put(scratch.resolve("data").relativize(file).toString(), Files.size(file));
            }
        }
        Map<String, Long> named = new HashMap<>();
        rows.values().forEach(row -> named.put(row.file, row.size));
        assertThat(files).as(moment).isEqualTo(named);
    }

    private Map<String, Row> rows() throws SQLException {
        Map<String, Row> rows = new TreeMap<>();
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + scratch.resolve("data/walnut.db"));
                Statement statement = database.createStatement()) {
            try (ResultSet row = statement.executeQuery(
                    "select sop_instance_uid, file, size_bytes, conflict, superseded_by from instance")) {
                while (row.next()) {
                    assertThat(row.getInt(4)).as("a conflict").isZero();
                    assertThat(row.getString(5)).as("a superseded row").isNull();
                    Row twin = rows.put(row.getString(1), new Row(row.getString(2), row.getLong(3)));
                    assertThat(twin).as("an instance is there twice").isNull();
                }
            }
            try (ResultSet wrong = statement.executeQuery("select count(*) from study_case c where instance_count <>"
                    + " (select count(*) from instance i where i.study_instance_uid = c.study_instance_uid)")) {
                assertThat(wrong.getInt(1)).as("cases with a wrong count").isZero();
            }
            try (ResultSet integrity = statement.executeQuery("pragma quick_check")) {
                assertThat(integrity.getString(1)).isEqualTo("ok");
            }
        }
        return rows;
    }

    /** Element for element and pixel for pixel what was sent, acknowledged or not. */
    private void checkEveryByte() throws Exception {
        Map<String, Path> sent = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(scratch.resolve("sent"))) {
            walk.filter(Files::isRegularFile).forEach(file -> {
                String number = file.getFileName().toString().replace(".dcm", "");
                sent.put(MrInstances.sopInstanceUid(Integer.parseInt(number)), file);
            });
        }
        TreeSet<String> checked = new TreeSet<>();
        for (Map.Entry<String, Row> row : rows().entrySet()) {
            DataSet stored = Part10Reader.read(scratch.resolve("data").resolve(row.getValue().file))
                    .dataSet();
            DataSet original = Part10Reader.read(sent.get(row.getKey())).dataSet();
            assertThat(MrInstances.bytes(stored)).as(row.getKey()).isEqualTo(MrInstances.bytes(original));
            checked.add(row.getKey());
        }
        assertThat(checked).containsAll(acknowledged.keySet());
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
