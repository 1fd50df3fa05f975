package walnut.dicom.part10;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Dictionary;
import walnut.dicom.data.Element;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Vr;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Writes bare data sets, the mirror of {@link DataSetReader}: Implicit and Explicit VR Little Endian, deflated, and
 * Explicit VR with encapsulated pixel data. The same data set gives the same bytes: sequences and items have defined
 * lengths, odd values one byte of padding, and retired group lengths are written anew where they are present.
 */
public final class DataSetWriter {
    private static final int ITEM = 0xFFFEE000;
    private static final int SEQUENCE_DELIMITATION = 0xFFFEE0DD;

    /** A 16-bit length cannot say more, and a value of even length no 0xFFFF. */
    private static final int LONGEST_SHORT_VALUE = 0xFFFE;

    private final boolean explicitVr;
    private byte[] buffer = new byte[1 << 13];
    private int count;

    private DataSetWriter(boolean explicitVr) {
        this.explicitVr = explicitVr;
    }

    public static byte[] toBytes(DataSet dataSet, TransferSyntax syntax) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 13);
        try {
            write(bytes, dataSet, syntax);
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail", e);
        }
        return bytes.toByteArray();
    }

    /** Writes and does not close. Explicit VR Big Endian is retired and only read. */
    public static void write(OutputStream out, DataSet dataSet, TransferSyntax syntax) throws IOException {
        checkPixelsFit(dataSet, syntax);
        DataSetWriter writer = new DataSetWriter(syntax.explicitVr());
        if (!syntax.deflated()) {
            writer.elements(dataSet, out);
            return;
        }
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            CountingOutputStream counted = new CountingOutputStream(out);
            DeflaterOutputStream deflated = new DeflaterOutputStream(counted, deflater);
            writer.elements(dataSet, deflated);
            deflated.finish();
            if (counted.isOdd()) {
                out.write(0); // PS3.5 section A.5
            }
        } finally {
            deflater.end();
        }
    }

    private static void checkPixelsFit(DataSet dataSet, TransferSyntax syntax) {
        if (syntax.bigEndian()) {
            throw new WalnutException(
                    FailureCode.UNSUPPORTED_TRANSFER_SYNTAX, syntax + " is retired: data sets are not written in it");
        }
        boolean encapsulated =
                dataSet.element(Tag.PixelData).map(Element::isEncapsulated).orElse(syntax.encapsulated());
        if (encapsulated != syntax.encapsulated()) {
            throw new WalnutException(
                    FailureCode.UNSUPPORTED_TRANSFER_SYNTAX,
                    (encapsulated ? "compressed" : "uncompressed") + " pixel data cannot be written as " + syntax);
        }
    }

    /** The elements of the outermost data set, handed on as soon as nothing in the buffer can change any more. */
    private void elements(DataSet dataSet, OutputStream out) throws IOException {
        GroupLength group = new GroupLength();
        for (Element element : dataSet) {
            group.before(element);
            if (group.isOpen() || element.vr().isSequence() || element.isEncapsulated()) {
                element(element);
            } else {
                header(element.tag(), element.vr(), padded(element.length()));
                flush(out);
                out.write(element.array(), element.arrayOffset(), element.length());
                pad(element.length(), element.vr());
            }
            if (!group.isOpen() && count > buffer.length / 2) {
                flush(out);
            }
        }
        group.close();
        flush(out);
    }

    private void flush(OutputStream out) throws IOException {
        out.write(buffer, 0, count);
        count = 0;
    }

    /** Corrects (gggg,0000), retired but still found, once the elements of its group are written. */
    private final class GroupLength {
        private int group = -1;
        private int valueAt;

        boolean isOpen() {
            return group >= 0;
        }

        void before(Element next) {
            if (isOpen() && next.tag() >>> 16 != group) {
                close();
            }
            if ((next.tag() & 0xFFFF) == 0 && next.vr() == Vr.UL && next.length() == 4) {
                group = next.tag() >>> 16;
                valueAt = count + 8;
            }
        }

        void close() {
            if (isOpen()) {
                putInt(valueAt, count - valueAt - 4);
                group = -1;
            }
        }
    }

    private void item(DataSet item) {
        tag(ITEM);
        int lengthAt = count;
        putInt(0);
        GroupLength group = new GroupLength();
        for (Element element : item) {
            group.before(element);
            element(element);
        }
        group.close();
        putInt(lengthAt, count - lengthAt - 4);
    }

    private void element(Element element) {
        if (element.vr().isSequence()) {
            header(element.tag(), Vr.SQ, 0);
            int lengthAt = count - 4;
            element.items().forEach(this::item);
            putInt(lengthAt, count - lengthAt - 4);
        } else if (element.isEncapsulated()) {
            fragments(element);
        } else {
            header(element.tag(), element.vr(), padded(element.length()));
            put(element.array(), element.arrayOffset(), element.length());
            pad(element.length(), element.vr());
        }
    }

    private void fragments(Element element) {
        header(element.tag(), element.vr(), -1);
        for (byte[] fragment : element.fragments()) {
            tag(ITEM);
            putInt(padded(fragment.length));
            put(fragment, 0, fragment.length);
            pad(fragment.length, element.vr());
        }
        tag(SEQUENCE_DELIMITATION);
        putInt(0);
    }

    /** PS3.5 Tables 7.1-1 to 7.1-3; a length of -1 is undefined. */
    private void header(int tag, Vr vr, int length) {
        tag(tag);
        if (!explicitVr) {
            putInt(length);
            return;
        }
        // PS3.5 section 6.2.2, note on VRs with a 16-bit length: a longer value goes as UN.
        Vr written = !vr.hasLongHeader() && length > LONGEST_SHORT_VALUE ? Vr.UN : vr;
        ensure(8);
        buffer[count++] = (byte) written.name().charAt(0);
        buffer[count++] = (byte) written.name().charAt(1);
        if (written.hasLongHeader()) {
            putShort(0);
            putInt(length);
        } else {
            putShort(length);
        }
    }

    private void tag(int tag) {
        putShort(tag >>> 16);
        putShort(tag);
    }

    private static int padded(int length) {
        return length + (length & 1);
    }

    private void pad(int length, Vr vr) {
        if ((length & 1) != 0) {
            ensure(1);
            buffer[count++] = vr.padding();
        }
    }

    private void put(byte[] bytes, int offset, int length) {
        ensure(length);
        System.arraycopy(bytes, offset, buffer, count, length);
        count += length;
    }

    private void putShort(int value) {
        ensure(2);
        buffer[count++] = (byte) value;
        buffer[count++] = (byte) (value >>> 8);
    }

    private void putInt(int value) {
        ensure(4);
        putInt(count, value);
        count += 4;
    }

    private void putInt(int at, int value) {
        buffer[at] = (byte) value;
        buffer[at + 1] = (byte) (value >>> 8);
        buffer[at + 2] = (byte) (value >>> 16);
        buffer[at + 3] = (byte) (value >>> 24);
    }

    private void ensure(int more) {
        if (more > buffer.length - count) {
            long wanted = Math.max((long) count + more, Math.min(2L * buffer.length, Integer.MAX_VALUE - 16));
            if (wanted > Integer.MAX_VALUE - 16) {
                throw new WalnutException(
                        FailureCode.DATASET_TOO_LARGE,
                        "a sequence or compressed " + Dictionary.label(Tag.PixelData) + " beyond 2 GiB is not written");
            }
            buffer = Arrays.copyOf(buffer, (int) wanted);
        }
    }

    /** Knows whether the bytes that went through are odd in number. */
    private static final class CountingOutputStream extends OutputStream {
        private final OutputStream out;
        private long written;

        CountingOutputStream(OutputStream out) {
            this.out = out;
        }

        boolean isOdd() {
            return (written & 1) != 0;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            written++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            written += length;
        }
    }
}
