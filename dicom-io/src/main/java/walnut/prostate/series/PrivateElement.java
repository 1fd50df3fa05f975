package walnut.prostate.series;

import java.util.Optional;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Element;

/** Private elements of data sets that went through archives. */
final class PrivateElement {
    private static final int FIRST_BLOCK = 0x10;

    private PrivateElement() {}

    /**
     * The element of the block that this creator reserved; where nobody reserved the first block, the element in it, since
     * some archives drop creators and keep what they reserved. For data sets whose maker is known.
     */
    static Optional<Element> evenOrphaned(DataSet place, String creator, int group, int elementLowByte) {
        Optional<Element> reserved = place.privateElement(creator, group, elementLowByte);
        boolean orphaned = place.string(group << 16 | FIRST_BLOCK).isEmpty();
        return reserved.isPresent() || !orphaned
                ? reserved
                : place.element(group << 16 | FIRST_BLOCK << 8 | elementLowByte);
    }
}
