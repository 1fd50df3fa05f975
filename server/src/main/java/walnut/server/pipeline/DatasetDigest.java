package walnut.server.pipeline;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import walnut.dicom.data.Tag;
import walnut.dicom.part10.Part10Reader;
import walnut.dicom.part10.ReadOptions;
import walnut.digest.Sha256;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** {@code datasetSha256} of a file that is not stored here: SHA-256 of its data set, without preamble and group 0002. */
final class DatasetDigest {
    private DatasetDigest() {}

    /** Bytes read at once; a file's group 0002 always lies within the first of them, or is looked for in the file. */
    private static final int CHUNK = 1 << 17;

    static String of(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            byte[] bytes = new byte[(int) Math.max(1, Math.min(CHUNK, channel.size()))];
            int read = read(channel, bytes);
            int offset = dataSetOffset(file, bytes, read);
            MessageDigest digest = Sha256.begin();
            digest.update(bytes, offset, read - offset);
            while ((read = read(channel, bytes)) > 0) {
                digest.update(bytes, 0, read);
            }
            return Sha256.hex(digest);
        } catch (IOException e) {
            throw new WalnutException(FailureCode.STORAGE_FAILED, "cannot read " + file.getFileName(), e);
        }
    }

    private static int read(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // Until the array is full or the file at its end.
        }
        return buffer.position();
    }

    /** The reader stops before the first element of the data set, so the beginning of a file is enough for it. */
    private static int dataSetOffset(Path file, byte[] bytes, int read) throws IOException {
        ReadOptions options = ReadOptions.header().before(Tag.SOPClassUID);
        long offset = Part10Reader.read(new ByteArrayInputStream(bytes, 0, read), options)
                .dataSetOffset();
        if (offset > read) {
            throw new WalnutException(
                    FailureCode.MALFORMED_DATASET, file.getFileName() + " has a file header of " + offset + " bytes");
        }
        return (int) offset;
    }
}
