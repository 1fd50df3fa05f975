package walnut.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A test class and the peer for whose absence it, or some of its tests, were skipped.
 *
 * <p>Kept as a file in the module's {@code target/skipped-for} because Surefire reports a skip only test by test: a class
 * that skips before its first test, or a {@code @MethodSource} that does, would vanish without a trace.
 */
record SkippedFor(String className, String peer) {

    /** Opens the message of the abort, for whoever reads a report. */
    static final String PREFIX = "skipped-for:";

    private static final Path FOLDER = Path.of("target", "skipped-for");

    /** Called in the process that runs the tests, in the folder of their module. */
    static void note(String peer) {
        String className = callingTestClass();
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FOLDER.resolve(className + "-" + peer), className + "\n" + peer + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<SkippedFor> readAll(Path module, Instant since) {
        Path folder = module.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> notes = Files.list(folder)) {
            return notes.filter(note -> TestRun.writtenSince(note, since))
                    .sorted()
                    .map(SkippedFor::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SkippedFor read(Path note) {
        try {
            List<String> lines = Files.readAllLines(note);
            return new SkippedFor(lines.get(0), lines.get(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of our own frames the outermost: what JUnit called. */
    private static String callingTestClass() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                        .filter(name -> name.startsWith("walnut."))
                        .reduce((inner, outer) -> outer))
                .orElse("unknown");
    }
}
