package walnut.models.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.stream.Collectors;
import walnut.digest.Sha256;

/**
 * SHA-256 of a tensor, the same on every machine.
 *
 * <p>Layout, version 1: the UTF-8 text {@code walnut-tensor-1\n<name>\nfloat32\n<shape>\n} where shape is decimal
 * lengths joined by {@code x}, then the values in C order as little-endian IEEE 754 bit patterns, unaltered.
 */
public final class TensorDigest {
    private static final String LAYOUT = "walnut-tensor-1";

    private TensorDigest() {}

    /** Lower-case hex. */
    public static String sha256(Tensor tensor) {
        String shape = Arrays.stream(tensor.shape()).mapToObj(Long::toString).collect(Collectors.joining("x"));
        MessageDigest digest = Sha256.begin();
        digest.update((LAYOUT + "\n" + tensor.name() + "\nfloat32\n" + shape + "\n").getBytes(StandardCharsets.UTF_8));
        digest.update(littleEndian(tensor));
        return Sha256.hex(digest);
    }

    static ByteBuffer littleEndian(Tensor tensor) {
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            return tensor.bytes();
        }
        ByteBuffer swapped = ByteBuffer.allocate(tensor.count() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer values = tensor.values();
        while (values.hasRemaining()) {
            swapped.putInt(Float.floatToRawIntBits(values.get()));
        }
        return swapped.flip();
    }
}
