package walnut.dicom.part10;

import walnut.dicom.data.Dictionary;

/**
 * A departure from the standard that reading put up with.
 *
 * @param tag the element concerned, or 0 where it is the whole file
 */
public record ReadNotice(Kind kind, int tag) {
    /** What was wrong. */
    public enum Kind {
        MISSING_PREAMBLE("the file has no preamble and no DICM prefix"),
        MISSING_META_INFORMATION("the file has no group 0002"),
        MISSING_TRANSFER_SYNTAX("TransferSyntaxUID is missing; the encoding was found by looking"),
        WRONG_TRANSFER_SYNTAX("the data set is not encoded as TransferSyntaxUID says"),
        WRONG_META_INFORMATION_LENGTH("FileMetaInformationGroupLength is wrong"),
        ODD_LENGTH("the value length is odd"),
        TAGS_OUT_OF_ORDER("the element comes after one with a higher tag"),
        DUPLICATE_TAG("the element comes twice; the later one was kept"),
        UNKNOWN_VR("the VR is none of the standard's; read as UN"),
        MISSING_VR("an element of an Explicit VR data set has no VR; read as Implicit VR"),
        WRONG_VR("the value is a sequence where its VR is another, or none where its VR is SQ"),
        UNKNOWN_CHARACTER_SET(
                "SpecificCharacterSet names none of the standard's terms; read as the default repertoire"),
        LONG_VALUE_PASSED_OVER("the value is longer than what was asked for; the element was passed over"),
        STRAY_DELIMITER("a delimiter stands where nothing is open"),
        TRAILING_BYTES("bytes that are no element follow the data set");

        private final String meaning;

        Kind(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    /** A sentence for people. */
    public String sentence() {
        return tag == 0 ? kind.meaning : Dictionary.label(tag) + ": " + kind.meaning;
    }
}
