package walnut.server.ledger;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import walnut.digest.Sha256;

/**
 * One line of the ledger.
 *
 * <p>{@code sha256} is over, in this order: the text {@code walnut-ledger-1}, sequence and time (microseconds since 1970
 * UTC) as big-endian 64-bit numbers, then actor, action, subject, detail and the digest before, each text as a big-endian
 * 32-bit count of its UTF-8 bytes and those bytes.
 *
 * @param sequence counts from 1 without a gap
 * @param at to the microsecond
 * @param actor who did it, by the name of the token that was shown
 * @param action what was done: CASE_READ, DEPLOYMENT_CHANGED, …
 * @param subject on what: a case, prediction, model or destination by our own name for it
 * @param detail in words; "" where there is nothing to add
 * @param previousSha256 of the entry before; {@link #FIRST} for the first
 */
public record LedgerEntry(
        long sequence,
        Instant at,
        String actor,
        String action,
        String subject,
        String detail,
        String previousSha256,
        String sha256) {
    /** What the first entry has before it. */
    public static final String FIRST = "0".repeat(64);

    /** The entry that follows another, or the first. */
    static LedgerEntry after(
            long previousSequence,
            String previousSha256,
            Instant at,
            String actor,
            String action,
            String subject,
            String detail) {
        Instant time = at.truncatedTo(ChronoUnit.MICROS);
        long sequence = previousSequence + 1;
        return new LedgerEntry(
                sequence,
                time,
                actor,
                action,
                subject,
                detail,
                previousSha256,
                digest(sequence, time, actor, action, subject, detail, previousSha256));
    }

    /** Whether the digest fits what the entry says. */
    boolean isWhole() {
        return sha256.equals(digest(sequence, at, actor, action, subject, detail, previousSha256));
    }

    private static String digest(
            long sequence,
            Instant at,
            String actor,
            String action,
            String subject,
            String detail,
            String previousSha256) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write("walnut-ledger-1".getBytes(StandardCharsets.US_ASCII));
            out.writeLong(sequence);
            out.writeLong(ChronoUnit.MICROS.between(Instant.EPOCH, at));
            for (String text : new String[] {actor, action, subject, detail, previousSha256}) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                out.writeInt(utf8.length);
                out.write(utf8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return Sha256.hex(bytes.toByteArray());
    }
}
