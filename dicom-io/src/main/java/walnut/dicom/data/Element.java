package walnut.dicom.data;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A data element: tag, VR and value (PS3.5 section 7.1). The value is bytes, or the items of a sequence, or the
 * fragments of encapsulated pixel data.
 *
 * <p>Bytes are kept as they were received, numbers little-endian whatever the transfer syntax was, and decoded when
 * asked for. They may be a slice of a larger array that the reader filled; nobody changes them afterwards.
 */
public final class Element {
    private static final byte[] NO_BYTES = {};

    private final int tag;
    private final Vr vr;
    private final byte[] array;
    private final int offset;
    private final int length;
    private final CharacterSet characterSet;
    private final List<DataSet> items;
    private final @Nullable List<byte[]> fragments;

    private Element(
            int tag,
            Vr vr,
            byte[] array,
            int offset,
            int length,
            CharacterSet characterSet,
            List<DataSet> items,
            @Nullable List<byte[]> fragments) {
        this.tag = tag;
        this.vr = vr;
        this.array = array;
        this.offset = offset;
        this.length = length;
        this.characterSet = characterSet;
        this.items = items;
        this.fragments = fragments;
    }

    /** An element whose value is this slice, which the caller gives away; text in it is under this character set. */
    public static Element ofBytes(int tag, Vr vr, byte[] array, int offset, int length, CharacterSet characterSet) {
        Objects.checkFromIndexSize(offset, length, array.length);
        return new Element(tag, vr, array, offset, length, characterSet, List.of(), null);
    }

    /** An element whose value is these little-endian bytes, which the caller gives away. */
    public static Element ofBytes(int tag, Vr vr, byte[] bytes) {
        return ofBytes(tag, vr, bytes, 0, bytes.length, CharacterSet.DEFAULT);
    }

    /** An element without value. */
    public static Element empty(int tag, Vr vr) {
        return ofBytes(tag, vr, NO_BYTES);
    }

    /** An element of these text values; a data set that takes it writes them under its own character set. */
    public static Element ofText(int tag, Vr vr, List<String> values) {
        if (!vr.isText()) {
            throw new IllegalArgumentException(Dictionary.label(tag) + " has VR " + vr + ", which is not text");
        }
        String text = String.join("\\", values);
        if (!vr.usesSpecificCharacterSet()) {
            // Only ASCII is allowed here; what senders put beyond it is read as Latin-1, and so it is written.
            Charset charset = StandardCharsets.ISO_8859_1.newEncoder().canEncode(text)
                    ? StandardCharsets.ISO_8859_1
                    : StandardCharsets.UTF_8;
            return ofBytes(tag, vr, text.getBytes(charset));
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ofBytes(tag, vr, bytes, 0, bytes.length, CharacterSet.UTF_8);
    }

    public static Element ofItems(int tag, List<DataSet> items) {
        return new Element(tag, Vr.SQ, NO_BYTES, 0, 0, CharacterSet.DEFAULT, List.copyOf(items), null);
    }

    /** Encapsulated pixel data (PS3.5 annex A.4): the first fragment is the Basic Offset Table, empty or not. */
    public static Element ofFragments(int tag, Vr vr, List<byte[]> fragments) {
        return new Element(tag, vr, NO_BYTES, 0, 0, CharacterSet.DEFAULT, List.of(), List.copyOf(fragments));
    }

    public int tag() {
        return tag;
    }

    public Vr vr() {
        return vr;
    }

    /** Number of value bytes; 0 for sequences and encapsulated pixel data. */
    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0 && items.isEmpty() && fragments == null;
    }

    /** Whether the value is fragments, that is compressed. */
    public boolean isEncapsulated() {
        return fragments != null;
    }

    /** The items of a sequence; none for other elements. */
    public List<DataSet> items() {
        return items;
    }

    /** Basic Offset Table and fragments of encapsulated pixel data; none for other elements. Do not change them. */
    public List<byte[]> fragments() {
        return fragments == null ? List.of() : fragments;
    }

    /** A copy of the value bytes, numbers little-endian. */
    public byte[] bytes() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** Copies value bytes from {@code from} on into a target, as many as it has room for. */
    public void copyTo(int from, byte[] target, int targetOffset, int count) {
        Objects.checkFromIndexSize(from, count, length);
        System.arraycopy(array, offset + from, target, targetOffset, count);
    }

    /** The array that holds the value, from {@link #arrayOffset()} on. For reading in place; do not change it. */
    public byte[] array() {
        return array;
    }

    public int arrayOffset() {
        return offset;
    }

    CharacterSet characterSet() {
        return characterSet;
    }

    boolean isPlainAscii() {
        return CharacterSet.isPlainAscii(array, offset, length);
    }

    /** The whole value as text, untrimmed; bytes of a VR that is not text (a private OB, UN) are read as if it were. */
    public String text() {
        if (vr.isText() && !vr.usesSpecificCharacterSet()) {
            return CharacterSet.DEFAULT.decode(array, offset, length, false);
        }
        return characterSet.decode(array, offset, length, vr == Vr.PN);
    }

