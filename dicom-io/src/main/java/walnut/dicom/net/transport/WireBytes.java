package walnut.dicom.net.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Bytes as they came off the wire or are about to go onto it, counted by reference because received ones live in pooled
 * memory outside the heap.
 *
 * <p>Ownership: whoever holds a {@code WireBytes} releases it once; {@link #slice} and {@link #concat} say how ownership
 * moves. Multi-byte numbers are big endian, as PS3.8 writes them. Equality is by content.
 */
public final class WireBytes {
    private final ByteBuf bytes;

    WireBytes(ByteBuf bytes) {
        this.bytes = bytes;
    }

    /** Wraps an array on the heap without copying it; releasing is then without effect. */
    public static WireBytes wrap(byte[] array) {
        return new WireBytes(Unpooled.wrappedBuffer(array));
    }

    /** Wraps the remaining bytes of a buffer without copying them. */
    public static WireBytes wrap(ByteBuffer buffer) {
        return new WireBytes(Unpooled.wrappedBuffer(buffer));
    }

    /** Joins parts in order without copying; takes ownership of them. */
    public static WireBytes concat(List<WireBytes> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        CompositeByteBuf joined = Unpooled.compositeBuffer(Math.max(2, parts.size()));
        for (WireBytes part : parts) {
            joined.addComponent(true, part.bytes);
        }
        return new WireBytes(joined);
    }

    public int length() {
        return bytes.readableBytes();
    }

    public int unsignedByte(int offset) {
        return bytes.getUnsignedByte(bytes.readerIndex() + offset);
    }

    public int unsignedShort(int offset) {
        return bytes.getUnsignedShort(bytes.readerIndex() + offset);
    }

    public long unsignedInt(int offset) {
        return bytes.getUnsignedInt(bytes.readerIndex() + offset);
    }

    /** A view of part of these bytes with its own reference: both it and this one must be released. */
    public WireBytes slice(int offset, int length) {
        return new WireBytes(bytes.retainedSlice(bytes.readerIndex() + offset, length));
    }

    /** Views for gathering writes; valid until {@link #release}. */
    public List<ByteBuffer> byteBuffers() {
        return List.of(bytes.nioBuffers());
    }

    public byte[] toByteArray() {
        return toByteArray(0, length());
    }

    public byte[] toByteArray(int offset, int length) {
        byte[] copy = new byte[length];
        bytes.getBytes(bytes.readerIndex() + offset, copy);
        return copy;
    }

    public void release() {
        bytes.release();
    }

    ByteBuf toByteBuf() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WireBytes && bytes.equals(((WireBytes) other).bytes);
    }

    @Override
    public int hashCode() {
        return bytes.hashCode();
    }

    /** The length only: bytes may hold patient data. */
    @Override
    public String toString() {
        return length() + " bytes";
    }
}
