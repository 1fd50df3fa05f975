package walnut.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine;
import walnut.dicom.data.DataSet;
import walnut.dicom.part10.DicomFile;
import walnut.dicom.part10.Part10Reader;
import walnut.dicom.part10.Part10Writer;

/** Phantom studies for tests, made by {@code walnut phantom} as users make them. */
public final class Phantoms {
    private Phantoms() {}

    /** The folder of the one study of this seed. */
    public static Path one(Path directory, long seed) throws IOException {
        CommandLine line = Main.commandLine();
        StringWriter said = new StringWriter();
        line.setOut(new PrintWriter(said));
        line.setErr(new PrintWriter(said));
        int exit = line.execute(
                "phantom", "--patients", "1", "--seed", Long.toString(seed), "--out", directory.toString());
        if (exit != ExitCode.DONE) {
            throw new IllegalStateException("walnut phantom ended with " + exit + ": " + said);
        }
        try (Stream<Path> folders = Files.walk(directory, 2)) {
            return folders.filter(folder -> folder.getFileName().toString().startsWith("study-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Writes every image of a study into one folder after an edit of its data set. */
    public static Path edited(Path study, Path target, Consumer<DataSet.Builder> edit) throws IOException {
        Files.createDirectories(target);
        try (Stream<Path> files = Files.walk(study)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                DicomFile read = Part10Reader.read(file);
                DataSet.Builder data = read.dataSet().toBuilder();
                edit.accept(data);
                Part10Writer.write(target.resolve(file.getFileName()), data.build(), read.transferSyntax());
            }
        }
        return target;
    }
}
