package walnut.server.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged jar, run as its users run it: a process of its own. */
public final class WalnutJar {
    private static final Path JAR = Path.of("target", "walnut.jar");
    private static final long PATIENCE_MINUTES = 5;

    private WalnutJar() {}

    public record Result(int exitCode, String out, String err) {}

    /** Runs a command to its end. */
    public static Result run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("walnut-out", ".txt");
        Path err = Files.createTempFile("walnut-err", ".txt");
        Process process = builder(arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("no end after " + PATIENCE_MINUTES + " minutes: " + List.of(arguments));
        }
        Result result = new Result(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
        Files.delete(out);
        Files.delete(err);
        return result;
    }

    /** A process that the caller starts and ends; it does not warm up unless the caller says so. */
    public static ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g", "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("WALNUT_DICOM_WARM_UP", "0s");
        return builder;
    }
}
