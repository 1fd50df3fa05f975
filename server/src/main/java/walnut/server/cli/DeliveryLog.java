package walnut.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import walnut.dicom.net.scu.Destination;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Which files a peer has taken, so that a run that was broken off can go on where it stopped. A text file: the
 * destination, then a line for each delivered file with its size, its time of change and its absolute path; a file that
 * has changed since is sent again.
 */
final class DeliveryLog implements AutoCloseable {
    private static final String HEADING = "# walnut send, delivered to ";

    private final Set<String> delivered;
    private final @Nullable PrintWriter out;

    private DeliveryLog(Set<String> delivered, @Nullable PrintWriter out) {
        this.delivered = delivered;
        this.out = out;
    }

    /** Remembers nothing. */
    static DeliveryLog none() {
        return new DeliveryLog(Set.of(), null);
    }

    /**
     * Opens the log of an earlier run, or begins one.
     *
     * @throws WalnutException INVALID_ARGUMENT when the file is something else, or the log of another destination
     */
    static DeliveryLog open(Path file, Destination destination) {
        String heading = HEADING + destination;
        try {
            Set<String> delivered = new HashSet<>();
            boolean begun = Files.exists(file) && Files.size(file) > 0;
            if (begun) {
                List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
                if (!lines.get(0).equals(heading)) {
                    throw new WalnutException(
                            FailureCode.INVALID_ARGUMENT,
                            file + " does not begin with \"" + heading + "\": it is no log of sending there");
                }
                delivered.addAll(lines.subList(1, lines.size()));
            }
            PrintWriter out = new PrintWriter(Files.newBufferedWriter(
                    file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
            if (!begun) {
                out.println(heading);
                out.flush();
            }
            return new DeliveryLog(delivered, out);
        } catch (IOException e) {
            throw new WalnutException(FailureCode.STORAGE_FAILED, "cannot keep the log " + file, e);
        }
    }

    boolean holds(Path file) {
        return !delivered.isEmpty() && delivered.contains(line(file));
    }

    void delivered(Path file) {
        if (out != null) {
            out.println(line(file));
            out.flush();
        }
    }

    private static String line(Path file) {
        try {
            return Files.size(file) + "\t" + Files.getLastModifiedTime(file).toMillis() + "\t" + file.toAbsolutePath();
        } catch (IOException e) {
            return "?\t?\t" + file.toAbsolutePath(); // gone: then it matches no line
        }
    }

    @Override
    public void close() {
        if (out != null) {
            out.close();
        }
    }
}
