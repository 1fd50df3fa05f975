package walnut.dicom.part10;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import walnut.dicom.data.CharacterSet;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Dictionary;
import walnut.dicom.data.Element;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Vr;
import walnut.dicom.part10.ReadNotice.Kind;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Elements out of bytes (PS3.5 sections 7.1 and 7.5):
 *
 * <pre>
 * Explicit VR, short   group 2, element 2, VR 2, length 2, value          Table 7.1-2
 * Explicit VR, long    group 2, element 2, VR 2, 0000H 2, length 4, value Table 7.1-1
 * Implicit VR          group 2, element 2, length 4, value                Table 7.1-3
 * item, delimiter      group 2, element 2, length 4                       section 7.5
 * </pre>
 *
 * A length of FFFFFFFFH is undefined: a delimiter ends the value.
 */
final class DataSetParser {
    private static final int ITEM = 0xFFFEE000;
    private static final int ITEM_DELIMITATION = 0xFFFEE00D;
    private static final int SEQUENCE_DELIMITATION = 0xFFFEE0DD;
    private static final long UNDEFINED = 0xFFFFFFFFL;
    private static final long UNBOUNDED = Long.MAX_VALUE;

    /** How the elements at hand are laid out; an UN sequence within Explicit VR turns to Implicit VR. */
    private record Layout(boolean explicitVr, boolean bigEndian) {
        static final Layout IMPLICIT_LITTLE_ENDIAN = new Layout(false, false);
    }

    /** What items take over from the data set around them. */
    private record Surroundings(CharacterSet characterSet, boolean signedPixels, int depth) {
        Surroundings deeper() {
            return new Surroundings(characterSet, signedPixels, depth + 1);
        }
    }

    private final ByteSource source;
    private final ReadOptions options;
    private final NoticeLog notices;
    private int elements;

    DataSetParser(ByteSource source, ReadOptions options, NoticeLog notices) {
        this.source = source;
        this.options = options;
        this.notices = notices;
    }

    /** The data set from here to the end of the source, or to where the options say stop. */
    DataSet dataSet(TransferSyntax syntax) throws IOException {
        return untilStop(new Layout(syntax.explicitVr(), syntax.bigEndian()), options.stopBefore());
    }

    /**
     * Group 0002, which is Explicit VR Little Endian whatever follows (PS3.10 section 7.1). What follows may be deflated,
     * and begin with any bytes: the group ends at the first that are no element of it.
     */
    DataSet metaInformation() throws IOException {
        ElementLoop loop =
                new ElementLoop(new Layout(true, false), UNBOUNDED, new Surroundings(CharacterSet.DEFAULT, false, 0));
        while (hasElement() && source.peekUnsignedShort(0, false) == 0x0002 && (loop.last == 0 || explicitVrAhead())) {
            loop.next(source.peekTag(0, false));
        }
        return loop.dataSet.build();
    }

    private boolean explicitVrAhead() throws IOException {
        return Vr.of(source.peek(4), source.peek(5)) != null;
    }

    private DataSet untilStop(Layout layout, int stopBefore) throws IOException {
        ElementLoop loop = new ElementLoop(layout, UNBOUNDED, new Surroundings(CharacterSet.DEFAULT, false, 0));
        while (hasElement()) {
            int tag = source.peekTag(0, layout.bigEndian);
            if (Integer.compareUnsigned(tag, stopBefore) >= 0) {
                break;
            }
            if (tag == 0 && loop.last != 0 && source.peekLength(4, false) == 0) {
                notices.add(Kind.TRAILING_BYTES, 0);
                break;
            }
            if (tag == ITEM_DELIMITATION || tag == SEQUENCE_DELIMITATION) {
                notices.add(Kind.STRAY_DELIMITER, tag);
                source.pass(8);
                continue;
            }
            loop.next(tag);
        }
        return loop.dataSet.build();
    }

