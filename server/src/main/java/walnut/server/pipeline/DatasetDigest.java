package walnut.server.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import walnut.dicom.data.Tag;
import walnut.dicom.part10.Part10Reader;
import walnut.dicom.part10.ReadOptions;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** {@code datasetSha256} of a file that is not stored here: SHA-256 of its data set, without preamble and group 0002. */
final class DatasetDigest {
    private DatasetDigest() {}

    static String of(Path file) {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long offset = Part10Reader.read(file, ReadOptions.header().before(Tag.SOPClassUID))
                    .dataSetOffset();
            channel.position(offset);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Channels.newInputStream(channel), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new WalnutException(FailureCode.STORAGE_FAILED, "cannot read " + file.getFileName(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
