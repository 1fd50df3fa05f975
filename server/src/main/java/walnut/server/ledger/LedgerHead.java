package walnut.server.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * How far the ledger has come, kept beside the database under a key of its own (HMAC-SHA-256): a chain alone does not show
 * that its end was cut off.
 *
 * <p>File {@code ledger-head}: sequence, digest of that entry and the HMAC over both, separated by spaces.
 */
final class LedgerHead {
    private static final int KEY_BYTES = 32;

    private final Path file;
    private final byte[] key;

    private LedgerHead(Path file, byte[] key) {
        this.file = file;
        this.key = key;
    }

    record Position(long sequence, String sha256) {}

    /** @param folder the data directory; the key is made there where it is missing */
    static LedgerHead in(Path folder, SecureRandom random) {
        Path keyFile = folder.resolve("ledger-key");
        try {
            if (!Files.exists(keyFile)) {
                byte[] made = new byte[KEY_BYTES];
                random.nextBytes(made);
                Files.createFile(
                        keyFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(keyFile, HexFormat.of().formatHex(made));
            }
            return new LedgerHead(
                    folder.resolve("ledger-head"),
                    HexFormat.of().parseHex(Files.readString(keyFile).strip()));
        } catch (IOException | IllegalArgumentException e) {
            throw new WalnutException(
                    FailureCode.STORAGE_FAILED, "the key of the ledger cannot be read or made: " + e.getMessage(), e);
        }
    }

    /** Empty where there is none yet, or where it is not what we wrote. */
    Optional<Position> read() {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            String[] words = Files.readString(file).strip().split(" ");
            if (words.length != 3
                    || !MessageDigest.isEqual(
                            words[2].getBytes(StandardCharsets.US_ASCII),
                            hmac(words[0] + " " + words[1]).getBytes(StandardCharsets.US_ASCII))) {
                return Optional.empty();
            }
            return Optional.of(new Position(Long.parseLong(words[0]), words[1]));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** Replaces the file in one move; durable when this returns. */
    void write(LedgerEntry last) {
        String position = last.sequence() + " " + last.sha256();
        Path next = file.resolveSibling("ledger-head.next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(
                    ByteBuffer.wrap((position + " " + hmac(position) + "\n").getBytes(StandardCharsets.US_ASCII)));
            channel.force(true);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new WalnutException(
                    FailureCode.STORAGE_FAILED, "cannot note how far the ledger has come: " + e.getMessage(), e);
        }
    }

    private String hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
