package walnut.models.inference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import walnut.models.passport.Passport;

/**
 * Under what a prediction was computed. Equal fingerprints give equal bits (a test shows it); between others expect a
 * small distance.
 *
 * @param walnut version of this product
 * @param ort ONNX Runtime's own version
 * @param provider execution provider
 * @param optimizationLevel of the graph, as ONNX Runtime names it
 * @param jdk version and vendor of the Java runtime
 * @param cpu model name, as the kernel reports it
 */
public record RuntimeFingerprint(
        String walnut,
        String ort,
        String provider,
        String optimizationLevel,
        int intraOpThreads,
        String jdk,
        String os,
        String arch,
        String cpu) {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    /** This process, running a model with these options. Starts ONNX Runtime. */
    public static RuntimeFingerprint of(String walnutVersion, Passport.Runtime runtime) {
        return new RuntimeFingerprint(
                walnutVersion,
                OnnxRuntime.version(),
                runtime.provider().name(),
                runtime.optimizationLevel().name(),
                runtime.intraOpThreads(),
                System.getProperty("java.version") + " " + System.getProperty("java.vendor"),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("os.arch"),
                cpuOfThisMachine());
    }

    /**
     * What decides the bits of a result, in one line: ONNX Runtime, its options, and the processor. Walnut's own version,
     * the kernel's and the JDK's are left out, since none of them computes in the graph.
     */
    public String runtimeClass() {
        return "ort " + ort + " " + provider + " " + optimizationLevel + " threads " + intraOpThreads + " on " + arch
                + " " + cpu;
    }

    /** x86 has "model name"; arm64 kernels give implementer and part numbers instead. */
    private static String cpuOfThisMachine() {
        if (!Files.isReadable(CPUINFO)) {
            return "unknown";
        }
        try (Stream<String> lines = Files.lines(CPUINFO)) {
            return cpuFrom(lines.toList());
        } catch (IOException e) {
            return "unknown";
        }
    }

    static String cpuFrom(List<String> cpuinfo) {
        String name = field(cpuinfo, "model name");
        if (!name.isEmpty()) {
            return name;
        }
        String implementer = field(cpuinfo, "CPU implementer");
        String part = field(cpuinfo, "CPU part");
        return implementer.isEmpty() ? "unknown" : "implementer " + implementer + " part " + part;
    }

    private static String field(List<String> cpuinfo, String name) {
        return cpuinfo.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse("");
    }
}
