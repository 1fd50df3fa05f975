package walnut.server.outbox;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.part10.Part10Writer;
import walnut.store.StorageFailure;

/**
 * The bytes of what leaves, so that a resend years later sends the same object: {@code <predictionId>/<position>.dcm}.
 * Files are written beside and moved to their place, so that whoever reads one reads the whole of it; what a process left
 * half-written is written again, with the same bytes.
 */
final class ResultFolder {
    private final Path root;

    ResultFolder(Path root) {
        this.root = root;
    }

    /** Files are synced, with the folders they stand in, when this returns; relative paths in the order of the objects. */
    List<String> write(String predictionId, List<DataSet> objects) {
        Path folder = root.resolve(predictionId);
        List<String> files = new ArrayList<>();
        try {
            Files.createDirectories(folder);
            for (int position = 0; position < objects.size(); position++) {
                String name = position + ".dcm";
                write(objects.get(position), folder.resolve(name));
                files.add(predictionId + "/" + name);
            }
            sync(folder);
            sync(root);
        } catch (IOException e) {
            throw StorageFailure.of(e);
        }
        return files;
    }

    private static void write(DataSet object, Path file) throws IOException {
        Path draft = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".draft");
        try {
            writeSynced(object, draft);
            Files.move(draft, file, ATOMIC_MOVE, REPLACE_EXISTING);
        } finally {
            // On a full disk it would be in the way of the next attempt.
            Files.deleteIfExists(draft);
        }
    }

    private static void writeSynced(DataSet object, Path draft) throws IOException {
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
            Part10Writer.write(out, object, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
            out.flush();
            channel.force(true);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    Path path(String file) {
        return root.resolve(file);
    }
}