    /**
     * The values as text without their padding (PS3.5 section 6.2: leading spaces count only in ST, LT, UT and UC).
     * Numbers of binary VRs come as decimal text; an empty value between two backslashes stays an empty string.
     */
    public List<String> strings() {
        if (length == 0) {
            return List.of();
        }
        if (!vr.isText() && vr.isMultiValued()) {
            return numbersAsText();
        }
        String text = text();
        if (!vr.isMultiValued() && vr.isText()) {
            return List.of(stripTrailing(text));
        }
        if (text.indexOf('\\') < 0) {
            return List.of(trim(text));
        }
        List<String> values = CharacterSet.split(text);
        values.replaceAll(this::trim);
        return values;
    }

    private String trim(String value) {
        String trimmed = stripTrailing(value);
        if (vr == Vr.UC) {
            return trimmed;
        }
        int from = 0;
        while (from < trimmed.length() && trimmed.charAt(from) == ' ') {
            from++;
        }
        return trimmed.substring(from);
    }

    private static String stripTrailing(String value) {
        int end = value.length();
        while (end > 0 && (value.charAt(end - 1) == ' ' || value.charAt(end - 1) == 0)) {
            end--;
        }
        return value.substring(0, end);
    }

    private List<String> numbersAsText() {
        List<String> values = new ArrayList<>();
        if (vr == Vr.FL) {
            for (double value : decimals()) {
                values.add(Float.toString((float) value));
            }
        } else if (vr == Vr.FD) {
            for (double value : decimals()) {
                values.add(Double.toString(value));
            }
        } else if (vr == Vr.AT) {
            for (long value : integers()) {
                values.add(String.format("%08X", value));
            }
        } else {
            for (long value : integers()) {
                values.add(vr == Vr.UV ? Long.toUnsignedString(value) : Long.toString(value));
            }
        }
        return values;
    }

    /**
     * The values of IS, AT, US, SS, UL, SL, UV and SV as integers, and of DS, FL, FD where they are whole numbers. If a
     * single value is no such number there are none at all: half a vector is worse than none.
     */
    public long[] integers() {
        switch (vr) {
            case AT -> {
                // PS3.5 section 6.2: a pair of 16-bit numbers, group first.
                long[] tags = new long[length / 4];
                for (int i = 0; i < tags.length; i++) {
                    tags[i] = unsigned(4 * i, 2) << 16 | unsigned(4 * i + 2, 2);
                }
                return tags;
            }
            case US, SS, UL, SL, UV, SV -> {
                int unit = vr.unitBytes();
                int unusedBits = vr == Vr.SS || vr == Vr.SL ? 64 - 8 * unit : 0;
                long[] values = new long[length / unit];
                for (int i = 0; i < values.length; i++) {
                    values[i] = unsigned(i * unit, unit) << unusedBits >> unusedBits;
                }
                return values;
            }
            default -> {
                double[] decimals = decimals();
                long[] values = new long[decimals.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (long) decimals[i];
                    if (values[i] != decimals[i]) {
                        return new long[0];
                    }
                }
                return values;
            }
        }
    }

    /** The values as decimal numbers; all or, if a single one is missing or no finite number, none. */
    public double[] decimals() {
        switch (vr) {
            case FL -> {
                double[] values = new double[length / 4];
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.intBitsToFloat((int) unsigned(4 * i, 4));
                }
                return values;
            }
            case FD -> {
                double[] values = new double[length / 8];
                for (int i = 0; i < values.length; i++) {
                    values[i] = Double.longBitsToDouble(unsigned(8 * i, 8));
                }
                return values;
            }
            case US, SS, UL, SL, UV, SV, AT -> {
                return Arrays.stream(integers()).asDoubleStream().toArray();
            }
            default -> {
                return items.isEmpty() && fragments == null ? parseDecimals(strings()) : new double[0];
            }
        }
    }

    private static double[] parseDecimals(List<String> texts) {
        double[] values = new double[texts.size()];
        for (int i = 0; i < values.length; i++) {
            String text = texts.get(i);
            // Double.parseDouble also takes "NaN", "1d" and "0x1p3", which DS does not.
            for (int at = 0; at < text.length(); at++) {
                if ("0123456789+-.eE".indexOf(text.charAt(at)) < 0) {
                    return new double[0];
                }
            }
            try {
                values[i] = Double.parseDouble(text);
            } catch (NumberFormatException e) {
                return new double[0];
            }
        }
        return values;
    }

    private long unsigned(int from, int bytes) {
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << 8 | array[offset + from + i] & 0xFF;
        }
        return value;
    }

    /** The same element under another character set; null where that set cannot hold its text. */
    @Nullable
    Element under(CharacterSet other) {
        return other.encode(text())
                .map(bytes -> ofBytes(tag, vr, bytes, 0, bytes.length, other))
                .orElse(null);
    }

    /** Equal tag, VR and value; the bytes, not what they decode to, are compared. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Element that
                && tag == that.tag
                && vr == that.vr
                && Arrays.equals(array, offset, offset + length, that.array, that.offset, that.offset + that.length)
                && items.equals(that.items)
                && sameFragments(that);
    }

    private boolean sameFragments(Element that) {
        if (fragments == null || that.fragments == null) {
            return fragments == that.fragments;
        }
        return Arrays.deepEquals(fragments.toArray(), that.fragments.toArray());
    }

    @Override
    public int hashCode() {
        return 31 * tag + vr.hashCode();
    }

    /** Tag, VR and size, never the value: values may name a patient. */
    @Override
    public String toString() {
        String size = vr.isSequence()
                ? items.size() + " items"
                : isEncapsulated() ? fragments().size() + " fragments" : length + " bytes";
        return Dictionary.label(tag) + " " + vr + " " + size;
    }
}
