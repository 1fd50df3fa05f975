package walnut.dicom.object;

import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;

/**
 * A coded concept (PS3.3 section 8.8): value, designator of its coding scheme, and meaning in words. A value of more than
 * 16 characters is written as LongCodeValue.
 */
public record CodedConcept(String value, String scheme, String meaning) {
    private static final int LONGEST_SH = 16;
    private static final int LONGEST_LO = 64;

    public CodedConcept {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a coded concept has a value");
        }
        if (scheme.isEmpty() || scheme.length() > LONGEST_SH) {
            throw new IllegalArgumentException("a coding scheme designator has 1 to 16 characters, got " + scheme);
        }
        if (meaning.isEmpty() || meaning.length() > LONGEST_LO) {
            throw new IllegalArgumentException("a code meaning has 1 to 64 characters, got " + meaning);
        }
    }

    static CodedConcept dcm(String value, String meaning) {
        return new CodedConcept(value, "DCM", meaning);
    }

    static CodedConcept sct(String value, String meaning) {
        return new CodedConcept(value, "SCT", meaning);
    }

    static CodedConcept ucum(String value, String meaning) {
        return new CodedConcept(value, "UCUM", meaning);
    }

    DataSet item() {
        return DataSet.builder()
                .putString(value.length() > LONGEST_SH ? Tag.LongCodeValue : Tag.CodeValue, value)
                .putString(Tag.CodingSchemeDesignator, scheme)
                .putString(Tag.CodeMeaning, meaning)
                .build();
    }
}