    /** Whether another element header follows; fewer than eight bytes are padding if they are zero, else a torn end. */
    private boolean hasElement() throws IOException {
        if (source.has(8)) {
            return true;
        }
        int left = 0;
        while (source.has(left + 1)) {
            if (source.peek(left) != 0) {
                throw ByteSource.truncated(source.position(), 8);
            }
            left++;
        }
        if (left > 0) {
            notices.add(Kind.TRAILING_BYTES, 0);
        }
        return false;
    }

    private DataSet item(Layout layout, long length, long end, Surroundings surroundings) throws IOException {
        boolean delimited = length == UNDEFINED;
        ElementLoop loop = new ElementLoop(layout, delimited ? end : source.position() + length, surroundings);
        while (delimited || source.position() < loop.end) {
            need(8, loop.end);
            int tag = source.peekTag(0, layout.bigEndian);
            if (tag == ITEM_DELIMITATION) {
                source.pass(8);
                if (delimited) {
                    break;
                }
                notices.add(Kind.STRAY_DELIMITER, tag);
                continue;
            }
            loop.next(tag);
        }
        return loop.dataSet.build();
    }

    /** The elements of one data set or item, one after the other. */
    private final class ElementLoop {
        final Layout layout;
        final long end;
        final DataSet.Builder dataSet;
        Surroundings inside;

        /** The highest tag so far. */
        int last;

        ElementLoop(Layout layout, long end, Surroundings surroundings) {
            this.layout = layout;
            this.end = end;
            this.dataSet = DataSet.builder(surroundings.characterSet);
            this.inside = surroundings;
        }

        void next(int tag) throws IOException {
            count();
            Element element = element(tag, layout, end, inside);
            if (element == null) {
                return;
            }
            if (Integer.compareUnsigned(tag, last) > 0) {
                last = tag;
            } else {
                boolean again = dataSet.contains(tag);
                if (again || tag != last) {
                    notices.add(again ? Kind.DUPLICATE_TAG : Kind.TAGS_OUT_OF_ORDER, tag);
                }
            }
            dataSet.put(element);
            if (tag == Tag.SpecificCharacterSet) {
                CharacterSet named = CharacterSet.of(element.strings());
                if (!named.isKnown()) {
                    notices.add(Kind.UNKNOWN_CHARACTER_SET, tag);
                }
                inside = new Surroundings(named, inside.signedPixels, inside.depth);
            } else if (tag == Tag.PixelRepresentation && element.length() == 2) {
                boolean signed = element.integers()[0] == 1;
                inside = new Surroundings(inside.characterSet, signed, inside.depth);
            }
        }
    }

    private void count() {
        if (++elements > options.maxElements()) {
            throw new WalnutException(
                    FailureCode.DATASET_TOO_LARGE,
                    "the data set has more than the limit of " + options.maxElements() + " elements");
        }
    }

    /** One element whose eight first bytes are buffered; null where it was passed over. */
    private @Nullable Element element(int tag, Layout layout, long end, Surroundings surroundings) throws IOException {
        if (tag >>> 16 == 0xFFFE) {
            throw malformed(tag, "an item or delimiter stands where an element should");
        }
        Vr vr = null;
        Layout inner = layout;
        long length;
        if (layout.explicitVr) {
            int first = source.peek(4);
            int second = source.peek(5);
            vr = Vr.of(first, second);
            if (vr == null && first >= 'A' && first <= 'Z' && second >= 'A' && second <= 'Z') {
                // PS3.5 section 6.2: VRs to come will have the long header.
                notices.add(Kind.UNKNOWN_VR, tag);
                vr = Vr.UN;
            }
        }
        if (vr == null) {
            if (layout.explicitVr) {
                notices.add(Kind.MISSING_VR, tag);
                inner = new Layout(false, layout.bigEndian);
            }
            length = source.peekLength(4, layout.bigEndian);
            source.pass(8);
            vr = implicitVr(tag, surroundings);
        } else if (vr.hasLongHeader()) {
            need(12, end);
            length = source.peekLength(8, layout.bigEndian);
            source.pass(12);
        } else {
            length = source.peekUnsignedShort(6, layout.bigEndian);
            source.pass(8);
        }
        return length == UNDEFINED
                ? delimited(tag, vr, inner, end, surroundings)
                : defined(tag, vr, length, inner, end, surroundings);
    }

