package walnut.dicom.part10;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.testing.Peers;
import walnut.testing.SharedData;

/**
 * Headers of 2,400 files of a real study in one process of ours, beside DCMTK's {@code dcmdump} on the same files, once for
 * each file as scripts call it and once for all of them; rounds interleaved, medians. The first of our rounds is cold.
 * Run by the profile {@code bench}; asserts nothing.
 */
class HeaderBench {
    private static final int FILES = 2_400;
    private static final int ROUNDS = Integer.getInteger("walnut.bench.rounds", 7);

    @TempDir
    private Path folder;

    @Test
    void headers_beside_dcmdump() throws Exception {
        String dcmdump = Peers.require("dcmtk", "dcmdump").toString();
        List<Path> files = files();
        double cold = ours(files);
        double[] ours = new double[ROUNDS];
        double[] together = new double[ROUNDS];
        double[] alone = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            ours[round] = ours(files);
            together[round] = dcmdump(dcmdump, files, FILES);
            alone[round] = dcmdump(dcmdump, files.subList(0, 200), 1);
        }
        System.out.printf(
                Locale.ROOT,
                "headers of %d files, us per file, median of %d [min, max]: walnut %s (first, cold: %.0f), "
                        + "dcmdump once for all %s = %.1f times, dcmdump once for each %s = %.1f times; "
                        + "walnut process: peak RSS %s, heap in use %d MB%n",
                FILES,
                ROUNDS,
                words(ours),
                cold,
                words(together),
                median(together) / median(ours),
                words(alone),
                median(alone) / median(ours),
                peakResident(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20);
    }

    private static double ours(List<Path> files) throws IOException {
        long elements = 0;
        long start = System.nanoTime();
        for (Path file : files) {
            elements += Part10Reader.read(file, ReadOptions.header()).dataSet().size();
        }
        double micros = (System.nanoTime() - start) / 1e3 / files.size();
        if (elements < 50L * files.size()) {
            throw new IllegalStateException("headers are missing");
        }
        return micros;
    }

    private static double dcmdump(String program, List<Path> files, int atOnce) throws Exception {
        long start = System.nanoTime();
        for (int from = 0; from < files.size(); from += atOnce) {
            List<String> command = new ArrayList<>(List.of(program, "-q"));
            files.subList(from, Math.min(from + atOnce, files.size())).forEach(file -> command.add(file.toString()));
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException("dcmdump failed");
            }
        }
        return (System.nanoTime() - start) / 1e3 / files.size();
    }

    /** The study's 164 files again and again under names of their own; on a disk cache that is warm for everybody. */
    private List<Path> files() throws IOException {
        List<Path> study;
        try (Stream<Path> walk = Files.walk(SharedData.prostateX0000())) {
            study = walk.filter(file -> file.toString().endsWith(".dcm"))
                    .sorted()
                    .toList();
        }
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            files.add(Files.copy(study.get(i % study.size()), folder.resolve(i + ".dcm")));
        }
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                in.readAllBytes();
            }
        }
        return files;
    }

    private static String words(double[] values) {
        return String.format(
                Locale.ROOT,
                "%.1f [%.1f, %.1f]",
                median(values),
                Arrays.stream(values).min().orElseThrow(),
                Arrays.stream(values).max().orElseThrow());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String peakResident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.substring(6).trim())
                .findFirst()
                .orElse("unknown");
    }
}
