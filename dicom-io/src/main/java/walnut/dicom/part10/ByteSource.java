package walnut.dicom.part10;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.zip.ZipException;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Bytes read forward through a chunk, and values cut out of it without a copy where they lie whole within it.
 *
 * <p>A value longer than what is buffered gets an array of its own. Where the source's size is known a length is first
 * compared with what is left; where it is not, the array grows only as bytes arrive. Chunks are never overwritten, so
 * the slices handed out stay true.
 */
final class ByteSource {
    static final int CHUNK = 1 << 16;

    private final InputStream in;

    /** Bytes that the source holds in all, or -1 where nobody knows. */
    private final long size;

    private final long maxTotal;

    /** Bytes to ask for next; {@value #CHUNK} from the second time on. */
    private int nextChunk;

    private byte[] chunk = {};
    private int at;
    private int limit;

    /** Position in the source of {@code chunk[0]}. */
    private long base;

    /** Bytes passed over, which count for no limit. */
    private long passedOver;

    /** Where the last {@link #take} left its bytes. */
    private byte[] taken = {};

    private int takenOffset;

    ByteSource(InputStream in, long size, long maxTotal) {
        this(in, size, maxTotal, CHUNK);
    }

    /** @param firstChunk bytes to ask for the first time, by one who knows how far he is going to read */
    ByteSource(InputStream in, long size, long maxTotal, int firstChunk) {
        this.in = in;
        this.size = size;
        this.maxTotal = maxTotal;
        this.nextChunk = firstChunk;
    }

    /** The bytes of this slice; positions count from its beginning. */
    static ByteSource of(byte[] array, int offset, int length) {
        ByteSource source = new ByteSource(InputStream.nullInputStream(), length, Long.MAX_VALUE);
        source.chunk = array;
        source.at = offset;
        source.limit = offset + length;
        source.base = -offset;
        return source;
    }

    /** What has not been read yet, as a stream. */
    InputStream rest() {
        return new SequenceInputStream(new ByteArrayInputStream(chunk, at, limit - at), in);
    }

    long position() {
        return base + at;
    }

    /** Whether {@code count} more bytes exist, at most a few dozen; afterwards they are buffered. */
    boolean has(int count) throws IOException {
        return limit - at >= count || fill(count);
    }

    private boolean fill(int count) throws IOException {
        int left = limit - at;
        // One byte more than a short source holds, so that its end is noticed by the first read.
        long expected = size < 0 ? nextChunk : Math.min(nextChunk, size - position() + 1);
        nextChunk = CHUNK;
        byte[] next = new byte[(int) Math.max(Math.max(expected, count), left)];
        System.arraycopy(chunk, at, next, 0, left);
        base += at;
        chunk = next;
        at = 0;
        limit = left;
        while (limit < count) {
            int read = read(chunk, limit, chunk.length - limit);
            if (read < 0) {
                return false;
            }
            limit += read;
        }
        checkTotal(base + at + count);
        return true;
    }

    /** A deflated data set that does not inflate is the file's fault, not the disk's. */
    private int read(byte[] target, int offset, int length) throws IOException {
        try {
            return in.read(target, offset, length);
        } catch (ZipException e) {
            throw new WalnutException(
                    FailureCode.MALFORMED_DATASET, "the deflated data set does not inflate: " + e.getMessage(), e);
        } catch (EOFException e) {
            throw new WalnutException(FailureCode.TRUNCATED, "the deflated data set ends too early", e);
        }
    }

    private void checkTotal(long position) {
        if (position - passedOver > maxTotal) {
            throw new WalnutException(
                    FailureCode.DATASET_TOO_LARGE, "the data set is longer than the limit of " + maxTotal + " bytes");
        }
    }

    void need(int count) throws IOException {
        if (!has(count)) {
            throw truncated(position(), count);
        }
    }

    /** The refusal of a source that ends before {@code count} bytes from a position on. */
    static WalnutException truncated(long from, long count) {
        return new WalnutException(
                FailureCode.TRUNCATED, "the data end within the " + count + " bytes that begin at byte " + from);
    }