    /** The dictionary's VR; where that leaves a choice, PS3.5 section A.1 or PixelRepresentation decides. */
    private static Vr implicitVr(int tag, Surroundings surroundings) {
        Vr vr = Dictionary.vr(tag);
        if (vr == Vr.OB && allows(tag, Vr.OW)) {
            return Vr.OW;
        }
        if (vr == Vr.US && surroundings.signedPixels && allows(tag, Vr.SS)) {
            return Vr.SS;
        }
        return vr;
    }

    private static boolean allows(int tag, Vr vr) {
        return Dictionary.find(tag).map(entry -> entry.vrs().contains(vr)).orElse(false);
    }

    private Element delimited(int tag, Vr vr, Layout layout, long end, Surroundings surroundings) throws IOException {
        boolean bytes = vr == Vr.OB || vr == Vr.OW;
        if (bytes || tag == Tag.PixelData) {
            return fragments(tag, bytes ? vr : Vr.OB, layout, end);
        }
        if (vr == Vr.UN && layout.explicitVr) {
            // PS3.5 section 6.2.2: an UN sequence of undefined length is Implicit VR Little Endian within.
            return sequence(tag, Layout.IMPLICIT_LITTLE_ENDIAN, UNDEFINED, end, surroundings);
        }
        if (vr != Vr.SQ && vr != Vr.UN) {
            notices.add(Kind.WRONG_VR, tag);
        }
        return sequence(tag, layout, UNDEFINED, end, surroundings);
    }

    private @Nullable Element defined(int tag, Vr vr, long length, Layout layout, long end, Surroundings surroundings)
            throws IOException {
        if (length > end - source.position()) {
            throw malformed(tag, "its " + length + " bytes reach beyond the item that it belongs to");
        }
        if (vr == Vr.SQ) {
            if (layout.explicitVr || length == 0 || beginsLikeSequence(layout)) {
                return sequence(tag, layout, length, end, surroundings);
            }
            // The dictionary says SQ, but somebody of old used the tag for something else.
            notices.add(Kind.WRONG_VR, tag);
            if (length > options.longestKeptBytes()) {
                return passOver(tag, length);
            }
            source.take(length, options.maxValueBytes());
            return Element.ofBytes(
                    tag, Vr.UN, source.taken(), source.takenOffset(), (int) length, surroundings.characterSet);
        }
        if (length > options.longestKeptBytes()) {
            return passOver(tag, length);
        }
        source.take(length, options.maxValueBytes());
        if ((length & 1) != 0) {
            notices.add(Kind.ODD_LENGTH, tag);
        }
        byte[] array = source.taken();
        int offset = source.takenOffset();
        int count = (int) length;
        if (vr == Vr.UN && count > 0) {
            return recognised(tag, array, offset, count, surroundings);
        }
        if (layout.bigEndian && vr.unitBytes() > 1) {
            array = swapped(array, offset, count, vr.unitBytes());
            offset = 0;
        }
        return Element.ofBytes(tag, vr, array, offset, count, surroundings.characterSet);
    }

    private @Nullable Element passOver(int tag, long length) throws IOException {
        notices.add(Kind.LONG_VALUE_PASSED_OVER, tag);
        source.passOver(length);
        return null;
    }

    private boolean beginsLikeSequence(Layout layout) throws IOException {
        int tag = source.has(8) ? source.peekTag(0, layout.bigEndian) : ITEM;
        return tag == ITEM || tag == SEQUENCE_DELIMITATION;
    }

