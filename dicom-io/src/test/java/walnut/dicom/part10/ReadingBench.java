package walnut.dicom.part10;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Time per file for headers and whole files: {@code java -cp … walnut.dicom.part10.ReadingBench DIRECTORY [rounds]}.
 * Prints the median of wall and of processor time beside the bare reading of the same files' bytes.
 */
final class ReadingBench {
    private ReadingBench() {}

    private interface Reading {
        int read(Path file) throws IOException;
    }

    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 15;
        List<Path> files;
        try (Stream<Path> walk = Files.walk(Path.of(arguments[0]))) {
            files = walk.filter(file -> file.toString().endsWith(".dcm"))
                    .sorted()
                    .toList();
        }
        report("bytes", files, rounds, file -> Files.readAllBytes(file).length);
        report("header", files, rounds, file -> Part10Reader.read(file, ReadOptions.header())
                .dataSet()
                .size());
        report("whole", files, rounds, file -> Part10Reader.read(file).dataSet().size());
    }

    private static void report(String name, List<Path> files, int rounds, Reading reading) throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double[] microsPerFile = new double[rounds];
        double[] processorMicros = new double[rounds];
        long sum = 0;
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            long processorStart = threads.getCurrentThreadCpuTime();
            for (Path file : files) {
                sum += reading.read(file);
            }
            microsPerFile[round] = (System.nanoTime() - start) / 1000.0 / files.size();
            processorMicros[round] = (threads.getCurrentThreadCpuTime() - processorStart) / 1000.0 / files.size();
        }
        Arrays.sort(microsPerFile);
        Arrays.sort(processorMicros);
        System.out.printf(
                "%-7s %4d files  wall %7.1f us  processor %7.1f us  (mean size or count %d)%n",
                name,
                files.size(),
                microsPerFile[rounds / 2],
                processorMicros[rounds / 2],
                sum / rounds / files.size());
    }
}
