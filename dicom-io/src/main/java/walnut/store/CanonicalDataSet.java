package walnut.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Dictionary;
import walnut.dicom.data.Element;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Vr;
import walnut.dicom.part10.DataSetReader;
import walnut.digest.Sha256;
import walnut.failure.WalnutException;

/**
 * What a data set says, apart from how it is encoded. Two data sets with one canonical digest are one instance sent twice:
 * Explicit or Implicit VR, either byte order, deflated or not, defined or undefined lengths, group lengths, trailing
 * padding and the padding of values make no difference. A VR makes none either, since Implicit VR does not carry it.
 *
 * <p>Layout version 1, in ascending order of tags, integers big-endian:
 *
 * <pre>
 * value       tag 4, 'V', length 8, bytes with little-endian units
 * sequence    tag 4, 'S', number of items 8, per item: its elements, 'E'
 * fragments   tag 4, 'F', number of fragments 8, per fragment: length 8, bytes
 * </pre>
 *
 * Left out: (gggg,0000) group lengths and (FFFC,FFFC) Data Set Trailing Padding. A value whose tag the dictionary knows as
 * text loses its trailing spaces and NULs; another value of odd length counts as padded with a zero byte. An empty sequence
 * is an empty value. A private element of VR UN that holds items is a sequence (PS3.5 section 6.2.2). Text is not
 * converted: another SpecificCharacterSet is another header.
 */
final class CanonicalDataSet {
    private static final byte[] LAYOUT = "walnut-canonical-1\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BEGIN_OF_ITEM = {(byte) 0xFE, (byte) 0xFF, 0x00, (byte) 0xE0};

    private final MessageDigest digest = Sha256.begin();
    private final ByteBuffer head = ByteBuffer.allocate(4 + 1 + 8);

    private CanonicalDataSet() {}

    /** Lower-case hexadecimal SHA-256 over the layout above. */
    static String sha256(DataSet dataSet) {
        CanonicalDataSet canonical = new CanonicalDataSet();
        canonical.digest.update(LAYOUT);
        canonical.add(dataSet);
        return Sha256.hex(canonical.digest);
    }

    private void add(DataSet dataSet) {
        for (Element element : dataSet) {
            if ((element.tag() & 0xFFFF) != 0 && element.tag() != Tag.DataSetTrailingPadding) {
                add(element);
            }
        }
    }

    private void add(Element element) {
        if (element.isEncapsulated()) {
            head(element.tag(), 'F', element.fragments().size());
            for (byte[] fragment : element.fragments()) {
                length(fragment.length);
                digest.update(fragment);
            }
            return;
        }
        List<DataSet> items = items(element);
        if (items.isEmpty()) {
            value(element);
            return;
        }
        head(element.tag(), 'S', items.size());
        for (DataSet item : items) {
            add(item);
            digest.update((byte) 'E');
        }
    }

    private void value(Element element) {
        if (element.vr().isSequence()) {
            head(element.tag(), 'V', 0);
            return;
        }
        byte[] array = element.array();
        int from = element.arrayOffset();
        int length = element.length();
        if (Dictionary.vr(element.tag()).isText()) {
            while (length > 0 && (array[from + length - 1] == ' ' || array[from + length - 1] == 0)) {
                length--;
            }
            head(element.tag(), 'V', length);
            digest.update(array, from, length);
            return;
        }
        int padding = length & 1;
        head(element.tag(), 'V', (long) length + padding);
        digest.update(array, from, length);
        if (padding == 1) {
            digest.update((byte) 0);
        }
    }

    private static List<DataSet> items(Element element) {
        if (element.vr().isSequence()) {
            return element.items();
        }
        boolean holdsItems = element.vr() == Vr.UN
                && element.length() >= 8
                && ByteBuffer.wrap(element.array(), element.arrayOffset(), 4).equals(ByteBuffer.wrap(BEGIN_OF_ITEM));
        return holdsItems ? itemsWithin(element) : List.of();
    }

    /** Reads the value as the one sequence of an Implicit VR data set; no items where it is none after all. */
    private static List<DataSet> itemsWithin(Element element) {
        int tag = Tag.ReferencedImageSequence;
        ByteBuffer implicit = ByteBuffer.allocate(8 + element.length())
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putShort((short) (tag >>> 16))
                .putShort((short) tag)
                .putInt(element.length())
                .put(element.array(), element.arrayOffset(), element.length());
        try {
            return DataSetReader.read(implicit.array(), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN)
                    .items(tag);
        } catch (WalnutException bytesOfSomebodysOwn) {
            return List.of();
        }
    }

    private void head(int tag, char kind, long count) {
        digest.update(head.clear().putInt(tag).put((byte) kind).putLong(count).flip());
    }

    private void length(long count) {
        digest.update(head.clear().putLong(count).flip());
    }
}
