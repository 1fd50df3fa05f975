package walnut.server.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A {@link WatchedNode} in a process of its own. */
final class NodeProcess implements AutoCloseable {
    private static final long PATIENCE_MINUTES = 3;

    private final Process process;
    private final int dicomPort;

    private NodeProcess(Process process, int dicomPort) {
        this.process = process;
        this.dicomPort = dicomPort;
    }

    /**
     * Starts a node and waits until it listens; or until it is gone, where it ends before.
     *
     * @param log to which is added what it says
     * @param arguments of {@link WatchedNode}
     */
    static NodeProcess start(Map<String, String> environment, Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                WatchedNode.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        // Not on the command line: ONNX Runtime reads that when it starts, and a long one overflows its stack.
        builder.environment()
                .put(
                        "CLASSPATH",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        builder.environment().putAll(environment);
        Process process = builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Files.writeString(log, line + "\n", StandardOpenOption.APPEND);
            if (line.startsWith("READY ")) {
                return new NodeProcess(process, Integer.parseInt(line.substring("READY ".length())));
            }
        }
        return new NodeProcess(process, 0);
    }

    int dicomPort() {
        return dicomPort;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            throw new AssertionError("the node did not end in " + PATIENCE_MINUTES + " minutes");
        }
        return process.exitValue();
    }

    /** SIGKILL. */
    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
