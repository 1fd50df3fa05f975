package walnut.models.tensor;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * NumPy's array file, as much of it as tensors need.
 *
 * <p>Written: version 1.0, {@code <f4}, C order. Read: versions 1.0 and 2.0, C order, {@code <f4}, {@code <i2} and
 * {@code |i1} (integers are multiplied by a scale, so that a quantised array stays small).
 * <p>Source: numpy/lib/format.py, "Format Version 1.0" and "2.0".
 */
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    private static final int MAXIMUM_HEADER_BYTES = 64 * 1024;
    private static final Pattern HEADER = Pattern.compile(
            "\\{'descr': '([<|][fi][124])', 'fortran_order': (True|False), 'shape': \\(([0-9, ]*)\\),? *\\}\\s*");

    private Npy() {}

    public static void write(Path file, Tensor tensor) {
        String shape = Arrays.stream(tensor.shape()).mapToObj(Long::toString).collect(Collectors.joining(", "));
        String tuple = tensor.shape().length == 1 ? "(" + shape + ",)" : "(" + shape + ")";
        StringBuilder header = new StringBuilder("{'descr': '<f4', 'fortran_order': False, 'shape': " + tuple + ", }");
        int prefix = MAGIC.length + 4;
        while ((prefix + header.length() + 1) % ALIGNMENT != 0) {
            header.append(' ');
        }
        header.append('\n');
        ByteBuffer start = ByteBuffer.allocate(prefix + header.length()).order(ByteOrder.LITTLE_ENDIAN);
        start.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) header.length());
        start.put(header.toString().getBytes(StandardCharsets.US_ASCII)).flip();
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            drain(channel, start);
            drain(channel, TensorDigest.littleEndian(tensor));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file.getFileName(), e);
        }
    }

    /**
     * Reads one array whose shape is known.
     *
     * @param scale value of one step of an integer array; 1 for float arrays
     * @throws WalnutException MODEL_PACKAGE_INVALID when the bytes are not such an array or its shape is another
     */
    public static Tensor read(InputStream stream, String name, double scale, long... expectedShape) {
        try {
            DataInputStream in = new DataInputStream(new BufferedInputStream(stream, 1 << 16));
            Header header = readHeader(in, name);
            if (!Arrays.equals(header.shape(), expectedShape)) {
                throw invalid(
                        name,
                        "has shape " + Arrays.toString(header.shape()) + ", expected "
                                + Arrays.toString(expectedShape));
            }
            Tensor tensor = Tensor.allocate(name, expectedShape);
            byte[] raw = in.readNBytes(tensor.count() * header.bytesPerValue());
            if (raw.length < tensor.count() * header.bytesPerValue() || in.read() >= 0) {
                throw invalid(name, "does not hold exactly " + tensor.count() + " values");
            }
            ByteBuffer source = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
            var values = tensor.values();
            while (values.hasRemaining()) {
                values.put(
                        switch (header.type()) {
                            case "<f4" -> (float) (source.getFloat() * scale);
                            case "<i2" -> (float) (source.getShort() * scale);
                            default -> (float) (source.get() * scale);
                        });
            }
            return tensor;
        } catch (EOFException e) {
            throw invalid(name, "ends before its header does");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read array " + name, e);
        }
    }

    private static Header readHeader(DataInputStream in, String name) throws IOException {
        byte[] magic = new byte[MAGIC.length];
        in.readFully(magic);
        int major = in.readUnsignedByte();
        in.readUnsignedByte();
        if (!Arrays.equals(magic, MAGIC) || major < 1 || major > 2) {
            throw invalid(name, "is not a NumPy array file of version 1 or 2");
        }
        int length = major == 1
                ? Short.toUnsignedInt(Short.reverseBytes(in.readShort()))
                : Integer.reverseBytes(in.readInt());
        if (length < 0 || length > MAXIMUM_HEADER_BYTES) {
            throw invalid(name, "declares a header of " + Integer.toUnsignedString(length) + " bytes");
        }
        byte[] text = new byte[length];
        in.readFully(text);
        Matcher header = HEADER.matcher(new String(text, StandardCharsets.US_ASCII));
        if (!header.matches()
                || "True".equals(header.group(2))
                || !java.util.List.of("<f4", "<i2", "|i1").contains(header.group(1))) {
            throw invalid(name, "is not a C-order array of <f4, <i2 or |i1");
        }
        long[] shape = Arrays.stream(header.group(3).split(","))
                .map(String::trim)
                .filter(part -> !part.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();
        return new Header(header.group(1), shape);
    }

    private static void drain(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static WalnutException invalid(String name, String what) {
        return new WalnutException(FailureCode.MODEL_PACKAGE_INVALID, "array " + name + " " + what);
    }

    private record Header(String type, long[] shape) {
        int bytesPerValue() {
            return type.charAt(2) - '0';
        }
    }
}