    /** The byte {@code ahead} of the position; only after {@link #has} said so. */
    int peek(int ahead) {
        return chunk[at + ahead] & 0xFF;
    }

    int peekUnsignedShort(int ahead, boolean bigEndian) {
        int first = peek(ahead);
        int second = peek(ahead + 1);
        return bigEndian ? first << 8 | second : second << 8 | first;
    }

    /** The tag {@code ahead} of the position: group, then element. */
    int peekTag(int ahead, boolean bigEndian) {
        return peekUnsignedShort(ahead, bigEndian) << 16 | peekUnsignedShort(ahead + 2, bigEndian);
    }

    /** The 32-bit length {@code ahead} of the position, unsigned. */
    long peekLength(int ahead, boolean bigEndian) {
        long low = peekUnsignedShort(ahead + (bigEndian ? 2 : 0), bigEndian);
        long high = peekUnsignedShort(ahead + (bigEndian ? 0 : 2), bigEndian);
        return high << 16 | low;
    }

    /** Passes over bytes that {@link #has} found. */
    void pass(int count) {
        at += count;
    }

    /** Refuses a length that the source, as far as its size is known, cannot hold. */
    void checkHolds(long length) {
        if (size >= 0 && length > size - position()) {
            throw truncated(position(), length);
        }
    }

    /** Moves past {@code length} bytes, which then lie in {@link #taken()} from {@link #takenOffset()} on. */
    void take(long length, int maxValueBytes) throws IOException {
        if (length <= limit - at && length <= maxValueBytes) {
            taken = chunk;
            takenOffset = at;
            at += (int) length;
            checkTotal(position());
            return;
        }
        checkHolds(length);
        if (length > maxValueBytes) {
            refuse(length, maxValueBytes);
        }
        if (length <= CHUNK / 2) {
            need((int) length);
            take(length, maxValueBytes);
            return;
        }
        checkTotal(position() + length);
        takeLong((int) length);
    }

    private void takeLong(int length) throws IOException {
        byte[] value = new byte[size >= 0 ? length : Math.min(length, 4 * CHUNK)];
        int buffered = limit - at;
        System.arraycopy(chunk, at, value, 0, buffered);
        int filled = buffered;
        while (filled < length) {
            if (filled == value.length) {
                value = Arrays.copyOf(value, (int) Math.min(length, 2L * value.length));
            }
            int read = read(value, filled, value.length - filled);
            if (read < 0) {
                throw truncated(position(), length);
            }
            filled += read;
        }
        at = limit;
        base += length - buffered;
        taken = value;
        takenOffset = 0;
    }

    /** Moves past {@code length} bytes without keeping them. */
    void passOver(long length) throws IOException {
        checkHolds(length);
        int buffered = (int) Math.min(length, limit - at);
        long missing = discard(length - buffered);
        if (missing > 0) {
            throw truncated(position(), length);
        }
        at += buffered;
        base += length - buffered;
        passedOver += length;
    }

    /** Too long, unless the source ends before: then it is truncated, which is what people have to know. */
    private void refuse(long length, int maxValueBytes) throws IOException {
        if (size < 0) {
            long missing = length - (limit - at);
            long readable = Math.min(missing, maxTotal + passedOver - position());
            if (discard(readable) > 0) {
                throw truncated(position(), length);
            }
        }
        throw new WalnutException(
                FailureCode.DATASET_TOO_LARGE,
                "a value of " + length + " bytes exceeds the limit of " + maxValueBytes + " bytes");
    }

    /** Reads {@code count} bytes beyond those buffered and lets them go; how many of them the source did not have. */
    private long discard(long count) throws IOException {
        byte[] discarded = new byte[(int) Math.max(0, Math.min(count, CHUNK))];
        long left = count;
        while (left > 0) {
            int read = read(discarded, 0, (int) Math.min(left, CHUNK));
            if (read < 0) {
                return left;
            }
            left -= read;
        }
        return 0;
    }

    byte[] taken() {
        return taken;
    }

    int takenOffset() {
        return takenOffset;
    }
}
