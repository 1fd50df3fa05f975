package walnut.models.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A named float32 array outside the Java heap, where ONNX Runtime reads and writes it without a copy.
 *
 * <p>Values lie in C order (last axis fastest) in the machine's byte order.
 */
public final class Tensor {
    private final String name;
    private final long[] shape;
    private final ByteBuffer bytes;

    private Tensor(String name, long[] shape, ByteBuffer bytes) {
        this.name = name;
        this.shape = shape;
        this.bytes = bytes;
    }

    /** A tensor of zeros. */
    public static Tensor allocate(String name, long... shape) {
        long count = count(shape);
        if (count > Integer.MAX_VALUE / Float.BYTES) {
            throw new IllegalArgumentException("a tensor holds at most 2 GiB, asked for " + count + " values");
        }
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) count * Float.BYTES).order(ByteOrder.nativeOrder());
        return new Tensor(name, shape.clone(), bytes);
    }

    public static Tensor of(String name, float[] values, long... shape) {
        if (values.length != count(shape)) {
            throw new IllegalArgumentException(
                    "shape " + Arrays.toString(shape) + " does not hold " + values.length + " values");
        }
        Tensor tensor = allocate(name, shape);
        tensor.values().put(values);
        return tensor;
    }

    public String name() {
        return name;
    }

    public long[] shape() {
        return shape.clone();
    }

    public int count() {
        return bytes.capacity() / Float.BYTES;
    }

    /** A fresh view of all values, from the first to the last. */
    public FloatBuffer values() {
        return bytes().asFloatBuffer();
    }

    /** A fresh view of the memory itself, in the machine's byte order. */
    public ByteBuffer bytes() {
        return bytes.duplicate().clear().order(ByteOrder.nativeOrder());
    }

    public float[] toArray() {
        float[] array = new float[count()];
        values().get(array);
        return array;
    }

    private static long count(long[] shape) {
        long count = 1;
        for (long length : shape) {
            if (length < 1) {
                throw new IllegalArgumentException("every axis has at least one value, got " + Arrays.toString(shape));
            }
            count = Math.multiplyExact(count, length);
        }
        return count;
    }

    @Override
    public String toString() {
        return name + " float32" + Arrays.toString(shape);
    }
}