    /** An UN element whose VR the dictionary knows: its value is as Implicit VR Little Endian would have it. */
    private Element recognised(int tag, byte[] array, int offset, int length, Surroundings surroundings)
            throws IOException {
        Vr vr = implicitVr(tag, surroundings);
        if (vr == Vr.SQ) {
            try {
                ByteSource bytes = ByteSource.of(array, offset, length);
                DataSetParser parser = new DataSetParser(bytes, options, notices);
                parser.elements = elements;
                Element sequence = parser.sequence(tag, Layout.IMPLICIT_LITTLE_ENDIAN, length, length, surroundings);
                elements = parser.elements;
                return sequence;
            } catch (WalnutException e) {
                if (e.code() == FailureCode.DATASET_TOO_LARGE) {
                    throw e;
                }
                vr = Vr.UN; // bytes of somebody's own: kept as they are
            }
        } else if (length % vr.unitBytes() != 0) {
            vr = Vr.UN;
        }
        return Element.ofBytes(tag, vr, array, offset, length, surroundings.characterSet);
    }

    private Element sequence(int tag, Layout layout, long length, long end, Surroundings surroundings)
            throws IOException {
        if (surroundings.depth >= options.maxDepth()) {
            throw malformed(tag, "sequences are nested deeper than the limit of " + options.maxDepth());
        }
        boolean delimited = length == UNDEFINED;
        long sequenceEnd = delimited ? end : source.position() + length;
        source.checkHolds(delimited ? 0 : length);
        Surroundings inside = surroundings.deeper();
        List<DataSet> items = new ArrayList<>(2);
        while (delimited || source.position() < sequenceEnd) {
            need(8, sequenceEnd);
            int itemTag = source.peekTag(0, layout.bigEndian);
            long itemLength = source.peekLength(4, layout.bigEndian);
            if (itemTag == ITEM) {
                count();
                source.pass(8);
                if (itemLength != UNDEFINED && itemLength > sequenceEnd - source.position()) {
                    throw malformed(tag, "an item reaches beyond its sequence");
                }
                items.add(item(layout, itemLength, sequenceEnd, inside));
            } else if (itemTag == SEQUENCE_DELIMITATION) {
                source.pass(8);
                if (delimited) {
                    break;
                }
                notices.add(Kind.STRAY_DELIMITER, tag);
            } else {
                throw malformed(tag, "neither an item nor the end of the sequence where one must be");
            }
        }
        return Element.ofItems(tag, items);
    }

    /** PS3.5 section A.4: items of bytes, the first of them the Basic Offset Table. */
    private Element fragments(int tag, Vr vr, Layout layout, long end) throws IOException {
        List<byte[]> fragments = new ArrayList<>();
        while (true) {
            need(8, end);
            int itemTag = source.peekTag(0, layout.bigEndian);
            long length = source.peekLength(4, layout.bigEndian);
            if (itemTag == SEQUENCE_DELIMITATION) {
                source.pass(8);
                return Element.ofFragments(tag, vr, fragments);
            }
            if (itemTag != ITEM || length == UNDEFINED) {
                throw malformed(tag, "neither a fragment nor the end of the fragments where one must be");
            }
            count();
            source.pass(8);
            source.take(length, options.maxValueBytes());
            int offset = source.takenOffset();
            fragments.add(Arrays.copyOfRange(source.taken(), offset, offset + (int) length));
        }
    }

    private static byte[] swapped(byte[] array, int offset, int length, int unit) {
        byte[] swapped = Arrays.copyOfRange(array, offset, offset + length);
        for (int from = 0; from + unit <= length; from += unit) {
            for (int i = 0; i < unit; i++) {
                swapped[from + i] = array[offset + from + unit - 1 - i];
            }
        }
        return swapped;
    }

    private void need(int count, long end) throws IOException {
        if (count > end - source.position()) {
            throw malformed(0, "an element header reaches beyond its item, near byte " + source.position());
        }
        source.need(count);
    }

    private WalnutException malformed(int tag, String problem) {
        String place = tag == 0 ? "" : Dictionary.label(tag) + " near byte " + source.position() + ": ";
        return new WalnutException(FailureCode.MALFORMED_DATASET, place + problem);
    }
}
