package walnut.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Real programs that tests talk to (DCMTK, Chromium, …). A peer that is absent skips the test and says so; a peer named
 * in {@code -Dwalnut.require} that is absent fails it, so that CI cannot be green by skipping everything.
 */
public final class Peers {
    private Peers() {}

    /** Path of the program, or skip (fail where {@code peer} is required). */
    public static Path require(String peer, String program) {
        Optional<Path> found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            SharedData.skipOrFail(peer, "program not found: " + program);
        }
        return found.orElseThrow();
    }

    /** Runs a command to its end; skips (fails where {@code peer} is required) when it is absent or does not succeed. */
    public static void requireSuccess(String peer, String... command) throws IOException, InterruptedException {
        require(peer, command[0]);
        int exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0) {
            SharedData.skipOrFail(peer, "not possible here: " + String.join(" ", command));
        }
    }

    static Set<String> required() {
        return named(System.getProperty("walnut.require", ""));
    }

    /** The peers of a comma-separated list. */
    static Set<String> named(String list) {
        return Arrays.stream(list.split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
