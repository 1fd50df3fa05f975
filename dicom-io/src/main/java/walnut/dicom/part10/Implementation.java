package walnut.dicom.part10;

/** How Walnut names itself in files (PS3.10 section 7.1) and in association requests (PS3.7 annex D.3.3.2). */
public final class Implementation {
    /** A UUID-derived UID (PS3.5 annex B.2), made once for this implementation. */
    public static final String CLASS_UID = "2.25.178386225034537887931845692312526831005";

    /** At most 16 characters. */
    public static final String VERSION_NAME = "WALNUT_0.1";

    private Implementation() {}
}
