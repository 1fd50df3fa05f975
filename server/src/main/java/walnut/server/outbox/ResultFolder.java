package walnut.server.outbox;

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
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * The bytes of what leaves, so that a resend years later sends the same object: {@code <predictionId>/<position>.dcm}. A
 * file that a process left half-written is written again, with the same bytes.
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
                write(folder.resolve(name), objects.get(position));
                files.add(predictionId + "/" + name);
            }
            sync(folder);
            sync(root);
        } catch (IOException e) {
            throw new WalnutException(FailureCode.STORAGE_FAILED, "cannot write a result object: " + e.getMessage(), e);
        }
        return files;
    }

    private static void write(Path file, DataSet object) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
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
