package walnut.dicom.data;

import org.jspecify.annotations.Nullable;

/** A value representation (PS3.5 section 6.2): how the bytes of a value are to be understood. */
public enum Vr {
    AE(Form.TEXT, 1, true),
    AS(Form.TEXT, 1, true),
    AT(Form.BINARY, 2, true),
    CS(Form.TEXT, 1, true),
    DA(Form.TEXT, 1, true),
    DS(Form.TEXT, 1, true),
    DT(Form.TEXT, 1, true),
    FD(Form.BINARY, 8, true),
    FL(Form.BINARY, 4, true),
    IS(Form.TEXT, 1, true),
    LO(Form.LOCAL_TEXT, 1, true),
    LT(Form.LOCAL_TEXT, 1, false),
    OB(Form.BINARY, 1, false),
    OD(Form.BINARY, 8, false),
    OF(Form.BINARY, 4, false),
    OL(Form.BINARY, 4, false),
    OV(Form.BINARY, 8, false),
    OW(Form.BINARY, 2, false),
    PN(Form.LOCAL_TEXT, 1, true),
    SH(Form.LOCAL_TEXT, 1, true),
    SL(Form.BINARY, 4, true),
    SQ(Form.ITEMS, 1, false),
    SS(Form.BINARY, 2, true),
    ST(Form.LOCAL_TEXT, 1, false),
    SV(Form.BINARY, 8, true),
    TM(Form.TEXT, 1, true),
    UC(Form.LOCAL_TEXT, 1, true),
    UI(Form.TEXT, 1, true),
    UL(Form.BINARY, 4, true),
    UN(Form.BINARY, 1, false),
    UR(Form.TEXT, 1, false),
    US(Form.BINARY, 2, true),
    UT(Form.LOCAL_TEXT, 1, false),
    UV(Form.BINARY, 8, true);

    private enum Form {
        /** Characters of the default repertoire only. */
        TEXT,
        /** Characters of the repertoire that SpecificCharacterSet names. */
        LOCAL_TEXT,
        BINARY,
        ITEMS
    }

    private static final @Nullable Vr[] BY_CODE = new @Nullable Vr[26 * 26];

    static {
        for (Vr vr : values()) {
            BY_CODE[index(vr.name().charAt(0), vr.name().charAt(1))] = vr;
        }
    }

    private final Form form;
    private final int unitBytes;
    private final boolean multiValued;

    Vr(Form form, int unitBytes, boolean multiValued) {
        this.form = form;
        this.unitBytes = unitBytes;
        this.multiValued = multiValued;
    }

    /** The VR of this two-letter code, or null where the standard has none (a later VR, or no VR at all). */
    public static @Nullable Vr of(int first, int second) {
        if (first < 'A' || first > 'Z' || second < 'A' || second > 'Z') {
            return null;
        }
        return BY_CODE[index(first, second)];
    }

    private static int index(int first, int second) {
        return (first - 'A') * 26 + second - 'A';
    }

    public boolean isText() {
        return form == Form.TEXT || form == Form.LOCAL_TEXT;
    }

    /** Whether SpecificCharacterSet (0008,0005) applies to values of this VR (PS3.5 section 6.1.2.3). */
    public boolean usesSpecificCharacterSet() {
        return form == Form.LOCAL_TEXT;
    }

    public boolean isSequence() {
        return form == Form.ITEMS;
    }

    /** Bytes that trade places between little and big endian: 1 where the byte order does not matter. */
    public int unitBytes() {
        return unitBytes;
    }

    /** Whether a backslash, or the next unit of a binary value, begins another value. */
    public boolean isMultiValued() {
        return multiValued;
    }

    /** Whether Explicit VR writes this VR with two reserved bytes and a 32-bit length (PS3.5 Table 7.1-1). */
    public boolean hasLongHeader() {
        return switch (this) {
            case OB, OD, OF, OL, OV, OW, SQ, SV, UC, UN, UR, UT, UV -> true;
            default -> false;
        };
    }

    /** What makes a value of odd length even: NUL for UIDs and bytes, else a space (PS3.5 section 6.2). */
    public byte padding() {
        return (byte) (isText() && this != UI ? ' ' : 0);
    }
}
