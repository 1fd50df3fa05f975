package walnut.dicom.object;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import walnut.digest.Sha256;

/**
 * UIDs made from what they name, so that the same thing has the same UID whenever it is written.
 *
 * <p>Under 2.25 (PS3.5 B.2): the first 16 bytes of a SHA-256 as a version 8 UUID (RFC 9562 section 5.8).
 */
public final class DerivedUid {
    private DerivedUid() {}

    /**
     * @param parts what is named, from the general to the particular; none may hold a line break, which separates them in
     *     the digest
     */
    public static String of(Object... parts) {
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            text.append(part).append('\n');
        }
        return ofText(text.toString());
    }

    /** The UID of a whole text that names something. */
    public static String ofText(String text) {
        byte[] uuid = new byte[16];
        System.arraycopy(Sha256.begin().digest(text.getBytes(StandardCharsets.UTF_8)), 0, uuid, 0, 16);
        uuid[6] = (byte) (uuid[6] & 0x0f | 0x80);
        uuid[8] = (byte) (uuid[8] & 0x3f | 0x80);
        return "2.25." + new BigInteger(1, uuid);
    }
}
